"""The archive: written beside its place under a name of its own, whole or not at all, and never over another file.

The same contents at the same time are the same bytes: order, owner, modes and times are ours, not the machine's.
"""

from __future__ import annotations

import gzip
import io
import os
import re
import tarfile
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from ..model.errors import PermanentFailure

_UNFIT: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST: Final = 60
_PRIVATE: Final = 0o600


class CannotWrite(PermanentFailure):
    """The archive cannot be written; one line that names the file and the way out."""


def name_for(box: str, at: datetime) -> str:
    """Return the archive's name without its ending: the box and the time, whatever the box is called.

    Args:
        at: in UTC.
    """
    fit = _UNFIT.sub("_", box).strip("._-")[:_LONGEST] or "box"
    return f"iot-https-support-{fit}-{at:%Y%m%dT%H%M%SZ}"


def packed(name: str, files: Mapping[str, bytes], at: datetime) -> bytes:
    """Return the archive.

    Args:
        name: of its one folder.
        files: in the order in which they stand in it.
        at: the time of every file.
    """
    buffer = io.BytesIO()
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=buffer, mtime=int(at.timestamp())) as stream,
        tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for file, content in files.items():
            member = tarfile.TarInfo(f"{name}/{file}")
            member.size, member.mtime, member.mode = len(content), int(at.timestamp()), _PRIVATE
            archive.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def refuse_to_overwrite(path: Path) -> None:
    """Say at once that there is such a file, before anything is asked of a box.

    Raises:
        CannotWrite: there is.
    """
    if os.path.lexists(path):
        raise CannotWrite(f"{path} is there already: remove it, or name another file by --file")


def write(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read; it is whole or not there.

    Raises:
        CannotWrite: there is one of this name, or it cannot be written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, _PRIVATE), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path, follow_symlinks=False)  # unlike a rename this never replaces what is there
    except FileExistsError:
        refuse_to_overwrite(path)
        raise CannotWrite(f"{beside} is in the way: remove it") from None
    except OSError as error:
        raise CannotWrite(f"{path}: {error.strerror}: name another file by --file") from None
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
