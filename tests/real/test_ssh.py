"""Boxes over SSH as a control machine reaches them: as `pi` with `sudo`, by a key, and with connections that break."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

import boxes
from reconciler.codes import CodeName
from reconciler.connections import ssh, ssh_errand
from reconciler.model.desired import Mode
from reconciler.model.errand import Errand, ErrandKind, PortionName
from reconciler.model.secret import Secret, masked
from reconciler.model.target import ConnectionKind, Ssh, Target
from reconciler.results.result import Result
from tests.support.ssh_servers import visited

from . import look
from .lab import Lab, Unit, codes, names

HOST_KEY = "/etc/ssh/ssh_host_ed25519_key.pub"
SUDOERS = "/etc/sudoers.d/010_pi-nopasswd"
PASSWORD = "canary-of-pi"
LOCK_FREE = "flock -w 60 /run/iot-https/lock true"
AUTHORITY_SECONDS = 2.0

on_all = pytest.mark.parametrize("kind", boxes.KINDS)
on_old_and_new_sudo = pytest.mark.parametrize("kind", ["ro_ini", "rw_newest"])


@pytest.fixture
def unit(lab: Lab, kind: str) -> Unit:
    return lab.converged(kind, "work")


def way(unit: Unit, folder: Path, *, host_key_of: Unit | None = None) -> Ssh:
    """How the control machine reaches a box, whose host key was accepted under its inventory name."""
    known = folder / "known_hosts"
    key = (host_key_of or unit).box.read(HOST_KEY)
    known.write_text((known.read_text() if known.exists() else "") + f"{unit.box.name} {key}")
    return Ssh(
        host=unit.box.address,
        host_key_alias=unit.box.name,
        user="pi",
        identity_files=(str(unit.box.ssh_key),),
        identities_only=True,
        known_hosts=(str(known),),
        config_files=(),
    )


def run(unit: Unit, through: Ssh, mode: Mode = Mode.CHECK) -> Result:
    target = Target(desired=unit.desired, connection=ConnectionKind.SSH, ssh=through)
    return asyncio.run(visited(target, unit.request(mode)))


@on_all
def test_check_and_repair_as_pi(unit: Unit, tmp_path: Path) -> None:
    through = way(unit, tmp_path)
    clean = run(unit, through)
    assert codes(clean.before) == []
    assert clean.observed is not None
    look.due(unit)
    mended = run(unit, through, Mode.RECONCILE)
    assert codes(mended.after) == []
    assert mended.changed
    assert names(mended.before) == [str(CodeName.RENEWAL_OVERDUE)]


@on_all
def test_files_of_a_support_bundle_come_as_pi_and_have_no_secret(unit: Unit, tmp_path: Path) -> None:
    target = Target(desired=unit.desired, connection=ConnectionKind.SSH, ssh=way(unit, tmp_path))

    carried = asyncio.run(ssh_errand.run(target, Errand(errand=ErrandKind.COLLECT, desired=unit.desired)))

    assert carried.brought.done
    assert set(carried.files) == set(PortionName)
    assert carried.brought.versions.keys() >= {"nginx", "openssl", "kernel", "image", "branch"}
    everything = b"".join(carried.files.values()).decode(errors="replace")
    for kept in (unit.desired.token, unit.desired.db_uuid, unit.desired.enterprise_code):
        assert masked(everything, kept, cut=False) == everything


@pytest.mark.parametrize("kind", ["ro_ini"])
def test_another_host_key_is_found_before_anything_is_sent(unit: Unit, lab: Lab, tmp_path: Path) -> None:
    other = lab.unit("rw_newest", "work")
    way(other, tmp_path)
    through = way(unit, tmp_path)
    swapped = run(unit, replace(through, host=other.box.address))
    assert names(swapped.after) == [str(CodeName.HOST_KEY_CHANGED)]
    assert f"the key is that of {other.box.name}" in (swapped.after[0].whose or "")
    assert f"ssh-keygen -R {unit.box.name} -f {tmp_path}/known_hosts" in swapped.after[0].remedy


@contextmanager
def asking_sudo(unit: Unit) -> Iterator[None]:
    """Let `pi` become root only by its password."""
    rule = unit.box.read(SUDOERS)
    unit.box.exec(["chpasswd"], input=f"pi:{PASSWORD}\n")
    unit.box.write(SUDOERS, "pi ALL=(ALL) ALL\n")
    try:
        yield
    finally:
        unit.box.write(SUDOERS, rule)


@on_old_and_new_sudo
def test_sudo_that_asks(unit: Unit, tmp_path: Path) -> None:
    through = way(unit, tmp_path)
    assert codes(run(unit, replace(through, become_password=Secret(PASSWORD))).after) == []
    with asking_sudo(unit):
        assert names(run(unit, through).after) == [str(CodeName.SUDO_REFUSED)]
        wrong = run(unit, replace(through, become_password=Secret("canary-wrong")))
        assert names(wrong.after) == [str(CodeName.SUDO_REFUSED)]
        right = run(unit, replace(through, become_password=Secret(PASSWORD)))
        assert codes(right.after) == []
        assert "canary" not in str((wrong, right))


@on_old_and_new_sudo
@pytest.mark.parametrize("moment", ["the authority is asked", "the pair is swapped"])
def test_connection_that_breaks_in_a_repair_does_not_stop_it(unit: Unit, tmp_path: Path, moment: str) -> None:
    old = look.due(unit)
    new = look.fingerprint(unit.issued())
    asked = len(requests(unit))
    began = {
        "the authority is asked": lambda: len(requests(unit)) > asked,
        "the pair is swapped": lambda: look.whole(unit)["live"] != old,
    }[moment]
    unit.authority("slow", seconds=AUTHORITY_SECONDS)
    result = asyncio.run(cut_off(unit, way(unit, tmp_path), began))
    assert names(result.after) == [str(CodeName.REPLY_CUT_OFF)]
    unit.box.shell(LOCK_FREE)
    assert set(look.whole(unit).values()) == {new}
    boxes.wait_for(lambda: look.served(unit) == new, "nginx does not serve the new pair", 10)
    assert look.answers(unit, 80)
    assert unit.box.odoo_answers()
    unit.authority("ok")
    again = run(unit, way(unit, tmp_path), Mode.RECONCILE)
    assert (codes(again.after), again.outcomes) == ([], ())


async def cut_off(unit: Unit, through: Ssh, began: Callable[[], bool]) -> Result:
    """Reconcile, and break the connection when this has come true."""
    async with ssh.session(through) as session:
        running = asyncio.create_task(session.run(unit.request(Mode.RECONCILE)))
        await asyncio.to_thread(boxes.wait_for, began, "the box program has not come to that point")
        session.connection.abort()
        return await running


def requests(unit: Unit) -> list[object]:
    return [each for each in boxes.peers().requests() if each["db_uuid"] == unit.db_uuid]
