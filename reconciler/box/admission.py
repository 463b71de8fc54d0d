"""Let a public key in at this box, or no longer: one line of `authorized_keys`, every other line as it was.

The file lies in the login user's home, which is on the disk of every image and survives a reboot. The user owns that
folder, so nothing in it is followed or changed that somebody else may have put there.
"""

from __future__ import annotations

import errno
import itertools
import posixpath
from dataclasses import dataclass, replace
from typing import Final

from ..codes.writing.sentences import spoken
from ..machine.durable import DurableDisk, Owner
from ..machine.guarded import ForeignFile
from ..machine.reason import OwnReason, without_path
from ..machine.system import FileKind, FileStatus, System
from ..model.admission import Admission, Admitted, Hurdle, KeyDeed, KeyPlace
from .layout import observe_layout
from .serial import read_serial

FOLDER: Final = ".ssh"
NAME: Final = "authorized_keys"
_LONGEST: Final = 1 << 20
"""Bytes of a file of keys; a thousand keys have a fifth of it."""
_FOR_OTHERS: Final = 0o022
"""What sshd accepts in no folder on the way and in no file (sshd_config(5), StrictModes)."""
_IN_MEMORY: Final = frozenset({"tmpfs", "ramfs"})
_CANNOT_REMOUNT: Final = frozenset({"cannot_remount", "in_namespace"})


@dataclass(frozen=True, slots=True)
class _Account:
    uid: int
    gid: int
    home: str

    @property
    def folder(self) -> str:
        return posixpath.join(self.home, FOLDER)

    @property
    def file(self) -> str:
        return posixpath.join(self.folder, NAME)

    def owns(self, status: FileStatus) -> bool:
        """Tell whether sshd reads a key behind this folder, or in this file."""
        return status.uid in (0, self.uid) and not status.mode & _FOR_OTHERS


class _Hindered(Exception):
    def __init__(self, hurdle: Hurdle, path: str = "", detail: str = "") -> None:
        super().__init__(hurdle)
        self.hurdle, self.path, self.detail = hurdle, path, detail


def serial_of(system: System) -> str | None:
    """Return what this box calls itself; None also where that cannot be read."""
    try:
        return read_serial(system)
    except OSError:
        return None


def admit(system: System, asked: Admission) -> Admitted:
    """Do what is asked with a key; raises nothing that a disk or a user of the box can cause."""
    serial = serial_of(system)
    try:
        return replace(_done(system, asked), serial=serial)
    except _Hindered as error:
        return Admitted(serial=serial, hurdle=error.hurdle, path=error.path, detail=error.detail)
    except ForeignFile as error:
        return Admitted(serial=serial, hurdle=Hurdle.FOREIGN, path=error.path, detail=str(spoken(error.statement)))
    except OSError as error:
        return Admitted(serial=serial, hurdle=_hurdle(error), path=str(error.filename or ""), detail=_words(error))


def _done(system: System, asked: Admission) -> Admitted:
    account = _account(system, asked.user)
    lines = _lines(system, account)
    own = [each for each in lines if _is_key(each, asked.key)]
    if asked.deed is KeyDeed.LOOK:
        return Admitted(place=_place(system, account, own))
    if asked.deed is KeyDeed.REMOVE:
        if own:
            _write(system, account, [each for each in lines if each not in own])
        return Admitted(place=KeyPlace.ABSENT, changed=bool(own))
    place = _place(system, account, own)
    if place is KeyPlace.ABSENT:
        _check_folders(system, account)
        new = f"{asked.key} {asked.comment}".strip().encode("ascii", errors="replace")
        _write(system, account, lines if own else [*lines, new])
        return Admitted(place=KeyPlace.PRESENT, changed=True)
    return Admitted(place=place)


def _account(system: System, name: str) -> _Account:
    """Return whose key it is, from the accounts of the box itself (passwd(5))."""
    for entry in system.read("/etc/passwd", _LONGEST).decode("utf-8", errors="replace").splitlines():
        match entry.split(":"):
            case [user, _, uid, gid, _, home, *_] if user == name and uid.isdigit() and gid.isdigit():
                account = _Account(int(uid), int(gid), posixpath.normpath(home))
                if not home.startswith("/") or _kind(system, account.home) is not FileKind.DIRECTORY:
                    raise _Hindered(Hurdle.NO_HOME, home, name)
                return account
    raise _Hindered(Hurdle.NO_ACCOUNT, "/etc/passwd", name)


def _lines(system: System, account: _Account) -> list[bytes]:
    try:
        content = system.read(account.file, _LONGEST)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except ForeignFile:
        raise
    except OSError as error:
        raise _Hindered(Hurdle.UNREADABLE, account.file, _words(error)) from None
    return content.removesuffix(b"\n").split(b"\n") if content else []


def _is_key(line: bytes, key: str) -> bool:
    wanted = key.encode().split()
    return not line.lstrip().startswith(b"#") and any([*two] == wanted for two in itertools.pairwise(line.split()))


def _place(system: System, account: _Account, own: list[bytes]) -> KeyPlace:
    if not own:
        return KeyPlace.ABSENT
    # sshd takes the first line that fits
    if not own[0].split()[0].startswith((b"ssh-", b"ecdsa-", b"sk-")):
        return KeyPlace.RESTRICTED
    is_read = all(account.owns(system.status(each)) for each in (account.home, account.folder, account.file))
    return KeyPlace.PRESENT if is_read else KeyPlace.ABSENT


def _check_folders(system: System, account: _Account) -> None:
    """Find out beforehand whether sshd would read the file, and a reboot bring it back."""
    for path in (account.home, account.folder):
        if (kind := _kind(system, path)) is None:
            continue
        if kind is not FileKind.DIRECTORY:
            raise _Hindered(Hurdle.FOREIGN, path, f"a {kind}")
        if not account.owns(system.status(path)):
            raise _Hindered(Hurdle.OPEN_FOLDER, path)
    if (kept := _file_system(system, account.folder)) in _IN_MEMORY:
        raise _Hindered(Hurdle.IN_MEMORY, account.home, kept)


def _file_system(system: System, path: str) -> str:
    """Return the type of the file system on which a path lies (proc_pid_mounts(5)): the last of the longest points."""
    best, kind = "", ""
    for line in system.read("/proc/self/mounts", 1 << 26).decode("utf-8", errors="replace").splitlines():
        match line.split(" "):
            case [_, point, found, *_] if f"{path}/".startswith(f"{point.rstrip('/')}/") and len(point) >= len(best):
                best, kind = point, found
    return kind


def _write(system: System, account: _Account, lines: list[bytes]) -> None:
    bypass = observe_layout(system).bypass
    disk = DurableDisk(system, ("/", bypass) if bypass else ("/",))
    system.private_mounts()
    disk.directory(account.folder, Owner(0o700, account.uid, account.gid))
    content = b"".join(each + b"\n" for each in lines)
    disk.replace(account.file, content, Owner(0o600, account.uid, account.gid))


def _kind(system: System, path: str) -> FileKind | None:
    try:
        return system.status(path).kind
    except (FileNotFoundError, NotADirectoryError):
        return None


def _hurdle(error: OSError) -> Hurdle:
    if error.errno == errno.EROFS or (isinstance(error, OwnReason) and error.statement.says in _CANNOT_REMOUNT):
        return Hurdle.READ_ONLY
    return Hurdle.NOT_WRITTEN


def _words(error: OSError) -> str:
    return str(spoken(without_path(error)))
