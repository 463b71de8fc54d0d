"""Boxes that let a new key in by a password of their homepage: real sshd, PAM, sudo and mounts, and a reboot."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

import boxes
from reconciler.cli import main

from .lab import Lab, Unit

KEYS = "/home/pi/.ssh/authorized_keys"
HOST_KEY = "/etc/ssh/ssh_host_ed25519_key.pub"
ROOT = Path(__file__).parents[2]
STEPS = (
    "ask the homepage for a new password",
    "log in with the password",
    "add the key",
    "note the host key",
    "log in by the key alone",
)
SECONDS = 120


@dataclass
class Shop:
    """One box, and a control machine whose key it does not know."""

    unit: Unit
    folder: Path

    def begin(self) -> None:
        """Make a key, and an inventory that says of the box where it is."""
        key = self.folder / "id"
        if not key.exists():
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "msp", "-f", key], check=True)
        self.known_hosts.unlink(missing_ok=True)
        self.inventory.write_text(
            "all:\n  hosts:\n"
            f"    {self.unit.box.name}:\n"
            f"      ansible_host: {self.unit.box.address}\n"
            "      ansible_user: pi\n"
            f"      ansible_ssh_private_key_file: {key}\n"
            f"      ansible_ssh_common_args: -F none -o IdentitiesOnly=yes -o UserKnownHostsFile={self.known_hosts}\n"
        )

    @property
    def inventory(self) -> Path:
        """The file."""
        return self.folder / "hosts.yml"

    @property
    def known_hosts(self) -> Path:
        """The file."""
        return self.folder / "known_hosts"

    @property
    def line(self) -> str:
        """What is added."""
        return (self.folder / "id.pub").read_text().strip()

    @property
    def keys(self) -> list[str]:
        """What the box lets in."""
        return self.unit.box.read(KEYS).splitlines()

    def command(self, *words: str) -> list[str]:
        """A command line."""
        return [sys.executable, "-m", "reconciler.cli", "--debug", "enroll", "-i", str(self.inventory), "--yes", *words]

    def compared(self) -> list[str]:
        """The option that says that the host key was compared on the box itself."""
        return ["--host-key-fingerprint", self.unit.box.shell(f"ssh-keygen -lf {HOST_KEY}").split()[1]]

    def run(self, *words: str) -> int:
        """Run the command to its end, in this process: another one takes seconds to begin."""
        return main(self.command(*words)[3:])

    @property
    def env(self) -> dict[str, str]:
        """The environment of a command: nothing of the user who runs this."""
        return {**os.environ, "HOME": str(self.folder), "SSH_AUTH_SOCK": ""}

    def killed_at(self, step: str) -> None:
        """Begin, and be killed when that step is told."""
        with subprocess.Popen(
            self.command(*self.compared()), cwd=ROOT, env=self.env, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr is not None
            told = any(line.rstrip().endswith(f": {step}") for line in process.stderr)
            process.kill()
        assert told, step

    def logs_in(self, key: Path) -> bool:
        """Tell whether OpenSSH gets in by a key and nothing else, on the host key that was noted."""
        options = ["IdentitiesOnly=yes", "BatchMode=yes", f"UserKnownHostsFile={self.known_hosts}"]
        options += ["StrictHostKeyChecking=yes", f"HostKeyAlias={self.unit.box.name}"]
        words = [word for option in options for word in ("-o", option)]
        command = ["ssh", "-F", "none", *words, "-i", str(key), f"pi@{self.unit.box.address}", "true"]
        return subprocess.run(command, check=False, capture_output=True, timeout=SECONDS).returncode == 0


@pytest.fixture
def shop(lab: Lab, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    found = Shop(lab.unit(kind, "work"), tmp_path)
    found.begin()
    yield found
    # from 9.8 on, OpenSSH turns away for some seconds whom it has refused a few times; a new start forgets that
    found.unit.box.shell("systemctl restart ssh")


@pytest.mark.parametrize("kind", boxes.KINDS)
def test_a_box_lets_the_key_in_after_a_reboot_until_it_is_removed(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    box = shop.unit.box
    before, mounts = shop.keys, box.shell("grep ' / ' /proc/self/mounts")
    status = shop.run(*shop.compared())
    said = capsys.readouterr()
    assert (status, said.out) == (0, f"{box.name}: enrolled: key added, host key noted\n"), said.err
    assert box.shell(f"stat -c '%a %U %G' {KEYS} /home/pi/.ssh") == "600 pi pi\n700 pi pi\n"
    assert box.shell("grep ' / ' /proc/self/mounts") == mounts
    box.reboot()
    assert shop.logs_in(shop.folder / "id")
    assert shop.keys == [*before, shop.line]
    assert f"iot_https_serial: {box.serial}" in shop.inventory.read_text().replace("'", "").replace('"', "")
    capsys.readouterr()
    assert shop.run("--remove") == 0
    assert capsys.readouterr().out == f"{box.name}: removed: the key no longer lets in\n"
    assert not shop.logs_in(shop.folder / "id")
    assert shop.logs_in(box.ssh_key)
    assert shop.keys == before


def killed(shop: Shop, steps: Sequence[str]) -> None:
    """Begin anew for each step, be killed there, and let the next run finish."""
    before = shop.keys
    for step in steps:
        shop.begin()
        shop.killed_at(step)
        assert shop.keys in (before, [*before, shop.line])
        assert shop.run(*shop.compared()) == 0, step
        assert shop.keys == [*before, shop.line]
        assert shop.logs_in(shop.folder / "id")
        assert shop.unit.box.shell("ls -A /home/pi/.ssh").split() == ["authorized_keys"]
        assert shop.run("--remove") == 0


@pytest.mark.parametrize("kind", ["ro_ini"])
def test_killed_while_the_key_is_added_the_next_run_finishes(shop: Shop) -> None:
    killed(shop, ["add the key"])


@pytest.mark.soak
@pytest.mark.parametrize("kind", boxes.KINDS)
def test_killed_at_each_step_the_next_run_finishes(shop: Shop) -> None:
    killed(shop, STEPS)


@pytest.mark.parametrize("kind", ["ro_ini"])
def test_a_server_that_takes_no_password_is_said_before_one_is_made(
    shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    box = shop.unit.box
    shadow, rule = box.read("/etc/shadow"), "/etc/ssh/sshd_config.d/keys-only.conf"
    box.shell(f"echo 'PasswordAuthentication no' > {rule}; systemctl reload ssh")
    try:
        assert shop.run(*shop.compared()) == 16
        assert "sshd takes no password (PasswordAuthentication no)" in capsys.readouterr().out
        assert box.read("/etc/shadow") == shadow
    finally:
        box.shell(f"rm {rule}; systemctl reload ssh")
