"""Files of known host keys, read once per process and asked by name and by key.

asyncssh has a reader of its own. This one is apart from it because a box is known by its inventory name and by nothing
else (asyncssh would accept a key that is known for the box's address, and DHCP hands addresses around), because one
malformed line must not stop a fleet, and because a person has to be told where an old key stands and whose the
presented one is. The format is that of sshd(8), section SSH_KNOWN_HOSTS FILE FORMAT.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hmac
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

_MARKERS = ("@cert-authority", "@revoked")
_FEWEST_FIELDS = 3
_HASHED_PARTS = 4
_SPECIAL = re.compile(r"[*?!]")

Stamp = tuple[str, int, int]
"""A file as it was when it was looked at: path, time of change in ns, bytes."""


@dataclass(frozen=True, slots=True)
class KnownHost:
    """One line: `hosts` as written, `marker` with its `@` or empty, `key` as `type base64`."""

    hosts: str
    marker: str
    key: str
    file: str
    line: int

    @property
    def place(self) -> str:
        """File and line, as editors take it."""
        return f"{self.file}:{self.line}"

    @property
    def is_hashed(self) -> bool:
        """Whether names can be tried but not read."""
        return self.hosts.startswith("|")

    def matches(self, name: str) -> bool:
        """Tell whether this line is about a host of that name."""
        if self.is_hashed:
            return _hash_matches(self.hosts, name) or _hash_matches(self.hosts, name.lower())
        patterns = self.hosts.lower().split(",")
        if any(each.startswith("!") and _pattern(each[1:]).fullmatch(name.lower()) for each in patterns):
            return False
        return any(not each.startswith("!") and _pattern(each).fullmatch(name.lower()) for each in patterns)


@dataclass(frozen=True, slots=True)
class KnownHosts:
    """All lines of some files, indexed so that a fleet of thousands does not read them once per box."""

    files: tuple[str, ...] = ()
    _plain: dict[str, list[KnownHost]] = field(default_factory=dict)
    _patterns: list[KnownHost] = field(default_factory=list)
    _hashed: list[KnownHost] = field(default_factory=list)
    _by_key: dict[str, list[KnownHost]] = field(default_factory=dict)

    def add(self, entry: KnownHost) -> None:
        """Take one more line."""
        self._by_key.setdefault(entry.key, []).append(entry)
        if entry.is_hashed:
            self._hashed.append(entry)
        elif _SPECIAL.search(entry.hosts):
            self._patterns.append(entry)
        else:
            for name in entry.hosts.lower().split(","):
                self._plain.setdefault(name, []).append(entry)

    def of(self, names: Iterable[str], *, hashed: bool = True) -> list[KnownHost]:
        """Return the lines about the first of these names that has any.

        Args:
            hashed: also try lines with hashed names, which costs about a microsecond for each in the files.
        """
        for name in names:
            found = [*self._plain.get(name.lower(), ()), *(each for each in self._patterns if each.matches(name))]
            if hashed:
                found += [each for each in self._hashed if each.matches(name)]
            if found:
                return found
        return []

    def vouches(self, names: Iterable[str], key: str) -> bool:
        """Tell whether one of these names is known by that key; cheap also where names are hashed."""
        entries = [each for name in names for each in self._by_key.get(key, ()) if each.matches(name)]
        return any(not each.marker for each in entries) and not any(each.marker == "@revoked" for each in entries)

    def others(self, names: Iterable[str], key: str) -> list[KnownHost]:
        """Return the lines that know that key under other names than these."""
        own = tuple(names)
        same = (each for each in self._by_key.get(key, ()) if not each.marker)
        return [each for each in same if not any(each.matches(name) for name in own)]


def load(paths: Iterable[str]) -> KnownHosts:
    """Return what these files hold now; one that does not exist or may not be read holds nothing."""
    return _load(tuple(filter(None, map(stamp, paths))))


def stamp(path: str) -> Stamp | None:
    """Return by what to notice that a file has changed, or None where there is no such file."""
    place = Path(path).expanduser()
    try:
        status = place.stat()
    except OSError:
        return None
    return str(place), status.st_mtime_ns, status.st_size


@functools.lru_cache(maxsize=64)
def _load(stamps: tuple[Stamp, ...]) -> KnownHosts:
    known = KnownHosts(tuple(path for path, *_ in stamps))
    for path, *_ in stamps:
        for entry in _entries(path):
            known.add(entry)
    return known


def _entries(path: str) -> Iterator[KnownHost]:
    try:
        text = Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:  # as ssh does: what it cannot read it does not trust
        return
    for number, line in enumerate(text.splitlines(), start=1):
        marker, rest = "", line.split()
        if rest and rest[0] in _MARKERS:
            marker = rest.pop(0)
        if len(rest) >= _FEWEST_FIELDS and not rest[0].startswith(("#", "@")):
            yield KnownHost(rest[0], marker, f"{rest[1]} {rest[2]}", path, number)


def _hash_matches(hashed: str, name: str) -> bool:
    parts = hashed.split("|")
    if len(parts) != _HASHED_PARTS or parts[1] != "1":
        return False
    try:
        salt, expected = (_decoded(part) for part in parts[2:])
    except binascii.Error:
        return False
    return hmac.digest(salt, name.encode(), "sha1") == expected


@functools.cache
def _decoded(part: str) -> bytes:
    return base64.b64decode(part, validate=True)


@functools.cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(re.escape(text).replace(r"\*", ".*").replace(r"\?", "."))
