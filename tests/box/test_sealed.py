"""A box seals its credentials for who asks, on every branch, and for nobody whose box it is not."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from iotbox_simulator.machine.spec import LayoutKind
from reconciler.box.__main__ import answer
from reconciler.connections import reply
from reconciler.connections.carrier import request_text
from reconciler.model.desired import Desired, Mode, Request
from reconciler.model.reveal import reveal
from reconciler.model.sealing import Opener
from reconciler.results.result import Result
from tests.support import runs

KINDS: tuple[LayoutKind, ...] = ("ro_oldest", "ro_flat", "ro_ini", "ro_ini_18", "rw_ini", "rw_newest")
NOBODYS = Desired(name="till-1")
"""A box of which nothing is declared."""


def _asked(fleet: runs.Fleet, desired: Desired, opener: Opener) -> tuple[Result, bytes]:
    """Ask a box over the wire; return its result, and what it wrote."""
    request = Request(desired=desired, mode=Mode.CHECK, seal_to=opener.public_key)
    raw = answer(request_text(request).encode(), fleet.box)
    return reply.read(raw, request, fleet.box.clock.now()), raw


@pytest.mark.parametrize("kind", KINDS)
def test_credentials_come_back_for_who_asks_alone(kind: LayoutKind) -> None:
    opener = Opener()
    result, raw = _asked(runs.managed(kind), NOBODYS, opener)

    assert result.sealed is not None
    wanted = {"db_uuid": runs.DESIRED.db_uuid, "enterprise_code": runs.DESIRED.enterprise_code}
    assert opener.open(result.sealed) == wanted
    secrets = (*wanted.values(), runs.DESIRED.token)
    assert not [each for each in secrets if each is not None and reveal(each).encode() in raw]


def test_nothing_is_sealed_unasked() -> None:
    assert runs.check(runs.managed("rw_ini").box).sealed is None


OTHERS = {
    "another serial number": {"serial": "not this one"},
    "another server": {"server_url": "https://another.example"},
}


@pytest.mark.parametrize("declared", OTHERS.values(), ids=OTHERS)
def test_box_of_somebody_else_seals_nothing(declared: dict[str, str]) -> None:
    result, _ = _asked(runs.managed("rw_ini"), replace(NOBODYS, **declared), Opener())  # type: ignore[arg-type]

    assert result.observed is not None
    assert result.sealed is None


def test_box_without_credentials_seals_none() -> None:
    opener = Opener()
    result, _ = _asked(runs.fresh("ro_ini"), NOBODYS, opener)

    assert result.sealed is not None
    assert opener.open(result.sealed) == {}


@pytest.mark.parametrize("key", ["", "x", "é", "AAAA"])
def test_what_is_no_key_is_one_line(key: str) -> None:
    fleet = runs.managed("rw_ini")
    raw = answer(request_text(Request(desired=NOBODYS, seal_to=key)).encode(), fleet.box)

    said = json.loads(raw.splitlines()[-1])
    assert list(said) == ["error"]
    assert runs.DESIRED.db_uuid is not None
    assert reveal(runs.DESIRED.db_uuid) not in said["error"]
