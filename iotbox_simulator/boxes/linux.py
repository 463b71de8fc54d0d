"""One whole box: what `System` promises the box program, and what a test or the world can do to it.

The calls of the Protocol are those of one process, the tool. `kill` ends that process and nothing else; `reboot` and
`power_cut` end everything.
"""

from __future__ import annotations

import copy
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from reconciler.machine.ending import End
from reconciler.machine.reason import RanTooLong
from reconciler.machine.system import Completed, Lock, LockHeld, ProcessId, User
from reconciler.net.network import HttpsRequest
from reconciler.net.replies import HttpReply

from ..homepage import ports
from ..machine.clock import Clock
from ..machine.filesystem import FileSystem
from ..machine.image import lay_out
from ..machine.inode import Choose, Inode
from ..machine.network import BoxNetwork, SharedWorld
from ..machine.networkmanager import NetworkManager
from ..machine.nginx import Nginx
from ..machine.odoo import Odoo
from ..machine.options import ANY
from ..machine.procfs import ProcProcess, proc_tree, sys_tree
from ..machine.programs import Programs, reads_only
from ..machine.recorded_files import RecordedFiles
from ..machine.recorder import CallKind, Recorder
from ..machine.spec import BoxSpec
from ..machine.vendor import Vendor
from ..machine.view import FileView
from ..machine.web import HTTP_PORT, HTTPS_PORT, WebReply, WebRequest

BOOT_SECONDS = 5.0
TOOL_PID = 4242


