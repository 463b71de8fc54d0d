"""A visit keeps what the box answered, whatever becomes of the look from outside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import NoReturn

import pytest

from reconciler.codes import CodeName
from reconciler.connections import ssh
from reconciler.engine.seam import Visit
from reconciler.engine.settings import Settings
from reconciler.engine.visits import visitor
from reconciler.model.desired import Desired, Mode, Request
from reconciler.model.target import ConnectionKind, Ssh, Target
from reconciler.outcome.states import state_of
from reconciler.probe import Observer
from reconciler.results.fleet import BoxState

from .world import RESOLVERS, mended

DESIRED = Desired(name="till")
TARGET = Target(desired=DESIRED, connection=ConnectionKind.SSH, ssh=Ssh(host="192.0.2.1", host_key_alias="till"))
REQUEST = Request(desired=DESIRED, mode=Mode.RECONCILE)
ANSWER = mended(REQUEST, RESOLVERS)


@pytest.fixture(autouse=True)
def _answers(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run(_: Request) -> object:
        return ANSWER

    @asynccontextmanager
    async def session(_: Ssh, _terms: ssh.LoginTerms) -> AsyncIterator[object]:
        place = SimpleNamespace(dial=None, is_direct=True, address="192.0.2.1")
        yield SimpleNamespace(run=run, standpoint=place)

    monkeypatch.setattr(ssh, "session", session)


def test_a_defect_in_the_look_from_outside_does_not_lose_the_repair(monkeypatch: pytest.MonkeyPatch) -> None:
    async def look(*_: object) -> NoReturn:
        raise RuntimeError("canary: a secret of the box")

    monkeypatch.setattr(Observer, "look", look)

    async def scene() -> Visit:
        return await visitor(Settings())(TARGET, REQUEST)

    visit = asyncio.run(scene())
    assert visit.result == ANSWER
    assert [each.code for each in visit.outside] == [CodeName.NOT_OBSERVED]
    assert "RuntimeError" in visit.outside[0].evidence
    assert "canary" not in str(visit)
    assert state_of(visit.result, visit.outside) is BoxState.FAILED
