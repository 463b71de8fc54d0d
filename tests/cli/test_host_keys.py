"""Host keys that nobody has accepted yet are shown together, compared, and added under the boxes' names."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path

import asyncssh
import pytest

from iotbox_simulator.ssh import SshBox, SshFault
from reconciler.cli import main
from tests.support.ssh_boxes import Boxes, Fleet, boxes, codes
from tests.support.ssh_fixtures import ssh_lab
from tests.support.ssh_servers import LOOPBACK, SshLab, go

from .test_cli import Terminal

__all__ = ["ssh_lab"]
NAMES = ("till-1", "till-2", "till-3")
SHARED = asyncssh.generate_private_key("ssh-ed25519")


@dataclass
class Shop:
    """Boxes that are served, and an inventory of them; nobody has accepted a key of theirs."""

    lab: SshLab
    served: Boxes
    units: dict[str, SshBox]
    resolvers: dict[str, str] = field(default_factory=dict)

    async def command(self, *words: str) -> int:
        """Run the command beside the servers."""
        hosts = {
            name: {
                "ansible_host": box.address[0],
                "ansible_port": box.address[1],
                "ansible_user": "pi",
                "ansible_ssh_private_key_file": str(self.lab.identity),
                "ansible_ssh_common_args": f"-F none -o UserKnownHostsFile={self.lab.known_hosts}",
                "iot_https_resolvers": [self.resolvers.get(name, "1.1.1.1")],
            }
            for name, box in self.units.items()
        }
        inventory = self.lab.folder / "hosts.yml"
        inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
        return await asyncio.to_thread(main, ["host-keys", "-i", str(inventory), *words])

    def fingerprint(self, name: str) -> str:
        """Return that of a box."""
        return str(self.units[name].host_key.get_fingerprint())


def shop(lab: SshLab, scenario: object, keys: dict[str, asyncssh.SSHKey] | None = None) -> None:
    """Run a scenario with a shop."""

    async def within() -> None:
        fleet = Fleet()
        async with boxes(lab) as served:
            units = {
                name: served.host.open(
                    fleet.box(name, number=number), (LOOPBACK, 0), served.access, (keys or {}).get(name)
                )
                for number, name in enumerate(NAMES, start=1)
            }
            await scenario(Shop(lab, served, units))  # type: ignore[operator]

    go(within())


def known(lab: SshLab) -> list[str]:
    """Return the names in the file."""
    return [line.split()[0] for line in lab.known_hosts.read_text().splitlines()]


def test_keys_are_shown_asked_for_and_added_once(
    ssh_lab: SshLab, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ssh_lab.known_hosts.write_text("# no line break at the end")

    async def scenario(one: Shop) -> None:
        monkeypatch.setattr("sys.stdin", Terminal("n\n"))
        assert await one.command() == 16
        assert known(ssh_lab) == ["#"]
        monkeypatch.setattr("sys.stdin", Terminal("y\n"))
        assert await one.command() == 0
        out, errors = capsys.readouterr()
        for name in NAMES:
            assert out.count(f"{name}  ssh-ed25519 {one.fingerprint(name)}") == 2
        assert f"Add 3 keys to {ssh_lab.known_hosts}? [y/N]" in errors
        assert "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub" in errors
        assert known(ssh_lab) == ["#", *NAMES]
        assert await one.command() == 0
        assert capsys.readouterr().err == "all known: 3 host keys\n"
        assert codes(await one.served.run(one.units["till-2"])) == []

    shop(ssh_lab, scenario)


def test_without_a_terminal_only_yes_adds(ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(one: Shop) -> None:
        assert await one.command("till-1") == 16
        assert "nothing was added: no terminal to confirm on" in capsys.readouterr().err
        assert await one.command("till-1", "--yes") == 0
        assert known(ssh_lab) == ["till-7", "till-1"]

    shop(ssh_lab, scenario)


def test_a_key_that_may_be_of_another_machine_is_not_added(ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]) -> None:
    other = asyncssh.generate_private_key("ssh-ed25519")
    ssh_lab.know("till-9", other)

    async def of_two(one: Shop) -> None:
        assert await one.command("--yes") == 16
        assert known(ssh_lab) == ["till-7", "till-9", "till-3"]
        errors = capsys.readouterr().err
        assert "till-1: not added: " in errors
        assert "till-2 shows the same key" in errors

    async def of_one_that_is_known(one: Shop) -> None:
        assert await one.command("till-1", "--yes") == 16
        assert "its key is that of till-9: see whether addresses were swapped" in capsys.readouterr().err
        assert "till-1" not in known(ssh_lab)

    shop(ssh_lab, of_two, {"till-1": SHARED, "till-2": SHARED})
    shop(ssh_lab, of_one_that_is_known, {"till-1": other})


def test_a_key_that_changed_and_a_box_that_does_not_answer_are_told_and_left(
    ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scenario(one: Shop) -> None:
        assert await one.command("till-1", "--yes") == 0
        one.units["till-1"].switch_on(SshFault.HOST_KEY_CHANGED)
        one.units["till-2"].switch_on(SshFault.NOT_LISTENING)
        assert await one.command("--yes") == 16
        errors = capsys.readouterr().err
        assert "till-1: IOT_HTTPS_HOST_KEY_CHANGED: " in errors
        assert "till-2: IOT_HTTPS_CONNECTION_REFUSED: " in errors
        assert known(ssh_lab) == ["till-7", "till-1", "till-3"]

    shop(ssh_lab, scenario)


def test_a_file_that_is_not_there_is_made_for_its_owner(ssh_lab: SshLab, tmp_path: Path) -> None:
    ssh_lab.known_hosts = tmp_path / "new/known_hosts"

    async def scenario(one: Shop) -> None:
        assert await one.command("--yes") == 0
        assert sorted(known(ssh_lab)) == sorted(NAMES)
        assert ssh_lab.known_hosts.stat().st_mode & 0o777 == 0o600

    shop(ssh_lab, scenario)


def test_an_invalid_entry_is_told_and_the_others_go_on(ssh_lab: SshLab, capsys: pytest.CaptureFixture[str]) -> None:
    async def scenario(one: Shop) -> None:
        one.resolvers["till-1"] = "nowhere"
        assert await one.command("--yes") == 4
        assert {"till-1", "till-2", "till-3"} & {*known(ssh_lab)} == {"till-2", "till-3"}

    shop(ssh_lab, scenario)
    assert "till-1: invalid: iot_https_resolvers" in capsys.readouterr().err
