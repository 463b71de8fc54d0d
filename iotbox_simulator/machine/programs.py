"""The programs that may be run on a simulated box. What is not known here fails loudly: nothing is silently fine."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import dataclass, field

from reconciler.machine.system import Completed, ProcessId

from .clock import Clock
from .filesystem import FileSystem
from .mounts import Namespace
from .networkmanager import NetworkManager
from .nginx import Nginx
from .odoo import Odoo
from .procfs import ProcProcess
from .spec import BoxSpec
from .systemctl import QUICK, SLOW, Arguments, Outcome, Systemctl, properties, signal_number, unknown
from .timers import Timers
from .units import OK

NTP_SECONDS = 1.0
_ODOO = ("/usr/bin/python3", "/home/pi/odoo/odoo-bin", "--config", "/home/pi/odoo.conf")
_READING = (
    ("nginx", "-t"),
    ("nginx", "-T"),
    ("nginx", "-v"),
    *(("systemctl", verb) for verb in ("is-active", "is-failed", "is-enabled", "show", "status")),
    ("timedatectl", "show"),
    ("hostname",),
    ("ip",),
)


@dataclass(slots=True)
class Programs:
    """Everything that can be run, and the services behind it.

    Args:
        ntp_works: a time server answers.
        others: processes of somebody else, by pid; nothing but their signals becomes of them.
        signals: pid and number of each that was sent by the tool, or by a program for it.
        uid: who runs programs just now.
    """

    spec: BoxSpec
    clock: Clock
    storage: FileSystem
    nginx: Nginx
    odoo: Odoo
    network_manager: NetworkManager
    ntp: bool = False
    ntp_works: bool = True
    others: dict[int, ProcProcess] = field(default_factory=dict)
    signals: list[tuple[int, int]] = field(default_factory=list)
    uid: int = 0
    timers: Timers = field(init=False)
    systemctl: Systemctl = field(init=False)

    def __post_init__(self) -> None:
        self.timers = Timers(self.clock, self.run_on_host)
        self.systemctl = Systemctl(self.nginx, self.odoo, self.network_manager, self.timers)

    def run_on_host(self, arguments: Arguments) -> Completed:
        """Run a program for systemd, which waits for it as long as it takes."""
        return self.run(arguments, self.storage.host)[0]

    def run(self, arguments: Arguments, namespace: Namespace) -> Outcome:
        """Run a program in the mount namespace of whoever started it.

        Raises:
            FileNotFoundError: no such program.
            AssertionError: the program exists and nobody needed it to do that so far.
        """
        known: dict[str, Callable[[Arguments, Namespace], Outcome]] = {
            "nginx": self._nginx,
            "systemctl": self._systemctl,
            "service": self._service,
            "systemd-run": self._systemd_run,
            "timedatectl": self._timedatectl,
            "nmcli": self._nmcli,
            "mount": self._mount,
            "sync": self._sync,
            "hostname": self._hostname,
            "ip": self._ip,
            "kill": self._kill,
            "grep": self._grep,
            "setpriv": self._setpriv,
            "sleep": self._sleep,
            "sh": self._shell,
        }
        name = arguments[0].rpartition("/")[2]
        if name not in known:
            raise FileNotFoundError(2, "No such file or directory", arguments[0])
        return known[name](arguments, namespace)

    def processes(self) -> dict[int, ProcProcess]:
        """Return all that run, by pid."""
        running = [ProcProcess(1, ("/sbin/init",), executable="/usr/lib/systemd/systemd"), *self.others.values()]
        if self.odoo.pid:
            running.append(self._odoo())
        if self.nginx.pid:
            title = "nginx: master process /usr/sbin/nginx"
            running.append(ProcProcess(self.nginx.pid, (title,), executable="/usr/sbin/nginx"))
        return {process.pid: process for process in running}

    def _odoo(self) -> ProcProcess:
        odoo = self.odoo
        return ProcProcess(
            odoo.pid,
            _ODOO,
            odoo.sleeper.states(),
            odoo.born_at,
            uid=self.spec.image.uid,
            catches=(1, 2, 15) if odoo.sleeper.catches else (2,),
            name=odoo.name,
            threads=tuple(odoo.threads()),
        )

    def signal(self, process: ProcessId, number: int) -> None:
        """Send a signal to that very process; ProcessLookupError if it is gone."""
        found = self.processes().get(process.pid)
        if found is None or found.ticks != process.started:
            raise ProcessLookupError(3, "No such process")
        self.signal_whoever(process.pid, number)

    def signal_whoever(self, pid: int, number: int) -> None:
        """Send a signal to whoever has the pid.

        Raises:
            ProcessLookupError: nobody has it.
            PermissionError: who sends it is not root, and the process is somebody else's.
        """
        found = self.processes().get(pid)
        if found is None:
            raise ProcessLookupError(3, "No such process")
        if self.uid not in (0, found.uid):
            raise PermissionError(1, "Operation not permitted")
        self.signals.append((pid, number))
        if pid == self.odoo.pid:
            self.odoo.signal(number)
        elif pid == self.nginx.pid:
            self.nginx.signal(number)

    def _nginx(self, arguments: Arguments, _: Namespace) -> Outcome:
        match arguments[1:]:
            case ("-t",):
                return self.nginx.test(), QUICK
            case ("-T",):
                return self.nginx.dump(), QUICK
            case ("-v",):
                return Completed(0, "", "nginx version: nginx/1.22.1\n"), QUICK
            case ("-s", "reload"):
                return self.nginx.reload(), QUICK
            case ():
                return self.nginx.start_by_hand(), QUICK
        raise unknown(arguments)

    def _service(self, arguments: Arguments, namespace: Namespace) -> Outcome:
        match arguments[1:]:
            case (name, "start" | "stop" | "restart" | "reload" as verb):
                return self._systemctl(("systemctl", verb, name), namespace)
            case (name, "status"):
                return self._systemctl(("systemctl", "is-active", name), namespace)
        raise unknown(arguments)

    def _systemctl(self, arguments: Arguments, _: Namespace) -> Outcome:
        return self.systemctl.run(arguments)

    def _systemd_run(self, arguments: Arguments, _: Namespace) -> Outcome:
        return self.timers.start(arguments), QUICK

    def _timedatectl(self, arguments: Arguments, _: Namespace) -> Outcome:
        match arguments[1:]:
            case ("set-ntp", ("true" | "false") as wanted):
                self.ntp = wanted == "true"
                if self.ntp:
                    self.clock.later(NTP_SECONDS, self._synchronise)
                return OK, QUICK
            case ("show", *options):
                return self._show_time(options), QUICK
        raise unknown(arguments)

    def _show_time(self, options: list[str]) -> Completed:
        synchronised = self.ntp and self.ntp_works and self.clock.skew == 0
        known = {"NTP": _yes(self.ntp), "CanNTP": "yes", "NTPSynchronized": _yes(synchronised), "LocalRTC": "no"}
        names, value_only, _ = properties(options)
        chosen = names or tuple(known)
        lines = [known[name] if value_only else f"{name}={known[name]}" for name in chosen]
        return Completed(0, "\n".join(lines) + "\n", "")

    def _synchronise(self) -> None:
        if self.ntp and self.ntp_works:
            self.clock.skew = 0.0

    def _nmcli(self, arguments: Arguments, _: Namespace) -> Outcome:
        if arguments[1:3] not in (("general", "reload"), ("g", "reload")):
            raise unknown(arguments)
        return self.systemctl.reload_network_manager(), QUICK

    def _mount(self, arguments: Arguments, namespace: Namespace) -> Outcome:
        match arguments[1:]:
            case ("-o", ("remount,rw" | "remount,ro") as option, path):
                try:
                    namespace.at(path).remount(read_only=option.endswith("ro"))
                except OSError as error:
                    return Completed(32, "", f"mount: {path}: {error.strerror}.\n"), QUICK
                return OK, QUICK
        raise unknown(arguments)

    def _sync(self, arguments: Arguments, _: Namespace) -> Outcome:
        if len(arguments) > 1:
            raise unknown(arguments)
        self.storage.disk.sync_all()
        return OK, SLOW

    def _hostname(self, arguments: Arguments, _: Namespace) -> Outcome:
        if arguments[1:] not in (("-I",), ("--all-ip-addresses",)):
            raise unknown(arguments)
        return Completed(0, f"{self.spec.address} \n", ""), QUICK

    def _ip(self, arguments: Arguments, _: Namespace) -> Outcome:
        words = tuple(word for word in arguments[1:] if word not in ("-4", "-o", "-br"))
        address, gateway = self.spec.address, self.spec.gateway
        match words:
            case ("route", "show", "default"):
                return Completed(0, f"default via {gateway} dev eth0 proto dhcp src {address} metric 100 \n", ""), QUICK
            case ("route", "get", target):
                return Completed(0, f"{target} via {gateway} dev eth0 src {address} uid 0 \n    cache \n", ""), QUICK
            case ("addr" | "address", "show") | ("addr" | "address", "show", "dev", "eth0"):
                return Completed(0, f"2: eth0    inet {address}/24 brd + scope global eth0\n", ""), QUICK
        raise unknown(arguments)

    def _kill(self, arguments: Arguments, _: Namespace) -> Outcome:
        name, pid = arguments[1:] if arguments[1] != "-s" else arguments[2:]
        try:
            self.signal_whoever(int(pid), signal_number(name.removeprefix("-")))
        except OSError as error:
            return Completed(1, "", f"kill: ({pid}) - {error.strerror}\n"), QUICK
        return OK, QUICK

    def _grep(self, arguments: Arguments, namespace: Namespace) -> Outcome:
        match arguments[1:]:
            case (("-qE" | "-qzE") as options, pattern, path):
                flags = re.DOTALL if "z" in options else re.MULTILINE
                pattern = pattern.replace("[[:space:]]", r"\s")
                try:
                    text = self.storage.view(namespace=namespace).read(path).decode()
                except OSError as error:
                    return Completed(2, "", f"grep: {path}: {error.strerror}\n"), QUICK
                return (OK if re.search(pattern, text, flags) else Completed(1, "", "")), QUICK
        raise unknown(arguments)

    def _setpriv(self, arguments: Arguments, namespace: Namespace) -> Outcome:
        match arguments[1:]:
            case (user, group, "--clear-groups", *program) if (user[:8], group[:8]) == ("--reuid=", "--regid="):
                before, self.uid = self.uid, int(user.removeprefix("--reuid="))
                try:
                    return self.run(tuple(program), namespace)
                finally:
                    self.uid = before
        raise unknown(arguments)

    def _sleep(self, arguments: Arguments, _: Namespace) -> Outcome:
        self.clock.advance(float(arguments[1]))
        return OK, 0.0

    def _shell(self, arguments: Arguments, namespace: Namespace) -> Outcome:
        """Do the little of a shell that timers need: `;`, `&&`, `||` and positional parameters."""
        if arguments[1] != "-c":
            raise unknown(arguments)
        done, spent = OK, 0.0
        for operator, command in _commands(arguments[2]):
            if operator == ";" or (operator == "&&") == (done.status == 0):
                done, seconds = self.run(_expand(command, arguments[3:]), namespace)
                spent += seconds
        return done, spent


def reads_only(arguments: Arguments) -> bool:
    """Say whether this run of a program changes nothing."""
    status_of_service = arguments[:1] == ("service",) and arguments[-1:] == ("status",)
    return status_of_service or any(arguments[: len(known)] == known for known in _READING)


def _commands(script: str) -> list[tuple[str, str]]:
    """Cut a script into commands, each with the operator before it; what is in quotes is left whole."""
    parts = re.findall(r"""(;|&&|\|\||\A)((?:"[^"]*"|'[^']*'|[^"';&|])*)""", script)
    return [(operator or ";", command) for operator, command in parts]


def _expand(command: str, parameters: Arguments) -> Arguments:
    words = shlex.split(command)
    return tuple(re.sub(r"\$(\d)", lambda found: parameters[int(found[1])], word) for word in words)


def _yes(value: bool) -> str:  # noqa: FBT001
    return "yes" if value else "no"
