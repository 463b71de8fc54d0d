"""Where a box stands follows from what is left, and unknown is never in sync."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.codes import CATALOGUE, CodeName, Origin
from reconciler.model.desired import Desired, Request
from reconciler.model.statement import told
from reconciler.outcome.states import state_of
from reconciler.results.finding import finding
from reconciler.results.fleet import BoxState
from reconciler.results.result import Result
from tests.engine.world import looked, unreachable

REQUEST = Request(desired=Desired(name="till"))
S = BoxState


def after(*codes: CodeName, **changes: object) -> Result:
    findings = tuple(finding(code, told("seen")) for code in codes)
    return replace(looked(REQUEST), after=findings, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("result", "state"),
    [
        (after(), S.IN_SYNC),
        (after(CodeName.CHAIN_UNTRUSTED), S.IN_SYNC),
        (after(CodeName.RENEWAL_DUE), S.DIFFERS),
        (after(CodeName.LOAD_REQUEST_STATUS), S.DIFFERS),
        (after(changed=True), S.CHANGED),
        (after(CodeName.CHAIN_UNTRUSTED, changed=True), S.CHANGED),
        (after(CodeName.EXPIRED, changed=True), S.DIFFERS),
        (after(CodeName.NOT_OBSERVED, failed=True), S.FAILED),
        (unreachable(REQUEST, CodeName.BUSY), S.BUSY),
        (unreachable(REQUEST, CodeName.REPLY_CUT_OFF), S.FAILED),
        (unreachable(REQUEST, CodeName.SUDO_REFUSED), S.FAILED),
    ],
    ids=lambda value: str(value) if isinstance(value, BoxState) else "",
)
def test_state(result: Result, state: BoxState) -> None:
    assert state_of(result, result.after) is state


@pytest.mark.parametrize(
    "code", [code.name for code in CATALOGUE.values() if code.origin is Origin.CONNECTION], ids=str
)
def test_no_code_of_a_connection_is_ever_in_sync(code: CodeName) -> None:
    result = unreachable(REQUEST, code)
    assert state_of(result, result.after) in (S.UNREACHABLE, S.FAILED)
    assert state_of(result, result.after, was_to_be_changed=True) in (S.DEFERRED, S.FAILED)


def test_an_error_seen_from_outside_alone_keeps_a_box_from_being_in_sync() -> None:
    outside = finding(CodeName.HTTPS_UNREACHABLE, told("port 443: timed out"))
    assert state_of(after(), (outside,)) is S.DIFFERS
    assert CATALOGUE[CodeName.HTTPS_UNREACHABLE].severity == "error"
