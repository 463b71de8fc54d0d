"""Where the way to a box ends, a diagnosis names that and nothing else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from iotbox_simulator.ssh import SshFault
from reconciler.codes import CATALOGUE, CodeName, Origin
from reconciler.connections import reply, ssh_run
from reconciler.connections.carrier import BOOTSTRAP, message
from reconciler.engine.seam import Visit
from reconciler.model.desired import Mode, Request
from reconciler.model.step_name import StepName
from reconciler.results.diagnosis import StepState
from reconciler.results.result import Result
from tests.support.ssh_boxes import Fleet, boxes, desired
from tests.support.ssh_servers import SshLab, go

from ..diagnosing import of_visit

C = CodeName
NOW = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Way:
    """How a way to a box is blocked: a fault of its SSH, or a setting of ours."""

    code: CodeName
    fault: SshFault | None = None
    ssh: Mapping[str, Any] = field(default_factory=dict)


WAYS = (
    Way(C.CONNECTION_REFUSED, SshFault.NOT_LISTENING),
    Way(C.CONNECTION_TIMEOUT, SshFault.STALLS, {"connect_timeout": 0.5}),
    Way(C.CONNECTION_FAILED, SshFault.CLOSES),
    Way(C.HOST_KEY_CHANGED, SshFault.HOST_KEY_CHANGED),
    Way(C.HOST_KEY_UNKNOWN, ssh={"host_key_alias": "another"}),
    Way(C.AUTHENTICATION_FAILED, SshFault.LOGIN_REFUSED),
    Way(C.LOGIN_BLOCKED, SshFault.NO_LOGIN_SHELL),
    Way(C.SUDO_REFUSED, SshFault.SUDO_PASSWORD),
    Way(C.PYTHON_MISSING, SshFault.NO_PYTHON),
    Way(C.REPLY_CUT_OFF, SshFault.CONNECTION_LOST),
    Way(C.ADDRESS_NOT_FOUND, ssh={"host": "till..shop"}),
    Way(C.JUMP_HOST_FAILED, ssh={"proxy_command": "/no/such/program"}),
)


OF_HOMEPAGES = {CodeName.HOMEPAGE_SILENT, CodeName.NOT_A_BOX}
"""Of boxes without SSH: connections/by_homepage/test_strange.py has them."""


def blamed(result: Result) -> list[str]:
    """Return the code that is named and how the steps are; nothing is judged behind the first."""
    diagnosis = of_visit(Visit(result), desired("till-1"))
    assert diagnosis.cause is not None
    first, *others = diagnosis.steps
    assert (first.name, first.state) == (StepName.REACHABLE, StepState.FAILED)
    assert {each.state for each in others} == {StepState.NOT_REACHED}
    return [diagnosis.cause.code, *(each.code for each in diagnosis.later)]


def test_every_code_of_connections_is_here() -> None:
    codes = {code.name for code in CATALOGUE.values() if code.origin is Origin.CONNECTION}
    assert {way.code for way in WAYS} == codes - OF_HOMEPAGES


@pytest.mark.parametrize("way", WAYS, ids=lambda way: str(way.code))
def test_a_way_that_ends_is_named(ssh_lab: SshLab, way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ssh_run, "GRACE_SECONDS", 0.0)

    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = lab.open(Fleet().box("till-1"))
            if way.fault is not None:
                box.switch_on(way.fault.value)
            assert blamed(await lab.run(box, Mode.DIAGNOSE, **way.ssh)) == [way.code]

    go(scenario())


def test_a_box_with_an_old_python_is_named() -> None:
    request = Request(desired=desired("till-1"), mode=Mode.DIAGNOSE)
    command = [sys.executable, "-I", "-c", BOOTSTRAP.replace("sys.version_info <", "(3, 7) <")]
    said = subprocess.run(command, input=message(request), capture_output=True, check=False).stdout
    assert blamed(reply.read(said, request, NOW)) == [C.UNSUPPORTED_PYTHON]


def test_a_box_that_is_reached_is_diagnosed_over_ssh(ssh_lab: SshLab) -> None:
    async def scenario() -> None:
        async with boxes(ssh_lab) as lab:
            box = lab.open(Fleet().box("till-1", fault="expired"))
            diagnosis = of_visit(Visit(await lab.run(box, Mode.DIAGNOSE)), desired("till-1"))
            assert diagnosis.cause is not None
            assert diagnosis.cause.code == C.EXPIRED

    go(scenario())
