"""Write edited files: each is replaced in one step, and a kill between two leaves what the next run completes.

All new files are on the disk before the first takes its name. What a killed run has not renamed is an edit that is
still wanted: the next run finds it missing and writes it, under the same temporary name.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from .opened import Edit, shown_path
from .values import EditRefused

_TEMPORARY: Final = ".iot-https-new"
_NEW_FILE: Final = 0o644
_NEW_FOLDER: Final = 0o755


def write(edits: Sequence[Edit]) -> None:
    """Write edits.

    Raises:
        EditRefused: a file was changed meanwhile, or cannot be written; the text says which were written by then.
    """
    done: list[Path] = []
    at = None
    try:
        for at in edits:
            _refuse_changed(at)
            _stage(at)
        for at in edits:
            _refuse_changed(at)
            _staged(at).replace(at.path)
            done.append(at.path)
            _sync(at.path.parent)
    except OSError as error:
        raise EditRefused(_told(f"{_name(at)}: {error.strerror or type(error).__name__}", done)) from None
    except EditRefused as refusal:
        raise EditRefused(_told(str(refusal), done)) from None
    finally:
        for each in edits:
            with suppress(OSError):
                _staged(each).unlink(missing_ok=True)


def _name(edit: Edit | None) -> str:
    return "" if edit is None else shown_path(edit.path)


def _told(text: str, done: Iterable[Path]) -> str:
    written = ", ".join(map(shown_path, done))
    return f"{text}; {f'only {written} was written: run it again' if written else 'nothing was written'}"


def _staged(edit: Edit) -> Path:
    return edit.path.with_name(f".{edit.path.name}{_TEMPORARY}")


def _refuse_changed(edit: Edit) -> None:
    try:
        there = edit.path.read_bytes()
    except FileNotFoundError:
        there = None
    if there != edit.before:
        raise EditRefused(f"{shown_path(edit.path)} was changed by somebody else meanwhile: run this again")


def _stage(edit: Edit) -> None:
    _make_folder(edit.path.parent)
    staged = _staged(edit)
    staged.unlink(missing_ok=True)
    old = edit.path.stat() if edit.before is not None else None
    mode = _NEW_FILE if old is None else 0o600
    with open(os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, mode), "wb") as file:  # noqa: PTH123
        file.write(edit.after)
        if old is not None:
            _take_over(edit.path, file.fileno(), old)
        file.flush()
        os.fsync(file.fileno())
    _sync(staged.parent)


def _take_over(path: Path, new: int, old: os.stat_result) -> None:
    """Give a new file the owner, mode and attributes (such as access lists) of the one that it replaces."""
    there = os.fstat(new)
    if (there.st_uid, there.st_gid) != (old.st_uid, old.st_gid):
        try:
            os.fchown(new, old.st_uid, old.st_gid)
        except PermissionError:
            raise EditRefused(
                f"{shown_path(path)} is somebody else's, and would become yours: run this as its owner"
            ) from None
    for name in os.listxattr(path):
        with suppress(OSError):  # those of the kernel's own, such as security.selinux, come by themselves
            os.setxattr(new, name, os.getxattr(path, name))
    os.fchmod(new, stat.S_IMODE(old.st_mode))


def _make_folder(folder: Path) -> None:
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(_NEW_FOLDER)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
