"""An ordinary process that exchanges names as fast as it can, below a folder of its own.

It is a process of another uid where the test runs as root. All it uses is open to every user of a box: rename, also of
files of root's that lie in its folders, symbolic links, hard links to what it may write, pipes and folders.
"""

from __future__ import annotations

import ctypes
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from mmap import mmap
from pathlib import Path

from .scene import PLAIN, UID

_PROJECT = Path(__file__).resolve().parents[2]
_COUNTER = 8
"""Bytes."""
_START_SECONDS = 60.0
_AT_FDCWD = -100
_EXCHANGE = 2
_PLAIN = 6
"""Plain files among the things, so that operations get past their first look."""
_RENEWED_EVERY = 16
"""Flips after which everything that was used up is made anew."""

Make = Callable[[Path], None]


def kinds(outside: Path, content: bytes) -> dict[str, Make]:
    """Return how to make each kind of thing that can stand where a file or folder is expected.

    Args:
        outside: a tree of root's with `secret`, `shared` and `folder`.
        content: of a plain file.
    """

    def plain(path: Path) -> None:
        # never one that is there: opening a pipe would wait
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "wb") as file:
            file.write(content)

    def folder(path: Path) -> None:
        path.mkdir()
        for name in ("file", "nginx-cert.crt", "nginx-cert.key", "odoo.conf"):
            plain(path / name)

    return {
        **{f"file {number}": plain for number in range(_PLAIN)},
        "link to a secret": lambda path: path.symlink_to(outside / "secret"),
        "link to a folder": lambda path: path.symlink_to(outside / "folder"),
        "link upwards": lambda path: path.symlink_to("../../../outside/secret"),
        "link further upwards": lambda path: path.symlink_to("../../../../outside/secret"),
        "second name": lambda path: path.hardlink_to(outside / "shared"),
        "pipe": os.mkfifo,
        "folder": folder,
        "empty folder": Path.mkdir,
    }


class Flips:
    """How often the attacker exchanged something: eight bytes that both processes map."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._memory = mmap(file.fileno(), _COUNTER)

    @property
    def count(self) -> int:
        """Return the number so far."""
        return int.from_bytes(self._memory[:_COUNTER], "little")

    def add(self) -> None:
        """Count one."""
        self._memory[:_COUNTER] = (self.count + 1).to_bytes(_COUNTER, "little")


@contextmanager
def attacking(victims: Sequence[Path], outside: Path, pool: Path, seed: int) -> Iterator[Flips]:
    """Exchange the victims with things of the pool until the context ends.

    Args:
        outside: see `kinds`.
        pool: a folder of the attacker's; what root left in it is used as well.
    """
    counter = outside.parent / "flips"
    counter.write_bytes(bytes(_COUNTER))
    counter.chmod(0o666)
    flips = Flips(counter)
    arguments = (str(seed), str(counter), str(outside), str(pool), *map(str, victims))
    attacker = subprocess.Popen((sys.executable, "-m", "fuzz.races.attacker", *arguments), cwd=_PROJECT)
    try:
        limit = time.monotonic() + _START_SECONDS
        while not flips.count:
            if attacker.poll() is not None or time.monotonic() > limit:
                raise ChildProcessError("the attacker exchanges nothing")
            os.sched_yield()
        yield flips
    finally:
        attacker.kill()
        attacker.wait()


def main(arguments: Sequence[str]) -> None:
    """Become an ordinary user, and exchange names for ever."""
    seed, counter, outside, pool, *victims = arguments
    flips = Flips(Path(counter))
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(UID)
        os.setuid(UID)
    os.umask(0o022)
    chance = random.Random(int(seed))  # noqa: S311 - no secret is made of it
    _flip([*map(Path, victims)], Path(pool), kinds(Path(outside), PLAIN), chance, flips)


def _flip(victims: Sequence[Path], pool: Path, makers: dict[str, Make], chance: random.Random, flips: Flips) -> None:
    exchange = ctypes.CDLL(None, use_errno=True).renameat2
    while True:
        names = _renew(victims, pool, makers, chance)
        for _ in range(_RENEWED_EVERY):
            victim = chance.choice(victims)
            with suppress(OSError), _in_its_folder(victim) as here:
                for other in (pool / chance.choice(names), _sibling(here)):
                    if exchange(_AT_FDCWD, os.fsencode(here), _AT_FDCWD, os.fsencode(other), _EXCHANGE) == 0:
                        flips.add()
                        break


def _renew(victims: Sequence[Path], pool: Path, makers: dict[str, Make], chance: random.Random) -> list[str]:
    for kind, make in makers.items():
        _made(pool / kind, make)
    for victim in victims:
        with suppress(OSError), _in_its_folder(victim) as here:
            _made(here, chance.choice(list(makers.values())))
            _made(_sibling(here), chance.choice(list(makers.values())))
    there = [path.name for path in pool.iterdir()]
    if len(there) > 4 * len(makers):  # what the victims' names held piles up
        for name in there:
            if name not in makers:
                _gone(pool / name)
    return [name for name in there if os.path.lexists(pool / name)]


@contextmanager
def _in_its_folder(victim: Path) -> Iterator[Path]:
    """Give a path to the same name that leads through no link: what is outside may be the attacker's, too."""
    folder = os.open(victim.parent, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        yield Path(f"/proc/self/fd/{folder}", victim.name)
    finally:
        os.close(folder)


def _sibling(victim: Path) -> Path:
    """Return a name beside it: a folder of root's may be renamed within a folder, and not to another one."""
    return victim.with_name(f"{victim.name}~")


def _made(path: Path, make: Make) -> None:
    with suppress(OSError):
        make(path)


def _gone(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
        return
    shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
