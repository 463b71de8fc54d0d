"""The vendor's program as a process: it starts, restarts itself on SIGHUP, can be held still, and crashes.

What becomes of a signal is in `sleeper`.
"""

from __future__ import annotations

import configparser
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from reconciler.machine.system import Completed
from reconciler.model.observed import StoreFormat

from .clock import Clock
from .filesystem import FileSystem
from .image import INI, LOG
from .log_format import end_of_thread, pairing_in_vain, prefixed
from .log_levels import LogLevels
from .mounts import Credentials
from .nginx import Nginx
from .options import Bound, bound, log_levels
from .sleeper import Sleeper
from .spec import Image
from .store import LINK_KEYS, VendorStore
from .units import OK, Unit

PID_FILE = "/run/odoo/odoo.pid"
PID_FILE_OF_SYSV = "/run/odoo.pid"
PID_SECONDS = 0.3
START_SECONDS = 1.0
"""From its start until it catches signals and listens; the pid file is there before."""
MANAGER_SECONDS = 0.1
LONG_POLL_SECONDS = 50.0
"""How long systemd waits for it while a till holds a long poll."""
STOP_SECONDS = 0.5
SYSV_STOP_SECONDS = 3.0
SYSTEMD_STOP_SECONDS = 90.0
"""Before what does not end is killed: by the SysV script, and by systemd."""

Waiting = tuple[Callable[..., object], tuple[object, ...]]


