"""Every way in which the box program touches a disk, each as one step of a race."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

from reconciler.box.pair.generations import PairFiles, adopt, may_be_given, point, stage, tidy
from reconciler.box.paths import CERTIFICATE, KEY, Tree
from reconciler.box.repair.permissions import give
from reconciler.box.store.files import StoreFiles
from reconciler.machine.durable import ROOT_DIRECTORY, DurableDisk, Owner
from reconciler.machine.posix.files import PosixFiles
from reconciler.machine.system import User
from reconciler.machine.walking import obstacle, walk
from reconciler.model.observed import Layout, StoreFormat
from reconciler.model.repair import StoreKey

from .scene import AS_ROOT, OUTSIDE, UID, Scene


class Machine(PosixFiles):
    """The real files, and of the rest of a box what these operations ask for."""

    trusted = frozenset({0})

    def user(self, name: str) -> User:
        """Return the attacker's account: it is the service user of the box."""
        return User(name, *_OWNER)

    def sleep(self, seconds: float) -> None:
        """Wait for nothing."""


_OWNER = (UID, (UID,)) if AS_ROOT else (os.getuid(), (os.getgid(),))
MACHINE: Any = Machine()
"""A `System` as far as the operations use it."""
DISK = DurableDisk(MACHINE, ())
_MINE = Owner(0o600, _OWNER[0], _OWNER[1][0])
_USER = User("pi", *_OWNER)


@dataclass(frozen=True, slots=True)
class Operation:
    """One step of a race.

    Args:
        victims: names below the scene's tree that the attacker exchanges meanwhile.
        ssl_is_roots: only root may rename in `etc/ssl`; else it is the attacker's, as are the folders below it.
    """

    step: Callable[[Scene], object]
    victims: tuple[str, ...] = ("home/pi/sub", "home/pi/sub/file", "home/pi/file")
    ssl_is_roots: bool = False

    def act(self, scene: Scene) -> object:
        """Do it; return the answer, or why it was refused."""
        try:
            return self.step(scene)
        except (OSError, ValueError) as error:
            return error


def _each(call: Callable[[str], object]) -> Callable[[Scene], object]:
    """Do it at a name in the attacker's home, and in a folder there, in turns."""
    turns = cycle(("file", "sub/file"))
    return lambda scene: call(str(scene.home / next(turns)))


def _anew(call: Callable[[str], object]) -> Callable[[Scene], object]:
    """Do it at a name that was just made free."""

    def freed(path: str) -> object:
        with suppress(OSError):
            MACHINE.remove(path)
        return call(path)

    return _each(freed)


def _written(scene: Scene) -> object:
    layout = Layout(store_format=StoreFormat.INI_RAW, service_user="pi", home=str(scene.home))
    return StoreFiles(MACHINE, layout).write(DISK, {StoreKey.DB_UUID: os.urandom(4).hex()})


def _pair(scene: Scene) -> Tree:
    return Tree(str(scene.tree))


def _staged(scene: Scene) -> object:
    name = stage(DISK, _pair(scene), os.urandom(4).hex(), PairFiles(b"certificate", b"key", _USER))
    point(DISK, _pair(scene), name)
    tidy(DISK, _pair(scene), None)
    return name


def _adopted(scene: Scene) -> object:
    adopt(DISK, _pair(scene), _USER)
    return None


def _given(scene: Scene) -> object:
    tree = _pair(scene)
    contents = may_be_given(MACHINE, tree, _USER)
    for path, content in zip((CERTIFICATE, KEY), contents, strict=True):
        if content is not None:
            give(DISK, tree.path(path), content, _MINE)
    return [obstacle(MACHINE, tree.path(path), _USER) for path in (CERTIFICATE, KEY)]


_PAIR = ("etc/ssl/private/nginx-cert.key", "etc/ssl/certs/nginx-cert.crt")
_BESIDE = ("etc/ssl/private/.nginx-cert.key.iot-https-new", "etc/ssl/certs/.nginx-cert.crt.iot-https-new")
_SSL = ("etc/ssl/private", "etc/ssl/certs", "etc/ssl/iot-https", "etc/ssl/iot-https/current", *_PAIR)
_STORE = ("home/pi/odoo.conf", "home/pi/.odoo.conf.iot-https-new")
OPERATIONS: dict[str, Operation] = {
    "read": Operation(_each(MACHINE.read)),
    "hold": Operation(_each(MACHINE.hold)),
    "read_end": Operation(_each(lambda path: MACHINE.read_end(path, 40))),
    "status": Operation(_each(lambda path: MACHINE.status(path, follow=True))),
    "walk": Operation(_each(lambda path: walk(MACHINE, path))),
    "list": Operation(_each(lambda path: MACHINE.list(str(Path(path).parent)))),
    "create": Operation(_anew(lambda path: MACHINE.create(path, b"new", 0o600, *_OWNER[1], _OWNER[0]))),
    "symlink": Operation(_anew(lambda path: MACHINE.symlink("new", path))),
    "make_directory": Operation(_anew(lambda path: MACHINE.make_directory(path, 0o755, 0, 0))),
    "rename": Operation(_each(lambda path: MACHINE.rename(path, f"{path}-moved"))),
    "remove": Operation(_each(MACHINE.remove)),
    "set_mode": Operation(_each(lambda path: MACHINE.set_mode(path, 0o644))),
    "set_owner": Operation(_each(lambda path: MACHINE.set_owner(path, _OWNER[0], _OWNER[0]))),
    "sync_file": Operation(_each(MACHINE.sync_file)),
    "sync_directory": Operation(_each(MACHINE.sync_directory)),
    "free_bytes": Operation(_each(MACHINE.free_bytes)),
    "replace": Operation(_each(lambda path: DISK.replace(path, b"new", _MINE))),
    "link": Operation(_each(lambda path: DISK.link("new", path))),
    "directory": Operation(_each(lambda path: DISK.directory(path, ROOT_DIRECTORY))),
    "own": Operation(_each(lambda path: DISK.own(path, _MINE))),
    "remove leftover": Operation(_each(lambda path: DISK.remove_directory(path, ("nginx-cert.crt", "nginx-cert.key")))),
    "write the store": Operation(_written, _STORE),
    "stage and tidy": Operation(_staged, _SSL),
    "stage, root's ssl": Operation(_staged, (*_PAIR, *_BESIDE), ssl_is_roots=True),
    "adopt": Operation(_adopted, (*_PAIR, *_BESIDE), ssl_is_roots=True),
    "adopt, pi's ssl": Operation(_adopted, _SSL),
    "permissions": Operation(_given, _PAIR, ssl_is_roots=True),
    "permissions, pi's": Operation(_given, _SSL),
}


def leaked(answer: object) -> bool:
    """Tell whether what an operation returned shows what is outside; `repr` shows the bytes that a file had."""
    return repr(OUTSIDE)[2:-1].split("\\n")[1] in repr(answer)
