"""What the answer of a box says of its question, and how another box is told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.codes import CodeName
from reconciler.engine.authority.verdict import Granted, Heard, Verdict, heard, with_verdict
from reconciler.model.desired import Mode, Refusal, Relayed, Request
from reconciler.model.secret import Secret
from reconciler.model.statement import told as words
from reconciler.results.result import RepairOutcome, RepairStatus, Result

from ..world import FETCH, RESOLVERS, left, looked, mended, target

REQUEST = Request(desired=target("till-1").desired, mode=Mode.RECONCILE)
REFUSAL = Refusal(code=CodeName.LOAD_REQUEST_NO_RESULT, seen=(words("refused"),))
PAIR = Relayed(subject="*.a.odoo-iot.com", certificate_pem="certificate", key_pem=Secret("key"))


def fetched(status: RepairStatus) -> Result:
    """The answer of a box that did nothing but fetch, or tried to."""
    return replace(looked(REQUEST), outcomes=(RepairOutcome(repair=FETCH[0], status=status),))


@pytest.mark.parametrize(
    ("result", "verdict", "in_vain"),
    [
        (looked(REQUEST), None, []),
        (mended(REQUEST, FETCH), Granted, []),
        (fetched(RepairStatus.DONE), Granted, []),
        (fetched(RepairStatus.UNCHANGED), Granted, []),
        (fetched(RepairStatus.FAILED), None, []),
        (mended(REQUEST, RESOLVERS), None, []),
        (left(REQUEST, CodeName.LOAD_REQUEST_NO_RESULT), Refusal, []),
        *(
            (left(REQUEST, code), None, [code])
            for code in (
                CodeName.LOAD_REQUEST_EXCEPTION,
                CodeName.LOAD_REQUEST_STATUS,
                CodeName.ANSWER_NOT_FROM_ODOO,
            )
        ),
        (left(REQUEST, CodeName.EXPIRED), None, []),
    ],
)
def test_a_repair_tells_what_became_of_its_question(
    result: Result, verdict: type[Verdict] | None, in_vain: list[CodeName]
) -> None:
    said: Heard = heard("till-1", Mode.RECONCILE, result)
    assert (type(said.verdict) if said.verdict else None) is verdict
    assert [each.code for each in said.in_vain] == in_vain


@pytest.mark.parametrize(
    ("verdict", "fields"),
    [
        (None, (None, (), None)),
        (REFUSAL, (REFUSAL, (), None)),
        (Granted(seen=(words("given to till-2"),)), (None, (words("given to till-2"),), None)),
        (Granted(seen=(words("given to the control machine"),), pair=PAIR), (None, (), PAIR)),
    ],
)
def test_a_box_is_told_one_thing(verdict: Verdict | None, fields: tuple[object, ...]) -> None:
    request = with_verdict(REQUEST, verdict)
    assert (request.refusal, request.granted, request.relayed) == fields
