"""Who is let in to a simulated box, and what is refused there."""

from __future__ import annotations

import asyncssh
import pytest

from reconciler.codes import CodeName
from reconciler.connections import carrier
from reconciler.connections.ssh_command import BoxCommand
from reconciler.model.secret import Secret
from tests.support.ssh_boxes import Fleet, boxes, codes
from tests.support.ssh_servers import LOOPBACK, REQUEST, SshLab, go


@pytest.mark.parametrize("user", ["root", "odoo", "Pi"])
def test_only_pi_is_let_in(ssh_lab: SshLab, user: str) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = lab.open(Fleet().box("till-1"))
            assert codes(await lab.run(box, user=user)) == [CodeName.AUTHENTICATION_FAILED]

    go(scenario())


def test_another_key_is_refused(ssh_lab: SshLab) -> None:
    other = str(ssh_lab.write_key("id_other", asyncssh.generate_private_key("ssh-ed25519")))

    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = lab.open(Fleet().box("till-1"))
            assert codes(await lab.run(box, identity_files=(other,))) == [CodeName.AUTHENTICATION_FAILED]

    go(scenario())


@pytest.mark.parametrize(
    ("set_to", "given", "found"),
    [
        ("canary-login", "canary-login", []),
        ("canary-login", "another", [CodeName.AUTHENTICATION_FAILED]),
        (None, "canary-login", [CodeName.AUTHENTICATION_FAILED]),
        (None, "", [CodeName.AUTHENTICATION_FAILED]),
    ],
)
def test_a_password_lets_in_where_one_is_set(
    ssh_lab: SshLab, set_to: str | None, given: str, found: list[CodeName]
) -> None:
    other = str(ssh_lab.write_key("id_other", asyncssh.generate_private_key("ssh-ed25519")))

    async def scenario() -> None:
        async with boxes(ssh_lab, password=set_to and Secret(set_to)) as lab:
            box = lab.open(Fleet().box("till-1"))
            seen = await lab.run(box, identity_files=(other,), password=Secret(given))
            assert codes(seen) == found

    go(scenario())


def test_an_unknown_box_is_not_trusted(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = lab.host.open(Fleet().box("till-1"), (LOOPBACK, 0), lab.access)
            assert codes(await lab.run(box)) == [CodeName.HOST_KEY_UNKNOWN]

    go(scenario())


def test_a_box_keeps_the_host_key_that_it_is_given(ssh_lab: SshLab) -> None:
    key = asyncssh.generate_private_key("ssh-ed25519")
    ssh_lab.know("till-1", key)

    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = lab.host.open(Fleet().box("till-1"), (LOOPBACK, 0), lab.access, key)
            assert codes(await lab.run(box)) == []

    go(scenario())


def test_a_python_that_boxes_do_not_have_is_missing(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = lab.open(Fleet().box("till-1"))
            assert codes(await lab.run(box, python="/usr/bin/python3")) == []
            seen = await lab.run(box, python="/opt/python9")
            assert codes(seen) == [CodeName.PYTHON_MISSING]
            assert "/opt/python9" in seen.after[0].evidence

    go(scenario())


def test_a_program_without_root_is_refused_in_words(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = lab.open(Fleet().box("till-1"))
            seen = await lab.run(box, become=False)
            assert codes(seen) == [CodeName.NOT_OBSERVED]
            assert "use sudo" in seen.after[0].evidence

    go(scenario())


WHOLE = carrier.message(REQUEST)


@pytest.mark.parametrize(
    ("command", "sent", "said"),
    [
        (BoxCommand("python3").text, b"", "the program did not arrive"),
        (BoxCommand("python3").text, WHOLE[:15], "the program did not arrive"),
        (BoxCommand("python3").text, WHOLE[:1000], "the program did not arrive"),
        (BoxCommand("python3").text, WHOLE[:-1], "the program did not arrive"),
        (BoxCommand("python3").text, WHOLE[:500] + b"?" + WHOLE[501:], "not of the version"),
        (BoxCommand("python3").text, carrier.SIZES.pack(7, 7) + b"program request", "not of the version"),
        (
            BoxCommand("python3").text,
            carrier.SIZES.pack(len(carrier.packed()), 1 << 60) + carrier.packed(),
            "has no room on a box",
        ),
        (f"{BoxCommand('python3').text} --other", b"", "nothing was done"),
    ],
)
def test_what_is_not_the_program_is_not_run(ssh_lab: SshLab, command: str, sent: bytes, said: str) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            done = await lab.command(lab.open(Fleet().box("till-1")), command, sent)
            assert said.encode() in done.output + done.errors

    go(scenario())
