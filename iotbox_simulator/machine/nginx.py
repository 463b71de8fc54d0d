"""nginx on a simulated box: it reads the pair through its configuration, and what it has read is what it serves."""

from __future__ import annotations

import posixpath
import re
import signal
from dataclasses import dataclass, field

from reconciler.machine.system import Completed

from .clock import Clock
from .nginx_pair import check_pair
from .units import OK, Unit, job_failed
from .view import FileView

CONFIGURATION = "/etc/nginx/nginx.conf"
PID_FILE = "/run/nginx.pid"
RELOAD_SECONDS = 0.06
"""For so long after a reload the old pair was seen to be served."""
_LIMIT = 1 << 20
_INCLUDE = re.compile(r"^\s*include\s+(\S+);", re.MULTILINE)
_DIRECTIVE = re.compile(r"^\s*(ssl_certificate|ssl_certificate_key)\s+(\S+);", re.MULTILINE)


class ConfigurationRefused(Exception):
    """nginx does not accept its configuration; the text is its `[emerg]` line."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The pair that nginx serves: both files as it read them, and the leaf in DER."""

    certificate: bytes
    key: bytes
    leaf: bytes


@dataclass(slots=True)
class Nginx:
    """The master process. `loaded` is None while it is down."""

    files: FileView
    clock: Clock
    unit: Unit = field(default_factory=lambda: Unit("nginx.service"))
    pid: int = 0
    loaded: Loaded | None = None
    next_pid: int = 700

    @property
    def running(self) -> bool:
        """Return whether it holds ports 80 and 443."""
        return self.pid != 0

    @property
    def served(self) -> bytes | None:
        """Return the leaf that a handshake presents, in DER."""
        return (self.loaded.leaf or None) if self.loaded else None

    def test(self) -> Completed:
        """Do `nginx -t`."""
        try:
            self._load()
        except ConfigurationRefused as error:
            return Completed(1, "", f"nginx: [emerg] {error}\nnginx: configuration file {CONFIGURATION} test failed\n")
        fine = f"nginx: the configuration file {CONFIGURATION} syntax is ok\n"
        return Completed(0, "", f"{fine}nginx: configuration file {CONFIGURATION} test is successful\n")

    def dump(self) -> Completed:
        """Do `nginx -T`: test, and show every file of the configuration."""
        tested = self.test()
        if tested.status != 0:
            return tested
        shown = (f"# configuration file {path}:\n{text}\n" for path, text in self._configuration())
        return Completed(0, "".join(shown), tested.errors)

    def reload(self) -> Completed:
        """Do `nginx -s reload`, which needs the pid file and a configuration that is fine."""
        try:
            pair = self._load()
            self.files.read(PID_FILE)
        except ConfigurationRefused as error:
            return Completed(1, "", f"nginx: [emerg] {error}\n")
        except FileNotFoundError:
            reason = f'open() "{PID_FILE}" failed (2: No such file or directory)'
            return Completed(1, "", f"nginx: [error] {reason}\n")
        if not self.running:
            return Completed(1, "", "nginx: [alert] kill(700, 1) failed (3: No such process)\n")
        self.clock.later(RELOAD_SECONDS, self._serve, self.pid, pair)
        return OK

    def start_by_hand(self) -> Completed:
        """Start it as a plain `nginx`, of which systemd knows nothing."""
        if self.running:
            return Completed(1, "", "nginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)\n")
        try:
            self._run(self._load())
        except ConfigurationRefused as error:
            return Completed(1, "", f"nginx: [emerg] {error}\n")
        return OK

    def start(self) -> Completed:
        """Do `systemctl start nginx`."""
        if self.unit.state == "active":
            return OK
        if not self.unit.may_start(self.clock.elapsed):
            return job_failed(self.unit.name, limit=True)
        if self.start_by_hand().status != 0:
            self.unit.down(failed=True)
            return job_failed(self.unit.name)
        self.unit.up(self.pid)
        return OK

    def stop(self) -> Completed:
        """Do `systemctl stop nginx`; one that was started by hand survives and only loses its pid file."""
        if self.unit.state == "active":
            self.die()
        else:
            self._remove_pid_file()
        self.unit.down()
        return OK

    def restart(self) -> Completed:
        """Do `systemctl restart nginx` or `service nginx restart`."""
        self.stop()
        return self.start()

    def reload_unit(self) -> Completed:
        """Do `systemctl reload nginx`."""
        if self.unit.state != "active":
            return Completed(1, "", f"{self.unit.name} is not active, cannot reload.\n")
        return self.reload()

    def die(self, *, clean: bool = True) -> None:
        """End; one that was killed leaves its pid file, and systemd calls it failed."""
        by_systemd = self.unit.main_pid == self.pid
        self.pid, self.loaded = 0, None
        if clean:
            self._remove_pid_file()
        if by_systemd:
            self.unit.down(failed=not clean)

    def signal(self, number: int) -> None:
        """Receive a signal."""
        if number == signal.SIGHUP:
            self.reload()
        elif number in (signal.SIGTERM, signal.SIGQUIT, signal.SIGKILL):
            self.die(clean=number != signal.SIGKILL)
        elif number != 0:
            raise AssertionError(f"the simulated nginx does not know signal {number}")

    def power_off(self) -> None:
        """End with the whole machine."""
        self.pid, self.loaded = 0, None
        self.unit = Unit("nginx.service")

    def _serve(self, pid: int, pair: Loaded) -> None:
        if pid == self.pid:
            self.loaded = pair

    def _run(self, pair: Loaded) -> None:
        self.next_pid += 1
        self.pid, self.loaded = self.next_pid, pair
        self.files.write(PID_FILE, f"{self.pid}\n".encode())

    def _remove_pid_file(self) -> None:
        try:
            self.files.remove(PID_FILE)
        except FileNotFoundError:
            return

    def _load(self) -> Loaded:
        paths = dict(_DIRECTIVE.findall(_default_server("\n".join(text for _, text in self._configuration()))))
        if "ssl_certificate" not in paths or "ssl_certificate_key" not in paths:
            raise ConfigurationRefused('no "ssl_certificate" is defined for the "listen ... ssl" directive')
        certificate = self._file(paths["ssl_certificate"], "certificate")
        key = self._file(paths["ssl_certificate_key"], "certificate key")
        outcome = check_pair(certificate, key, paths["ssl_certificate"], paths["ssl_certificate_key"])
        if isinstance(outcome, str):
            raise ConfigurationRefused(outcome)
        return Loaded(certificate, key, outcome)

    def _configuration(self) -> list[tuple[str, str]]:
        main = self._part(CONFIGURATION)
        parts = [(CONFIGURATION, main)]
        for pattern in _INCLUDE.findall(main):
            directory, _, mask = pattern.rpartition("/")
            names = [n for n in self.files.list(directory) if mask == "*" or n.endswith(mask.removeprefix("*"))]
            paths = [posixpath.join(directory, name) for name in names]
            parts += [(path, self._part(path)) for path in paths]
        return parts

    def _part(self, path: str) -> str:
        try:
            text = self.files.read(path, _LIMIT).decode()
        except OSError as error:
            raise ConfigurationRefused(f'open() "{path}" failed ({error.errno}: {error.strerror})') from None
        _check_syntax(text, path)
        return text

    def _file(self, path: str, what: str) -> bytes:
        try:
            return self.files.read(path, _LIMIT)
        except OSError as error:
            reason = f"BIO_new_file() failed (SSL: error:80000002:system library::{error.strerror})"
            raise ConfigurationRefused(f'cannot load {what} "{path}": {reason}') from None


def _default_server(text: str) -> str:
    """Return the server block that answers on port 443: the one that says so, or else the first."""
    servers = [
        part for part in re.split(r"(?m)^\s*server\s*\{", text)[1:] if re.search(r"(?m)^\s*listen\s+443\b", part)
    ]
    said = [part for part in servers if re.search(r"(?m)^\s*listen\s+443\b[^;]*\bdefault_server\b", part)]
    return next(iter([*said, *servers]), text)


def _check_syntax(text: str, path: str) -> None:
    depth = 0
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.partition("#")[0].strip()
        if line and line[-1] not in "{};":
            raise ConfigurationRefused(f'directive "{line.split()[0]}" is not terminated by ";" in {path}:{number}')
        depth += line.count("{") - line.count("}")
    if depth:
        raise ConfigurationRefused(f'unexpected {"end of file, expecting" if depth > 0 else ""} "}}" in {path}')