class SimulatedBox(RecordedFiles):
    """Implements `System`.

    Args:
        spec: which box.
        world: the network that it shares with others.
        trusted_pem: what its trust store holds; by default what www.odoo.com needs.
    """

    def __init__(self, spec: BoxSpec, world: SharedWorld, trusted_pem: str | None = None) -> None:
        image = spec.image
        self.spec = spec
        self.world = world
        self.clock = Clock(spec.clock, skew=spec.skew_seconds)
        super().__init__(FileSystem(self.clock.timestamp, image.read_only_root), Recorder())
        self.locks: dict[str, str] = {}
        self.end = End()
        self.storage.generated.update({"/proc": self._proc, "/sys": self._sys})
        host = self.storage.view()
        lay_out(host, spec, world.tls_root if trusted_pem is None else trusted_pem)
        self.storage.disk.sync_all()
        self.nginx = Nginx(host, self.clock)
        self.network = BoxNetwork(world, host, self.clock, self.nginx, spec.address)
        self.odoo = Odoo(image, self.storage, self.clock, self.nginx, self.network.reachable)
        self.vendor = Vendor(self.odoo, self.network)
        self.network.answers = self._answers
        if spec.tends_certificate:
            self.odoo.tend = self.vendor.tends
        self.booted_at = 0.0
        manager = NetworkManager(host, spec.resolvers)
        self.programs = Programs(spec, self.clock, self.storage, self.nginx, self.odoo, manager, ntp=True)
        self.storage.boot()
        self._boot_services()

    # what the world does to the box

    def kill(self) -> None:
        """End the tool's process: its mount namespace, its lock and its open files go, what it started stays."""
        self._private = None
        self.end = End()
        self.close_files()
        self.locks = {path: holder for path, holder in self.locks.items() if holder != str(TOOL_PID)}
        self.recorder.new_process()

    def reboot(self) -> None:
        """Shut down in good order and start again."""
        self._stop_everything()
        self.storage.clean_reboot()
        self._boot_services()

    def power_cut(self, choose: Choose) -> None:
        """Cut the power and start again; `choose` says of each change that was not synced whether it was kept."""
        self._stop_everything()
        self.storage.power_cut(choose)
        self._boot_services()

    def clone(self) -> SimulatedBox:
        """Return an independent box in the same state, in the same world."""
        return copy.deepcopy(self, {id(self.world): self.world, id(self.spec): self.spec})

    def hold_lock(self, path: str, holder: str) -> None:
        """Let another process hold a lock."""
        self.locks[path] = holder

    @property
    def host(self) -> FileView:
        """Return the file system as root sees it outside the tool, unrecorded."""
        return self.storage.view()

    def tell_to_end(self) -> None:
        """Send SIGTERM to the tool; raises `ending.Stopped` unless it has put its end off."""
        self.end.tell()

    # Machine

    def now(self) -> datetime:
        """See `Machine.now`."""
        self.recorder.alive()
        return self.clock.now()

    def monotonic(self) -> float:
        """See `Machine.monotonic`."""
        self.recorder.alive()
        return self.clock.elapsed

    def sleep(self, seconds: float) -> None:
        """Let simulated time pass; what is due on the box happens meanwhile."""
        self.recorder.alive()
        self.clock.advance(seconds)

    def user(self, name: str) -> User:
        """See `Machine.user`."""
        self.recorder.alive()
        return self.spec.image.users()[name]

    def run(self, arguments: tuple[str, ...], timeout: float) -> Completed:
        """See `Machine.run`; programs that only read are not recorded."""
        if reads_only(arguments):
            self.recorder.alive()
            return self._run(arguments, timeout)
        with self.recorder.changing(CallKind.RUN, "", *arguments):
            return self._run(arguments, timeout)

    def signal(self, process: ProcessId, number: int) -> None:
        """See `Machine.signal`."""
        with self.recorder.changing(CallKind.SIGNAL, "", process.pid, number):
            self.programs.signal(process, number)

    def put_off_end(self) -> None:
        """See `Machine.put_off_end`."""
        self.end.is_put_off = True

    def is_told_to_end(self) -> bool:
        """See `Machine.is_told_to_end`."""
        return self.end.waits

    def accept_end(self) -> None:
        """See `Machine.accept_end`."""
        self.end.accept()

    def private_mounts(self) -> None:
        """See `Machine.private_mounts`."""
        with self.recorder.changing(CallKind.PRIVATE_MOUNTS):
            if self._private is None:
                self._private = self.storage.host.private_copy()

    def remount_writable(self, path: str) -> None:
        """See `Machine.remount_writable`; without `private_mounts` the host sees it too."""
        with self.recorder.changing(CallKind.REMOUNT_WRITABLE, path):
            self._namespace.at(path).remount(read_only=False)

    @contextmanager
    def lock(self, path: str) -> Iterator[Lock]:
        """See `Machine.lock`."""
        with self.recorder.changing(CallKind.LOCK, path):
            holder = self.locks.get(path)
            if holder is not None:
                raise LockHeld(holder)
            lock = self._write_lock_file(path)
            if lock.is_held:
                self.locks[path] = str(TOOL_PID)
        try:
            yield lock
        finally:
            self.locks.pop(path, None)

    # Network

    def resolve(self, name: str, timeout: float) -> tuple[str, ...]:
        """See `Network.resolve`."""
        self.recorder.alive()
        return self.network.resolve(name, timeout)

    def ask_resolver(self, server: str, name: str, timeout: float) -> tuple[str, ...]:
        """See `Network.ask_resolver`."""
        self.recorder.alive()
        return self.network.ask_resolver(server, name, timeout)

    def served_certificate(self, address: str, port: int, name: str, timeout: float) -> bytes:
        """See `Network.served_certificate`."""
        self.recorder.alive()
        return self.network.served_certificate(address, port, name, timeout)

    def get(self, url: str, timeout: float, limit: int) -> HttpReply:
        """See `Network.get`."""
        self.recorder.alive()
        return self.network.get(url, timeout, limit)

    def post(self, url: str, body: bytes, timeout: float, limit: int) -> HttpReply:
        """See `Network.post`; it is recorded, because what is asked for may change the box."""
        with self.recorder.changing(CallKind.POST, "", url):
            return self.network.post(url, body, timeout, limit)

    def presented(self, url: str, timeout: float, *, proxy: str | None = None) -> bytes | None:
        """See `Network.presented`."""
        self.recorder.alive()
        return self.network.presented(url, timeout, proxy=proxy)

    def send(self, request: HttpsRequest) -> HttpReply:
        """See `Network.send`; a POST is recorded, because the authority counts it."""
        if request.body is None:
            self.recorder.alive()
            return self.network.send(request)
        with self.recorder.changing(CallKind.POST, "", request.url):
            return self.network.send(request)

    def _run(self, arguments: tuple[str, ...], timeout: float) -> Completed:
        done, seconds = self.programs.run(arguments, self._namespace)
        self.clock.advance(min(seconds, timeout))
        if seconds > timeout:
            raise RanTooLong(arguments[0], timeout)
        return done

    def _write_lock_file(self, path: str) -> Lock:
        files = self._files
        try:
            with suppress(FileExistsError):
                files.make_directory(path.rpartition("/")[0], 0o755, 0, 0)
            files.write(path, f"{TOOL_PID}\n".encode(), 0o600)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EROFS):
                raise
            return Lock(is_held=_is_there(files, path), problem=os.strerror(error.errno))
        return Lock()

    def _answers(self, port: int, request: WebRequest) -> WebReply:
        return ports.answer(self, port, request)

    def _boot_services(self) -> None:
        self.booted_at = self.clock.elapsed
        self.programs.network_manager.apply()
        self.programs.ntp = True  # a step of Odoo's unit
        self.odoo.start()
        self.clock.advance(BOOT_SECONDS)

    def _stop_everything(self) -> None:
        self.kill()
        self.locks.clear()
        self.clock.agenda.clear()
        self.programs.timers.waiting.clear()
        self.odoo.power_off()
        self.nginx.power_off()

    def _proc(self) -> Inode:
        tool = ProcProcess(TOOL_PID, ("python3", "-I"), "R")
        processes = tuple(self.programs.processes().values())
        listening = [(ANY, port) for port in (HTTP_PORT, HTTPS_PORT) if self.nginx.running]
        if self.odoo.listening and self.odoo.bound.port:
            listening.append((self.odoo.bound.address, self.odoo.bound.port))
        return proc_tree(
            tool,
            processes,
            self._namespace,
            self.spec.address,
            self.spec.gateway,
            uptime=self.clock.elapsed,
            listening=tuple(listening),
        )

    def _sys(self) -> Inode:
        return sys_tree(self.spec.serial)


def _is_there(files: FileView, path: str) -> bool:
    try:
        files.status(path)
    except FileNotFoundError:
        return False
    return True
