"""A small tree on a real disk: what is root's, what is the attacker's, and what must still be so after a race."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

UID = 1000
"""Of the attacker, where this runs as root."""
OUTSIDE = b"[options]\nsecret = outside-of-every-folder-of-the-attacker\n"
HOARD = b"[options]\nsecret = of-root-but-in-a-folder-of-the-attacker\n"
PLAIN = b"[options]\nsecret = \n[iot.box]\nremote_server = https://db.example\n"
AS_ROOT = os.geteuid() == 0


@dataclass(frozen=True, slots=True)
class Scene:
    """Where everything lies.

    Args:
        outside: root's; nothing in it may change, and nothing of it may come anywhere else.
        tree: a box's root directory; the attacker owns `home/pi` and what is below `etc/ssl`.
        pool: the attacker's things to exchange names with.
    """

    outside: Path
    tree: Path
    pool: Path

    @property
    def home(self) -> Path:
        """The attacker's home."""
        return self.tree / "home/pi"

    def snapshot(self) -> dict[str, tuple[object, ...]]:
        """Return all that is outside, and that a call could have changed."""
        return {str(path): _all_of(path) for path in (self.outside, *sorted(self.outside.rglob("*")))}

    def hoard(self) -> None:
        """Put a file and a folder that only root may read where the attacker may rename them, unless they are there."""
        if not AS_ROOT or any(_content(path) == HOARD for path in self.pool.iterdir()):
            return
        beside = self.outside.parent / "hoard"
        beside.write_bytes(HOARD)
        beside.chmod(0o600)
        with suppress(OSError):  # a folder has taken the name meanwhile
            beside.rename(self.pool / "hoard")

    def shown(self) -> Iterator[str]:
        """Say where a secret of root's lies in a file that others may read, or where it should not be at all."""
        for folder, _, names in os.walk(self.tree):
            for name in names:
                path = Path(folder, name)
                content = _content(path)
                if OUTSIDE in content and not path.stat().st_nlink > 1:
                    yield f"{path} shows what is outside"
                if HOARD in content and _is_open(path):
                    yield f"{path} shows what only root may read"


def arrange(base: Path, *, ssl_is_roots: bool) -> Scene:
    """Make the tree in an empty folder.

    Args:
        ssl_is_roots: only root may rename in `etc/ssl`.
    """
    base.chmod(0o755)
    outside, tree = base / "outside", base / "tree"
    (outside / "folder" / "below").mkdir(parents=True)
    for name in (
        "secret",
        "file",
        "folder/file",
        "folder/nginx-cert.key",
        "folder/nginx-cert.crt",
        "folder/below/file",
    ):
        (outside / name).write_bytes(OUTSIDE)
        (outside / name).chmod(0o600)
    (outside / "shared").write_bytes(OUTSIDE)
    (outside / "shared").chmod(0o666)  # so that the kernel lets the attacker give it a second name
    (outside / "folder").chmod(0o700)
    outside.chmod(0o711)
    for name in ("home/pi", "etc/ssl/certs", "etc/ssl/private", "etc/ssl/iot-https"):
        (tree / name).mkdir(parents=True)
    scene = Scene(outside, tree, tree / "home/pi/pool")
    scene.pool.mkdir()
    if AS_ROOT:
        of_pi = ["home/pi", "home/pi/pool", "etc/ssl/certs", "etc/ssl/private"]
        for name in of_pi if ssl_is_roots else [*of_pi, "etc/ssl"]:
            os.chown(tree / name, UID, UID)
    scene.hoard()
    return scene


def _all_of(path: Path) -> tuple[object, ...]:
    found = path.lstat()
    content = path.read_bytes() if stat.S_ISREG(found.st_mode) else b""
    names = sorted(each.name for each in path.iterdir()) if stat.S_ISDIR(found.st_mode) else []
    return found.st_mode, found.st_uid, found.st_gid, found.st_ino, content, names


def _content(path: Path) -> bytes:
    """Read a file that may be exchanged meanwhile, without waiting for a pipe."""
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW), "rb") as file:
            return file.read()
    except OSError:
        return b""


def _is_open(path: Path) -> bool:
    found = path.lstat()
    return found.st_uid != 0 or bool(found.st_mode & 0o077)
