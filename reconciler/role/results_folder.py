"""The JSON file of each box in the results folder of a play, on the control machine."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Final

from ..model.names import file_name

_READ_BY_ANSIBLE: Final = frozenset({"group_vars", "host_vars", "vars", "defaults"})
_DIRECTORY: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_NEW: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


class ResultsError(Exception):
    """The folder cannot be used; the text is one line."""


def write(folder: str, name: str, report: object) -> None:
    """Write the file of a box whole or not at all, readable to its owner only; a link in its place is replaced.

    Args:
        folder: as the task has it.
        name: what the inventory calls the box.
        report: what `json.dumps` accepts.

    Raises:
        ResultsError: the folder is one that Ansible reads, or it cannot be written to.
    """
    place = Path(folder).expanduser()
    read = next((part for part in place.resolve().parts if part in _READ_BY_ANSIBLE), None)
    if read is not None:
        why = f"Ansible reads what is in {read} as variables, and evidence of a box is no variable"
        raise ResultsError(f"iot_https_results_folder {place}: {why}: choose another folder")
    text = json.dumps(report, indent=2, ensure_ascii=False) + "\n"
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = os.open(place, _DIRECTORY)
        try:
            _write(opened, f"{file_name(name)}.json", text.encode("utf-8", "backslashreplace"))
        finally:
            os.close(opened)
    except OSError as error:
        raise ResultsError(f"iot_https_results_folder {place}: {error.strerror}") from error


def _write(folder: int, name: str, content: bytes) -> None:
    half = f".{secrets.token_hex(8)}"
    try:
        with open(os.open(half, _NEW, 0o600, dir_fd=folder), "wb") as file:  # noqa: PTH123 - by descriptor
            file.write(content)
        os.replace(half, name, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        _remove(folder, half)
        raise


def _remove(folder: int, name: str) -> None:
    try:
        os.unlink(name, dir_fd=folder)
    except FileNotFoundError:
        return
