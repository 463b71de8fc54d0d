"""Put the files of a project into a folder: all of them or none, and none that is there is replaced.

A folder that is not there yet appears in one step, with all that is in it. Into one that is there, each file is put in
one step; who is killed meanwhile starts again, since files that are as they should be are in nobody's way.
"""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..model.errors import PermanentFailure
from ..printable import printable
from .file import File

_FOLDER: Final = 0o755
_MOST_NAMED: Final = 4


class ProjectRefused(PermanentFailure):
    """The project cannot be written there; the text says why, and the way out."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was done.

    Args:
        paths: the files that were not there before.
        warnings: what should be known about the folder, a line each.
    """

    paths: tuple[str, ...]
    warnings: tuple[str, ...]


def write(folder: Path, contents: Sequence[File]) -> Written:
    """Put the files there that are not there yet.

    Raises:
        ProjectRefused: nothing was written.
    """
    try:
        _refuse_place(folder)
        missing = _fill(folder, contents) if folder.exists() else _make(folder, contents)
    except OSError as error:
        raise ProjectRefused(f"{_shown(folder)} cannot be written: {error.strerror}") from None
    return Written(tuple(each.path for each in missing), _warnings(folder))


def _shown(path: Path) -> str:
    return printable(str(path))


def _refuse_place(folder: Path) -> None:
    if folder.is_symlink() and not folder.exists():
        raise ProjectRefused(
            f"{_shown(folder)} is a link to {_shown(folder.readlink())}, which is not there: remove it"
        )
    if folder.exists() and not folder.is_dir():
        raise ProjectRefused(f"{_shown(folder)} is no folder: name one that is empty, or not there yet")
    if not folder.exists() and not folder.parent.is_dir():
        raise ProjectRefused(f"{_shown(folder.parent)} is not there, or is no folder: create it, or correct the name")


def _make(folder: Path, contents: Sequence[File]) -> Sequence[File]:
    with _staged(folder.parent, contents) as staged:
        staged.rename(folder)
        _sync(folder.parent)
    return contents


def _fill(folder: Path, contents: Sequence[File]) -> Sequence[File]:
    """Put what is missing into a folder that is there; it is not exchanged, since somebody may stand in it."""
    missing = [each for each in contents if not _is_there(folder / each.path, each)]
    in_the_way = list(dict.fromkeys(path for each in missing for path in _in_the_way(folder, Path(each.path))))
    if in_the_way:
        others = f" and {len(in_the_way) - _MOST_NAMED} more" if len(in_the_way) > _MOST_NAMED else ""
        named = f"{', '.join(in_the_way[:_MOST_NAMED])}{others}"
        raise ProjectRefused(
            f"{_shown(folder)} has other files of these names: {named}; name an empty folder, or a new one"
        )
    placed: list[Path] = []
    with _staged(folder, missing) as staged:
        try:
            for each in missing:
                _place(staged / each.path, folder / each.path, folder, placed)
        except BaseException:
            for path in reversed(placed):
                with suppress(OSError):
                    path.rmdir() if path.is_dir() else path.unlink()
            raise
    return missing


def _in_the_way(folder: Path, path: Path) -> Iterator[str]:
    """Yield what is there in place of a file, or of a folder above it."""
    for parent in list(path.parents)[-2::-1]:
        if os.path.lexists(folder / parent) and not (folder / parent).is_dir():
            yield str(parent)
            return
    if os.path.lexists(folder / path):
        yield str(path)


def _is_there(path: Path, wanted: File) -> bool:
    """Tell whether a file needs not be written: it is as it should be."""
    if path.is_symlink() or not path.is_file():
        return False
    return wanted.is_kept or path.read_bytes() == wanted.text.encode()


def _place(staged: Path, path: Path, folder: Path, placed: list[Path]) -> None:
    for parent in reversed(path.relative_to(folder).parents):
        if not (inner := folder / parent).is_dir():
            inner.mkdir(_FOLDER)
            placed.append(inner)
    path.hardlink_to(staged)  # a rename would replace what came there meanwhile
    placed.append(path)
    _sync(path.parent)


@contextmanager
def _staged(beside: Path, contents: Sequence[File]) -> Iterator[Path]:
    """Write the files into a folder of their own, which is gone afterwards if it still has its name."""
    staged = Path(tempfile.mkdtemp(prefix=".iot-https-project-", dir=beside))
    try:
        for each in contents:
            _write(staged / each.path, each)
        staged.chmod(_FOLDER & ~_umask())
        _sync(staged)
        yield staged
    finally:
        shutil.rmtree(staged, ignore_errors=True)


def _write(path: Path, file: File) -> None:
    path.parent.mkdir(_FOLDER, parents=True, exist_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, file.mode), "wb") as opened:  # noqa: PTH123
        opened.write(file.text.encode())
        opened.flush()
        os.fsync(opened.fileno())
    _sync(path.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask


def _warnings(folder: Path) -> tuple[str, ...]:
    if folder.stat().st_mode & stat.S_IWOTH:
        return (
            f"others can write to {_shown(folder)}, so Ansible ignores its ansible.cfg: chmod o-w {_shown(folder)}",
        )
    return ()
