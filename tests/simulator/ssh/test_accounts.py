"""A simulated box lets in by what is on it: keys in its files, and the password that its vendor's program made last."""

from __future__ import annotations

import asyncssh
import pytest

from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.ssh import SshBox, SshFault
from tests.support.enrolling import FILE, Shop, within
from tests.support.ssh_fixtures import ssh_lab
from tests.support.ssh_servers import SshLab

__all__ = ["ssh_lab"]
FOLDER = FILE.rpartition("/")[0]


async def takes(box: SshBox, password: str, user: str = "pi") -> bool:
    """Tell whether somebody gets in by a password."""
    try:
        async with asyncssh.connect(
            *box.address, username=user, password=password, client_keys=None, known_hosts=None, config=None
        ):
            return True
    except asyncssh.PermissionDenied:
        return False


def authorize(shop: Shop, text: str, *, mode: int = 0o600, folder: int = 0o700, uid: int = 1000) -> None:
    """Write the file of keys as somebody on the box would."""
    host = shop.boxes["till-1"].live.box.host
    host.make_directory(FOLDER, folder, 1000, 1000)
    host.create(FILE, text.encode(), mode, uid, uid)


CASES = {
    "as ssh-copy-id leaves it": ({}, True),
    "of root": ({"uid": 0, "mode": 0o644}, True),
    "that others may write to": ({"mode": 0o622}, False),
    "in a folder that others may write to": ({"folder": 0o770}, False),
    "of somebody else": ({"uid": 1234}, False),
}


@pytest.mark.parametrize("name", CASES)
def test_a_file_of_keys_counts_as_sshd_reads_it(ssh_lab: SshLab, name: str) -> None:
    how, lets_in = CASES[name]

    async def scenario(shop: Shop) -> None:
        authorize(shop, f"# comment\nbroken line\n{shop.own()}\n", **how)
        assert await shop.lets_in("till-1") is lets_in

    within(ssh_lab, {"till-1": "rw_ini"}, scenario)


def test_another_key_and_another_user_do_not_come_in(ssh_lab: SshLab) -> None:
    async def scenario(shop: Shop) -> None:
        authorize(shop, asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode())
        assert not await shop.lets_in("till-1")
        assert not await takes(shop.boxes["till-1"], "x", "nobody")

    within(ssh_lab, {"till-1": "rw_ini"}, scenario)


@pytest.mark.parametrize(
    ("kind", "survives"),
    [("ro_flat", True), ("ro_ini", True), ("ro_ini_18", True), ("rw_ini", False), ("rw_newest", False)],
)
def test_the_newest_password_lets_in_and_a_reboot_keeps_it_where_the_box_does(
    ssh_lab: SshLab,
    kind: LayoutKind,
    survives: bool,  # noqa: FBT001
) -> None:
    async def scenario(shop: Shop) -> None:
        box = shop.boxes["till-1"]
        vendor = box.live.box.vendor
        older, newer = vendor.new_password(), vendor.new_password()
        assert not await takes(box, older)
        assert await takes(box, newer)
        assert not await takes(box, newer, "root")
        box.live.box.reboot()
        assert await takes(box, newer) is survives

    within(ssh_lab, {"till-1": kind}, scenario)


def test_a_server_may_take_keys_only(ssh_lab: SshLab) -> None:
    async def scenario(shop: Shop) -> None:
        box = shop.boxes["till-1"]
        password = box.live.box.vendor.new_password()
        box.switch_on(SshFault.NO_PASSWORDS)
        assert not await takes(box, password)
        box.switch_off(SshFault.NO_PASSWORDS)
        assert await takes(box, password)

    within(ssh_lab, {"till-1": "rw_ini"}, scenario)


def test_the_image_has_a_password_that_nobody_knows(ssh_lab: SshLab) -> None:
    async def scenario(shop: Shop) -> None:
        for guess in ("", "raspberry", "pi"):
            assert not await takes(shop.boxes["till-1"], guess)

    within(ssh_lab, {"till-1": "ro_ini"}, scenario)
