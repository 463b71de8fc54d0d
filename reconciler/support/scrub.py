"""Take everything out of a text that must not be sent away: secrets that are known, what looks like one, and others.

Who wrote the text is not trusted, and what a secret looks like is not always known. So what may be one is masked, too:
a line that says less is better than one that says too much.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final

from ..model.secret import MASK, Secret, WideMask

OTHER: Final = "(another customer)"
LONGEST_LINE: Final = 1 << 14
"""Characters of one line; what follows is left out."""
_ESCAPE: Final = re.compile(
    r"\x1b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]?|\][^\x07\x1b\n]{0,512}(?:\x07|\x1b\\)?|[ -/]{0,8}[0-~]?)"
)
"""Control sequences and titles of windows, by ECMA-48."""
_INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff]"
)
"""Controls, and characters that show nothing: one of them within a secret would hide it from what looks for it."""
_PRIVATE_KEY: Final = re.compile(
    r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY-----(?:[^-]{0,16384}-----END [A-Z0-9 ]{0,40}PRIVATE KEY-----"
    r"|(?:(?:\s|\\n|\\r)*+[A-Za-z0-9+/=]{16,}+)*+)",
    re.IGNORECASE,
)
"""Also where its end is missing: then with what looks like lines of it."""

_NAMES: Final = (
    "token|passw(?:or)?d|passphrase|secret|uuid|enterprise|contract|session|api_?key|auth_?key|psk|authori[sz]ation|"
    "pairing_?code|cookie|signature|credential|private_?key|pin_?code|(?<![a-z])(?:pass|pwd)(?![a-z])"
)
_NAMED: Final = rf"(?<![\w.-])(?!(?:ERR_)?IOT_HTTPS_[A-Z])([\w.-]{{0,64}}(?:{_NAMES})[\w.-]{{0,40}})"
_IS: Final = r"\\?[\"']?\s{0,4}(?:[:=]|=>)\s{0,4}"
_PATTERNS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (
        re.compile(
            r"(?im)\b((?:proxy-)?authorization|(?:set-)?cookie|x-[\w-]{1,40}-(?:token|key))\b([\"']?\s{0,4}[:=]).*$"
        ),
        rf"\1\2 {MASK}",
    ),
    (re.compile(rf"(?i){_NAMED}({_IS}[bu]?\\?)([\"'])(?:(?!\3)[^\n\\]|\\[^\n])*+\\?\3?"), rf"\1\2\3{MASK}\3"),
    (re.compile(rf"(?i){_NAMED}({_IS})(?![\"'\s])[^\s,;&|<>()\[\]{{}}]++"), rf"\1\2{MASK}"),
    (
        re.compile(
            r"(?i)\b((?:--?[\w-]{0,20})?(?:auth)?(?:token|password|passwd|passphrase|psk))"
            r"((?: (?:for|of) \S{1,64})?(?: (?:is|was|to))? {1,4})[\"']?(?!\*{8})[^\s\"',;]+"
        ),
        rf"\1\2{MASK}",
    ),
    (re.compile(r"(https?://[^\s|\"']{1,200})\|[^\s\"']{1,2000}"), rf"\1|{MASK}"),
    (re.compile(r"(?i)\b([a-z][a-z0-9+.-]{1,16}://)[^\s/@\"']{1,200}@"), rf"\1{MASK}@"),
    (re.compile(r"(?i)(?<![0-9a-f])[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}(?![0-9a-f])"), MASK),
    (re.compile(r"(?i)(?<![0-9a-f:])[0-9a-f]{40}(?![0-9a-f])"), MASK),
    (re.compile(r"\$(?:[1-9]|2[abxy]|g?y|sha1|sha256|argon2[a-z]*|scrypt|pbkdf2[\w-]*+)\$[\w./$=,+-]{8,}+"), MASK),
    (re.compile(r"(?i)\b(bearer) {1,4}[\w.~+/-]{8,}+={0,2}"), rf"\1 {MASK}"),
    (re.compile(r"\beyJ[\w-]{4,}+\.[\w.-]*+"), MASK),
    (re.compile(r"\bM\d{10,16}\b"), MASK),
    (
        re.compile(
            r"(?<![A-Za-z0-9+/_=-])(?=[A-Za-z0-9+/_-]{0,64}\d)(?=[A-Za-z0-9+/_-]{0,64}[A-Z])(?=[A-Za-z0-9+/_-]{0,64}[a-z])"
            r"[A-Za-z0-9][A-Za-z0-9+/_-]{31,}+={0,2}"
        ),
        MASK,
    ),
)
"""What stands behind a name that promises a secret: in headers, quoted, bare, in a sentence. A connection token of the
older form, a login within an address; UUIDs, session ids, hashes of passwords (crypt(5), and those of Odoo), keys of
HTTP, JSON web tokens, contract numbers, and anything long that mixes letters and digits as keys do. Each is bounded or
possessive, so that no text makes it slow."""
_SECRET_KEY: Final = re.compile(rf"(?i)(?:{_NAMES})")
_WORD: Final = re.compile(r"[^\W_]+")


class Scrubber:
    """Cleans every text of one bundle."""

    def __init__(self, secrets: Iterable[Secret | None], others: Iterable[str], own: Iterable[str]) -> None:
        """Prepare.

        Args:
            secrets: all that the inventory knows, and what was seen on the box.
            others: names of other customers: their groups, stores, boxes and servers.
            own: names of the box's own customer, which stay.
        """
        self._mask = WideMask(*(each for each in secrets if each))
        kept = {each.lower() for each in own}
        self._names: dict[str, list[str]] = {}
        for name in sorted({each.lower() for each in others} - kept, key=len, reverse=True):
            if (first := _WORD.search(name)) is not None:
                self._names.setdefault(first[0], []).append(name[first.start() :])

    def of(self, text: str) -> str:
        """Return a foreign text that may be sent away."""
        text = self._mask.of(text)  # before, too: a sequence in front of a secret takes its first letter with it
        text = _INVISIBLE.sub("", _ESCAPE.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
        text = _PRIVATE_KEY.sub(f"(private key) {MASK}", text)
        text = "\n".join(map(_cut, self._mask.of(text).split("\n")))
        for pattern, instead in _PATTERNS:
            text = pattern.sub(instead, text)
        return self._without_others(text)

    def ours(self, text: str) -> str:
        """Return a text of ours, in which nothing is masked but what is known."""
        return self._without_others(self._mask.of(_INVISIBLE.sub("", text)))

    def of_bytes(self, content: bytes) -> str:
        """Return the same for a file that may hold anything."""
        return self.of(content.decode("utf-8", errors="replace"))

    def of_data(self, value: Any) -> Any:
        """Return data with every text in it cleaned, and nothing below a key that promises a secret."""
        if isinstance(value, str):
            return self.of(value)
        if isinstance(value, list | tuple):
            return [self.of_data(each) for each in value]
        if isinstance(value, dict):
            return {self.of(str(key)): self._below(str(key), each) for key, each in value.items()}
        return value

    def _below(self, key: str, value: Any) -> Any:
        if isinstance(value, str) and value and _SECRET_KEY.search(key):
            return MASK
        return self.of_data(value)

    def _without_others(self, text: str) -> str:
        """Replace names as whole words, found by their first word, however many there are."""
        if not self._names:
            return text
        lower, parts, at = text.lower(), [], 0
        if len(lower) != len(text):  # a letter that is longer in small: no place would be right
            text = lower
        for word in _WORD.finditer(lower):
            if word.start() < at:
                continue
            name = next((each for each in self._names.get(word[0], ()) if _stands(lower, each, word.start())), None)
            if name is not None:
                parts += [text[at : word.start()], OTHER]
                at = word.start() + len(name)
        return "".join((*parts, text[at:]))


def _stands(text: str, name: str, at: int) -> bool:
    end = at + len(name)
    return text.startswith(name, at) and not text[end : end + 1].isalnum()


def _cut(line: str) -> str:
    """Cut a line that is longer than any reader needs, at a place from which no half of a secret is left."""
    if len(line) <= LONGEST_LINE:
        return line
    kept = line[:LONGEST_LINE].rpartition(" ")[0]
    return f"{kept} (a line of {len(line)} characters, cut)"


Clean = Callable[[str], str]
"""Makes a text fit to be sent away."""
