"""Names that people give: of boxes, customers and stores. They are data, whatever they look like.

They end up in commands that are printed to be copied, in file names, in systemd units, in Markdown and on terminals. So
what such a place would act on is refused where a name enters, and a file name is made of one in one way.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

LONGEST_NAME: Final = 200
"""Characters of a box's name; a file name of Linux has 255 bytes, with an ending, and a host name 253."""
LONGEST_HOST: Final = 253
"""Characters of a host name (RFC 1035), and more than an address has."""
LONGEST_LABEL: Final = 100
"""Characters of a customer or a store, which stand in headings and groups."""
_BOX: Final = re.compile(r"[\w.:@+%-]+")
_HOST: Final = re.compile(r"[\w.:%-]+")
_HERE: Final = re.compile(r"(.*\.)?(localhost|localdomain)|localhost[46]|(ip6-)?(localhost|loopback)", re.IGNORECASE)
"""What files of hosts call the machine on which one is, and what no name server answers otherwise (RFC 6761)."""
_NUMBERS: Final = re.compile(r"[0-9]+(?:\.[0-9]+)+")
"""What the system takes for an address whatever its length: to it, `192.168.1` is 192.168.0.1."""
_BYTE: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4: Final = re.compile(rf"{_BYTE}(?:\.{_BYTE}){{3}}")
_USER: Final = re.compile(r"[\w.@+\\-]+")
_HARMLESS: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_KEPT: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
_LONGEST_FILE: Final = 120
"""Bytes of a name in a file name, so that endings and what marks a temporary file still fit."""
_SHOWN: Final = 60
_OF_ANSIBLE: Final = re.compile(r"all|ungrouped|localhost|127\.0\.0\.1|::1|(customer|store)_.*", re.IGNORECASE)
"""Names that Ansible has, or that groups of ours have: a pattern would select the host with them, or a task that means
the control machine would run on it."""
_UNUSUAL: Final = re.compile(r"\W")
"""What Ansible replaces in names of groups (`INVALID_VARIABLE_NAMES`); letters of any alphabet stay."""
_ACTED_ON: Final = frozenset('/\\`$;|<>"*?[]{}!#%~^=')
"""What a shell, a path, Jinja, Markdown or Ansible's patterns would act on."""


def shown(name: str) -> str:
    """Return a name of which nothing is known as one short, printable word, quoted where it is not plain."""
    text = name if name.isprintable() else ascii(name)[1:-1]
    text = text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
    return text if _BOX.fullmatch(text) else f"'{text}'"


def printable_name(name: str) -> str:
    """Return a box's name as reports show it: as it is, unless no box can be called so."""
    return name if box_problem(name) is None else shown(name)


def box_problem(name: str) -> str | None:
    """Return why a box cannot be called so, with the way out, or None for a name that can be used."""
    if not name:
        return "the box has no name: give it one"
    if len(name) > LONGEST_NAME:
        return f"the box's name has {len(name)} characters: use at most {LONGEST_NAME}"
    if not name.isprintable():
        return "the box's name contains a control character or one that changes the direction of writing: remove it"
    if name[0] in "-.@+%":
        return f"the box's name begins with {name[0]}: begin it with a letter or digit"
    if not _BOX.fullmatch(name):
        strange = next(each for each in name if not _BOX.fullmatch(each))
        what = "a space" if strange == " " else strange
        return f"the box's name contains {what}: use letters, digits and . _ : @ + % -"
    return None


def is_word_of_ansible(name: str) -> bool:
    """Tell whether a name that a stranger gave a box means something else: a group, or the control machine."""
    return _OF_ANSIBLE.fullmatch(name) is not None


def host_problem(host: str) -> str | None:
    """Return why nothing can be connected to under this address, to go after where it was set, or None.

    It goes where a ProxyCommand or a `Match exec` has %h, which a shell reads; OpenSSH refuses such hosts, too.
    """
    if not host or len(host) > LONGEST_HOST or host[0] in "-%" or _HOST.fullmatch(host) is None:
        return "is not an address or a name of a host: correct it"
    if _NUMBERS.fullmatch(host) and _IPV4.fullmatch(host) is None:
        return "is no IPv4 address, which is four numbers up to 255: correct it"
    return None


def means_here(host: str) -> bool:
    """Tell whether a name of a host means the machine itself, wherever it is looked up."""
    return _HERE.fullmatch(host.rstrip(".")) is not None


def user_problem(user: str) -> str | None:
    """Return why nobody can log in under this name, to go after where it was set, or None; as for `host_problem`."""
    if len(user) > LONGEST_LABEL or user[:1] == "-" or user[-1:] == "\\" or _USER.fullmatch(user) is None:
        return "is not a name of a user: use letters, digits and . _ @ + -"
    return None


def label_problem(text: str) -> str | None:
    """Return why no customer or store can be called so, to go after the variable's name, or None."""
    if len(text) > LONGEST_LABEL:
        return f"has {len(text)} characters: use at most {LONGEST_LABEL}"
    if text[0] in "-./":
        return f"begins with {text[0]}: begin it with a letter or digit"
    strange = next((each for each in text if each in _ACTED_ON), None)
    if strange is not None:
        return f"contains {strange}: use letters, digits, spaces and . _ - & ' ( )"
    return None


def group_name(kind: str, customer: str, store: str | None = None) -> str:
    """Return what Ansible calls the group of a customer or of a store: other characters than these become `_`."""
    return safe(f"{kind}_{customer}" if store is None else f"{kind}_{customer}__{store}")


def safe(name: str) -> str:
    """Return a name of a group as Ansible writes it."""
    return _UNUSUAL.sub("_", name)


def file_name(name: str) -> str:
    """Return the file name for a box: bounded, without separators, not hidden, another one for every name.

    A plain name stays as it is. Of another one each byte that is not plain is written as `%` and two digits, and of a
    long one only the beginning is kept, with `%%` and a digest of the whole, which no other name comes to.
    """
    if len(name) <= _LONGEST_FILE and _HARMLESS.fullmatch(name):
        return name
    raw = name.encode("utf-8", "surrogateescape")
    text = "".join(chr(byte) if byte in _KEPT else f"%{byte:02x}" for byte in raw)
    if not text or text[0] == ".":
        text = f"%2e{text[1:]}" if text else "%%"
    if len(text) <= _LONGEST_FILE:
        return text
    digest = hashlib.sha256(raw).hexdigest()
    return f"{text[: _LONGEST_FILE - 2 - len(digest)].rstrip('%')}%%{digest}"
