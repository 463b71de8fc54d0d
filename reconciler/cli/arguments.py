"""The command line's parser: argparse with our exit status, and without guesses at what a shortened option means."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from ..model.status import USAGE


class Parser(argparse.ArgumentParser):
    """argparse, whose errors are one line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"allow_abbrev": False, **options})

    def error(self, message: str) -> NoReturn:
        """Say what is wrong in one line."""
        self.exit(USAGE, f"{self.prog}: {message}\n")
