"""`--version`: what a bug report needs to name, asked for only when somebody asks."""

from __future__ import annotations

import argparse
import platform
import sys
from importlib import metadata
from pathlib import Path
from typing import Any, NoReturn

from .. import __version__, origin

_BESIDE = ("ansible-core", "cryptography")
"""Whose versions decide how this command works, beside Python's."""


class ShowVersion(argparse.Action):
    """Print it and end, as argparse's own action does, but made only then: git is asked in a checkout."""

    def __init__(self, option_strings: list[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, default=argparse.SUPPRESS, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> NoReturn:
        """Print and leave."""
        sys.stdout.write(text())
        parser.exit()


def text() -> str:
    """Return version, commit and commit date, then what else is installed, then where."""
    beside = [_installed(name) for name in _BESIDE]
    return (
        f"iot-https {__version__} ({origin.own() or 'commit unknown'})\n"
        f"{', '.join([*beside, f'Python {platform.python_version()}'])}\n"
        f"in {Path(origin.__file__).parent}\n"
    )


def installed() -> dict[str, str]:
    """Return the same as data, without where."""
    of_others = {name: _installed(name).removeprefix(f"{name} ") for name in _BESIDE}
    return {"iot-https": f"{__version__} ({origin.own() or 'commit unknown'})", "Python": platform.python_version()} | (
        of_others
    )


def _installed(name: str) -> str:
    try:
        return f"{name} {metadata.version(name)}"
    except metadata.PackageNotFoundError:
        return f"{name} not installed"
