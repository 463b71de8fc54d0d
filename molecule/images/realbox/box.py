"""One running box, as a test drives it: run something, read and write files, reboot."""

from __future__ import annotations

import http.client
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from .kinds import KINDS, Kind
from .machine import BoxesError, cache_dir
from .podman import PREFIX, inside, podman

BOOT_SECONDS = 60.0
POLL_SECONDS = 0.1
BOOTED = {"running", "degraded"}


@dataclass(frozen=True)
class Box:
    """A box by name; it holds no state, so it can be passed between processes."""

    name: str
    kind: str
    address: str
    serial: str

    @property
    def container(self) -> str:
        """Name of its container."""
        return PREFIX + self.name

    @property
    def facts(self) -> Kind:
        """What its kind says."""
        return KINDS[self.kind]

    @property
    def ssh_key(self) -> Path:
        """Private key with which `pi` lets the lab in."""
        return cache_dir() / "ssh" / "id_ed25519"

    def exec(
        self,
        argv: Sequence[str],
        *,
        input: str | bytes | None = None,  # noqa: A002 - as in subprocess
        user: str = "root",
        check: bool = True,
    ) -> subprocess.CompletedProcess[str]:
        """Run a program on the box.

        Raises BoxesError with status and output when it fails and `check` is left on.
        """
        data = input.encode() if isinstance(input, str) else input
        done = inside(self.container, user, argv, data)
        output, errors = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
        if check and done.returncode:
            said = (errors or output).strip()
            raise BoxesError(f"{self.name}: {' '.join(argv)[:120]} ended with {done.returncode}: {said}")
        return subprocess.CompletedProcess(list(argv), done.returncode, output, errors)

    def shell(self, script: str, *, user: str = "root", check: bool = True) -> str:
        """Standard output of a shell script on the box."""
        return self.exec(["sh", "-c", script], user=user, check=check).stdout

    def read(self, path: str) -> str:
        """Text of a file."""
        return self.exec(["cat", path]).stdout

    def write(self, path: str, data: str | bytes) -> None:
        """Overwrite a file in place: owner, mode and links stay."""
        self.exec(["sh", "-c", 'cat > "$1"', "sh", path], input=data)

    def reboot(self, *, power_cut: bool = False) -> None:
        """Restart and wait until it is up; a power cut gives nothing on it the time to stop."""
        if power_cut:
            self.switch_off()
            self.switch_on()
        else:
            podman("restart", "--time", "20", self.container)
            self.wait_until_up()

    def switch_off(self) -> None:
        """Take its power away."""
        podman("kill", "--signal", "KILL", self.container)
        podman("wait", self.container)

    def switch_on(self) -> None:
        """Start it again and wait until it is up."""
        podman("start", self.container)
        self.wait_until_up()

    def wait_until_up(self) -> None:
        """Wait until systemd has finished booting and Odoo answers."""
        wait_for(self._booted, f"{self.name} has not finished booting", BOOT_SECONDS)
        wait_for(self.odoo_answers, f"Odoo does not answer on {self.name}", BOOT_SECONDS)

    def state(self) -> str:
        """What systemd says of the whole: running, degraded, starting..."""
        return self.exec(["systemctl", "is-system-running"], check=False).stdout.strip()

    def odoo_answers(self, path: str = "/hw_proxy/hello") -> bool:
        """Whether Odoo answers on its own port."""
        connection = http.client.HTTPConnection(self.address, 8069, timeout=2)
        try:
            connection.request("GET", path)
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def signal_odoo(self, name: str) -> None:
        """Signal the stand-in: HUP restarts in place, USR1 fetches a certificate now, USR2 saves its conf now."""
        self.exec(["sh", "-c", f"kill -{name} $(cat /run/odoo/odoo.pid)"])

    def _booted(self) -> bool:
        return self.exec(["systemctl", "is-system-running", "--wait"], check=False).stdout.strip() in BOOTED


def wait_for(condition: Callable[[], bool], failure: str, seconds: float = 20.0) -> None:
    """Poll until the condition holds.

    Raises BoxesError with the failure when it does not within the seconds.
    """
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise BoxesError(f"{failure} after {seconds:.0f} s")
        time.sleep(POLL_SECONDS)
