"""Decide for each option of OpenSSH whether it is used, has no effect here, or is refused by name.

Nothing is dropped silently: an option that has an effect and cannot be used makes its box invalid, because a connection
that takes another way than its owner believes is worse than none.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from ..model.fields import BadField
from ..model.names import box_problem, host_problem, user_problem

CHECKED: Final = "host keys are always checked here: remove it, and record the box's key under its inventory name"

_ANY: Final[tuple[str, ...]] = ()
_IGNORED: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        # One connection per box and run, inside this process: there is nothing to share with other processes.
        "controlmaster": _ANY,
        "controlpath": _ANY,
        "controlpersist": _ANY,
        # These trade time for bytes or decide what a person sees.
        "compression": _ANY,
        "loglevel": _ANY,
        "visualhostkey": _ANY,
        "ipqos": _ANY,
        "tcpkeepalive": _ANY,
        # Nothing of ours on a box connects onward or needs a terminal or a display.
        "forwardagent": _ANY,
        "addkeystoagent": _ANY,
        "forwardx11": _ANY,
        "forwardx11trusted": _ANY,
        "requesttty": _ANY,
        "escapechar": _ANY,
        # Keys, and a password where the inventory has one, are all that is offered, and nobody is ever asked.
        "batchmode": _ANY,
        "numberofpasswordprompts": _ANY,
        "gssapiauthentication": ("no",),
        "hostbasedauthentication": ("no",),
        "pubkeyauthentication": ("yes",),
        "kbdinteractiveauthentication": _ANY,
        "challengeresponseauthentication": _ANY,
        # Known keys are read, never written; they are known by name, so an address has nothing to add.
        "checkhostip": _ANY,
        "hashknownhosts": _ANY,
        "updatehostkeys": _ANY,
    }
)
"""Options without an effect here, with the values for which that is so; empty for every value."""

_IN_SSH_CONFIG: Final = frozenset(
    [
        "addressfamily",
        "bindaddress",
        "casignaturealgorithms",
        "certificatefile",
        "ciphers",
        "globalknownhostsfile",
        "hostkeyalgorithms",
        "identityagent",
        "kexalgorithms",
        "macs",
        "rekeylimit",
    ]
)
"""Options that the SSH client reads from ssh_config, though they cannot be handed to it one by one."""

_INSTEAD: Final[Mapping[str, str]] = MappingProxyType(
    {"hostname": "set ansible_host", "remoteport": "set ansible_port", "include": "use -F"}
)


def read(name: str, value: str) -> tuple[str, str] | None:
    """Return the canonical name and the clean value of an option, `None` for one without an effect here.

    Args:
        name: as OpenSSH spells it, in any case.

    Raises:
        Refused: what is wrong and the way out, without the value.
    """
    lower = name.lower()
    if lower in _IGNORED:
        allowed = _IGNORED[lower]
        if allowed and value.lower() not in allowed:
            raise BadField(f"can only be {' or '.join(allowed)} here: remove it")
        return None
    reader = _READERS.get(lower)
    if reader is None:
        way_out = "set it in ~/.ssh/config" if lower in _IN_SSH_CONFIG else _INSTEAD.get(lower, "remove it")
        raise BadField(f"cannot be used by this program: {way_out}")
    return lower, reader(value)


def _text(value: str) -> str:
    text = value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value
    if not text or not text.isprintable():
        raise BadField("has no value, or one with control characters: correct it")
    return text


def _word(value: str) -> str:
    word = _text(value)
    if any(character.isspace() for character in word):
        raise BadField("has a value with spaces: correct it")
    return word


def _number(low: int, high: int) -> Callable[[str], str]:
    def number(value: str) -> str:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not low <= int(value) <= high:
            raise BadField(f"must be a whole number from {low} to {high}: correct it")
        return value

    return number


def _yes_no(value: str) -> str:
    if value.lower() not in ("yes", "no"):
        raise BadField("must be yes or no: correct it")
    return value.lower()


def _host_keys(value: str) -> str:
    """Accept what checks at least as loosely as we do: where Ansible would ask or learn a key, ours is a finding."""
    if value.lower() not in ("yes", "ask", "accept-new"):
        raise BadField(f"must be yes, ask or accept-new, {CHECKED}")
    return value.lower()


def _file(value: str) -> str:
    path = _text(value)
    if "%" in path:
        raise BadField("has a file name with % in it, which is not replaced here: write the name out")
    if path.lower() == "none":
        raise BadField("is none, which cannot be said here: remove it")
    return home_expanded(path)


def home_expanded(path: str) -> str:
    """Return a path with `~` or `~user` replaced.

    Raises:
        Refused: there is no such user, or no such file can exist.
    """
    if not path.isprintable():
        raise BadField("has control characters in the name of a file: correct it")
    try:
        return str(Path(path).expanduser())
    except RuntimeError:
        raise BadField("names the home of a user that this machine does not have: write the path out") from None


def _known_hosts(value: str) -> str:
    """Return the files as one text that splits again into them."""
    try:
        files = [_file(each) for each in shlex.split(value)]
    except ValueError:
        raise BadField("has a quote that is not closed: close it") from None
    if not files:
        raise BadField("has no value: name a file")
    if "/dev/null" in files:
        raise BadField(f"is /dev/null, which knows no keys, and {CHECKED}")
    return shlex.join(files)


def _user(value: str) -> str:
    user = _word(value)
    if (problem := user_problem(user)) is not None:
        raise BadField(problem)
    return user


def _alias(value: str) -> str:
    alias = _word(value)
    if host_problem(alias) is not None and box_problem(alias) is not None:
        raise BadField("is not a name by which a host can be known: correct it")
    return alias


def _jumps(value: str) -> str:
    """Return jump hosts, each of which may go into a command, too."""
    for jump in _word(value).split(","):
        user, _, place = jump.strip().removeprefix("ssh://").rstrip("/").rpartition("@")
        host = place.replace("[", "").replace("]", "")
        if host_problem(host) is not None or (user and user_problem(user) is not None):
            raise BadField("has a jump host that is not [user@]host[:port]: correct it")
    return value


_READERS: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "port": _number(1, 65535),
        "user": _user,
        "identityfile": _file,
        "identitiesonly": _yes_no,
        "userknownhostsfile": _known_hosts,
        "hostkeyalias": _alias,
        "stricthostkeychecking": _host_keys,
        "passwordauthentication": _yes_no,
        "preferredauthentications": _word,
        "proxyjump": _jumps,
        "proxycommand": _text,
        "connecttimeout": _number(1, 3600),
        "serveraliveinterval": _number(0, 3600),
        "serveralivecountmax": _number(1, 1000),
    }
)