@dataclass(slots=True)
class Odoo:
    """The process.

    Args:
        reachable: whether the box can reach a server URL.
        tend: what its manager does after its start; nothing unless the box is told so.
        born_at: seconds on the box's monotonic clock at which its process began.
        started_at: the same of its last start, in place or not.
        name: of its main thread, which it may choose itself.
        long_poll: a till holds a request open, which makes stopping slow.
        levels: what is written into its log.
    """

    image: Image
    storage: FileSystem
    clock: Clock
    nginx: Nginx
    reachable: Callable[[str], bool]
    unit: Unit = field(init=False)
    pid: int = 0
    next_pid: int = 900
    name: str | None = None
    listening: bool = False
    manager_dead: bool = False
    long_poll: bool = False
    bound: Bound = field(default_factory=Bound)
    levels: LogLevels = field(default_factory=LogLevels)
    starts: int = 0
    born_at: float = 0.0
    started_at: float = 0.0
    tend: Callable[[], None] | None = None
    waiting: list[Waiting] = field(default_factory=list)
    sleeper: Sleeper = field(init=False)
    store: VendorStore = field(init=False)

    def __post_init__(self) -> None:
        self.unit = self._new_unit()
        self.sleeper = Sleeper(self.clock, self._obey)
        self.store = VendorStore(self.image.store_format, self.storage.view(self.credentials))

    @property
    def credentials(self) -> Credentials:
        """Return the rights of the service user."""
        user = self.image.users()[self.image.service_user]
        return Credentials(user.uid, user.groups)

    def start(self) -> Completed:
        """Do `systemctl start odoo`; a SysV unit whose process died counts as active, and nothing happens."""
        if self.unit.state == "active" or self.pid:
            return OK
        if not self.unit.may_start(self.clock.elapsed):
            return Completed(1, "", "Job for odoo.service failed.\n")
        self._spawn()
        return OK

    def stop(self) -> Completed:
        """Do `systemctl stop odoo`."""
        self._end()
        self.unit.down()
        return OK

    def stop_seconds(self) -> float:
        """Return how long a stop takes now; a TERM that is lost makes it as long as whoever stops it has patience."""
        if not self.pid:
            return 0.0
        patience = SYSV_STOP_SECONDS if self.image.sysv else SYSTEMD_STOP_SECONDS
        if self.sleeper.loses_term:
            return patience
        return min(patience, LONG_POLL_SECONDS if self.long_poll else STOP_SECONDS)

    def restart(self) -> Completed:
        """Do `systemctl restart odoo`."""
        self.stop()
        return self.start()

    def power_off(self) -> None:
        """End with the whole machine."""
        self._end(clean=False)
        self.unit = self._new_unit()
        self.manager_dead = False
        self.store.cached = None

    @property
    def stopped(self) -> bool:
        """Return whether a signal holds it still."""
        return self.sleeper.stopped

    def signal(self, number: int) -> None:
        """Receive a signal."""
        if self.pid:
            self.sleeper.receive(number)

    def do(self, action: Callable[..., object], *arguments: object) -> None:
        """Let the program do something: now, or when it runs again; never if it has ended or restarted by then."""
        if not self.pid:
            return
        if self.stopped:
            self.waiting.append((action, arguments))
        else:
            action(*arguments)

    def later(self, seconds: float, action: Callable[..., object], *arguments: object) -> None:
        """Let the program do something after a while, unless it has ended or restarted by then."""
        self.clock.later(seconds, self._if_same, self.starts, action, *arguments)

    def log(self, level: str, logger: str, text: str) -> None:
        """Write a line to the log, if the configured level lets it through."""
        if not self.levels.lets_in(logger, level):
            return
        coloured = self.image.coloured
        self.print(prefixed(self.clock.now(), self.pid, level, logger, text, coloured=coloured))

    def print(self, text: str) -> None:
        """Write to the standard error output, which systemd appends to the log; a full disk swallows it."""
        with suppress(OSError):
            self.storage.view().append(LOG, text.encode())

    def manager_dies(self, error: str) -> None:
        """End the thread that renews and reports."""
        self.manager_dead = True
        pieces = end_of_thread(f"/home/pi/odoo/addons/{self.image.addon}/main.py", error)
        lines = pieces if self.image.code.splits_lines else ("".join(pieces),)
        for line in lines:
            self.log("ERROR", f"odoo.addons.{self.image.addon}.exception_logger", line.rstrip("\n"))

    def threads(self) -> list[float]:
        """Return when each thread beside the first began, in seconds of the box's monotonic clock.

        The manager begins while modules are loaded, before the program listens; what follows it begins with it.
        """
        lasting, of_manager = self.image.code.threads
        if not self.listening:
            return []
        began = self.started_at + START_SECONDS
        managing = [] if self.manager_dead else [began] * of_manager
        requests = [self.clock.elapsed] if self.long_poll else []
        return [*managing, *[began + MANAGER_SECONDS] * (lasting - 1), *requests]

    def asks_for_pairing(self, times: int, every: float = 12.0) -> None:
        """Ask for a pairing code in vain, as an unlinked box does; each time fills 5 KiB of the log."""
        error = "ConnectionError: HTTPSConnectionPool(host='iot-proxy.odoo.com', port=443): Max retries exceeded"
        for at in range(times):
            text = pairing_in_vain(f"requests.exceptions.{error}")
            self.later(at * every, self.log, "ERROR", f"odoo.addons.{self.image.addon}.connection_manager", text)

    def restart_in_place(self) -> None:
        """Do what a HUP or a request over HTTP does: the same process begins anew."""
        self.log("INFO", "odoo.service.server", "Initiating server reload")
        self.listening = False
        self.starts += 1
        self.started_at = self.clock.elapsed
        self.waiting.clear()
        self.sleeper.begin()
        self.later(PID_SECONDS, self._begun)

    def restart_nginx(self) -> bool:
        """Restart nginx as the vendor's code does; where that fails, most branches lose their manager."""
        if self.nginx.restart().status == 0:
            return True
        if self.image.code.needs_nginx:
            command = "['sudo', 'service', 'nginx', 'restart']"
            self.manager_dies(f"subprocess.CalledProcessError: Command '{command}' returned non-zero exit status 1.")
        return False

    def _new_unit(self) -> Unit:
        return Unit("odoo.service", limited=self.image.start_limited)

    def _if_same(self, starts: int, action: Callable[..., object], *arguments: object) -> None:
        if starts == self.starts:
            self.do(action, *arguments)

    def _spawn(self) -> None:
        self.next_pid += 1
        self.pid, self.starts = self.next_pid, self.starts + 1
        self.born_at = self.started_at = self.clock.elapsed
        self.unit.up(0 if self.image.sysv else self.pid)
        files, credentials = self.storage.view(), self.credentials
        with suppress(FileExistsError):
            files.make_directory("/run/odoo", 0o755, credentials.uid, credentials.groups[0])
        if self.image.sysv:
            files.write(PID_FILE_OF_SYSV, f"{self.pid}\n".encode())
        self.sleeper.begin()
        self.later(PID_SECONDS, self._begun)

    def _begun(self) -> None:
        try:
            self.store.load_at_start()
        except (configparser.Error, UnicodeDecodeError, OSError) as error:
            self._crash(error)
            return
        self.levels = log_levels(self.storage.view())
        self.storage.view(self.credentials).write(PID_FILE, str(self.pid).encode())
        self.log("INFO", "odoo.tools.config", "adding missing 'base' to --load/server_wide_modules")
        self.log("INFO", "odoo", f"Odoo version {self.image.branch.replace('saas-', 'saas~')}")
        self.later(START_SECONDS - PID_SECONDS, self._listens)

    def _listens(self) -> None:
        self.sleeper.fall_asleep()
        self.bound = bound(self.storage.view(), self.image)
        self.listening = True
        self.later(MANAGER_SECONDS, self._manager_starts)

    def _manager_starts(self) -> None:
        self.manager_dead = False
        if self._starts_well() and self.tend is not None:
            self.tend()

    def _starts_well(self) -> bool:
        """Start nginx, then ask the database; on the newer branches each failure ends the thread for good."""
        if not self.restart_nginx() and self.image.code.needs_nginx:
            return False
        if self.image.store_format is StoreFormat.FLAT:
            return True
        try:
            values = {key: self.store.get(key) for key in LINK_KEYS}
        except configparser.InterpolationError as error:
            self.manager_dies(f"configparser.InterpolationSyntaxError: {error.message}")
            return False
        server = values["remote_server"]
        if server and self.image.store_format is StoreFormat.INI_RAW and not self.reachable(server):
            self.manager_dies(f"requests.exceptions.ConnectionError: cannot connect to {server}")
            return False
        return True

    def _obey(self, number: int) -> None:
        """Do what a signal makes of the process once it has reached its main thread, or the kernel."""
        if number == signal.SIGCONT:
            actions, self.waiting = self.waiting, []
            for action, arguments in actions:
                self.do(action, *arguments)
        elif number == signal.SIGKILL:
            self._killed()
        elif number == signal.SIGHUP and self.sleeper.catches:
            self.restart_in_place()
        else:
            self.stop()  # HUP, too, is a clean end to systemd

    def _crash(self, error: Exception) -> None:
        self.print(f"Traceback (most recent call last):\n{type(error).__name__}: {INI}\n")
        self._end()
        self._respawn()

    def _killed(self) -> None:
        self._end(clean=False)
        self._respawn()

    def _respawn(self) -> None:
        if self.image.sysv:
            return  # nobody watches it: the unit stays active over a dead process
        self.unit.down(failed=True)
        self.unit.state = "activating"
        self.clock.later(self.image.respawn_seconds, self._start_again)

    def _start_again(self) -> None:
        if self.unit.state == "activating" and not self.pid:
            self._spawn()

    def _end(self, *, clean: bool = True) -> None:
        self.pid, self.listening = 0, False
        self.starts += 1
        self.sleeper.begin()
        self.waiting.clear()
        if clean:
            with suppress(FileNotFoundError):
                self.storage.view().remove(PID_FILE)
