"""The chain from the control machine to a till: each step needs those before it, so blame stops at the first break.

Whatever is found behind a break may be its consequence. It is kept, in order, and not blamed.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..checks import clients
from ..codes import CodeName
from ..model.severity import Severity
from ..results.diagnosis import Diagnosis, Step, StepName, StepState
from ..results.finding import Finding
from . import judge
from .evidence import Case, seen
from .product_page import page_of
from .steps import PLACE_OF, step_of
from .ticket import ticket

_EXPLAIN = (CodeName.REPAIR_FAILED, CodeName.REPAIR_UNDONE, CodeName.ODOO_DOWN_AFTER_REPAIR)
"""Why something is still wrong comes before that it is."""
_OWN_DNS = (CodeName.NAME_NOT_RESOLVED, CodeName.NAME_LEADS_ELSEWHERE)
"""What the control machine's own DNS says of the name: no till asks it, so it counts where nothing else is known."""
_LONGEST = 600
"""Characters of what was seen at a step, as of evidence."""


def diagnose(case: Case, findings: Sequence[Finding]) -> tuple[Diagnosis, tuple[Finding, ...]]:
    """Walk the chain.

    Args:
        findings: of the box program, of the connection and of the look from outside.

    Returns:
        The chain, and the findings in its order, those about the clients' DNS corrected by what public DNS says.
    """
    known = _with_public(case, findings)
    by_step: dict[StepName, list[Finding]] = {step: [] for step in StepName}
    for each in known:
        by_step[step_of(each)].append(each)
    steps: list[Step] = []
    for name in StepName:
        broken = any(each.state is StepState.FAILED for each in steps)
        steps.append(_step(case, name, sorted(by_step[name], key=_weight), broken=broken))
    cause = _cause(steps)
    ordered = tuple(found for step in steps for found in step.findings)
    return Diagnosis(steps=tuple(steps), cause=cause, ticket=ticket(case, cause)), ordered


def _step(case: Case, name: StepName, found: Sequence[Finding], *, broken: bool) -> Step:
    if broken:
        state, evidence = StepState.NOT_REACHED, "not reached"
    elif found:
        failed = found[0].severity is Severity.ERROR
        state, evidence = StepState.FAILED if failed else StepState.WARNED, found[0].evidence
    else:
        text, is_known = seen(case, name)
        state, evidence = StepState.OK if is_known else StepState.NOT_REACHED, text
    page = page_of(name, found[0].code, _branch(case)) if found else None
    return Step(name=name, state=state, evidence=evidence[:_LONGEST], findings=tuple(found), page=page)


def _branch(case: Case) -> str | None:
    return case.observed.layout.branch if case.observed else None


def _cause(steps: Sequence[Step]) -> Finding | None:
    """Return what breaks the chain, or else the first thing that should be looked at."""
    broken = (each for each in steps if each.state is StepState.FAILED)
    warned = (each for each in steps if each.state is StepState.WARNED)
    first = next(broken, None) or next(warned, None)
    return first.findings[0] if first else None


def _weight(finding: Finding) -> tuple[int, int]:
    explains = finding.code in _EXPLAIN
    return finding.severity.rank, -1 if explains else PLACE_OF.get(finding.code, 0)


def _with_public(case: Case, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Judge the clients' DNS anew where public DNS was asked, too: it tells a hidden name from one that is not."""
    if case.public is None or case.observed is None or case.inquiry is None:
        return tuple(findings)
    address = case.observed.identity.address
    answers = (*case.observed.client_dns, *judge.about_the_box(case.desired, case.inquiry))
    told = clients.findings(answers, address, case.public)
    settled = clients.KINDS if told or address not in case.public.addresses else (*clients.KINDS, *_OWN_DNS)
    return (*(each for each in findings if each.code not in settled), *told)
