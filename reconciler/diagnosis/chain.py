"""The chain from the control machine to a till: each step needs those before it, so blame stops at the first break.

Whatever is found behind a break may be its consequence. It is kept, in order, and not blamed.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..checks import clients
from ..codes import CATALOGUE, Trait
from ..model.severity import Severity
from ..model.statement import Statement, say
from ..model.step_name import StepName
from ..results.diagnosis import Diagnosis, Step, StepState
from ..results.finding import Finding, on
from . import judge
from .evidence import Walk, seen
from .product_page import page_of
from .steps import step_of
from .ticket import ticket


def diagnose(walk: Walk, findings: Sequence[Finding]) -> tuple[Diagnosis, tuple[Finding, ...]]:
    """Walk the chain.

    Args:
        findings: of the box program, of the connection and of the look from outside.

    Returns:
        The chain, and the findings in its order, those about the clients' DNS corrected by what public DNS says.
    """
    known = _with_public(walk, findings)
    if walk.observed is not None:
        known = on(walk.observed.layout.system, known)
    by_step: dict[StepName, list[Finding]] = {step: [] for step in StepName}
    for each in known:
        by_step[step_of(each)].append(each)
    steps: list[Step] = []
    for name in StepName:
        broken = any(each.state is StepState.FAILED for each in steps)
        steps.append(_step(walk, name, sorted(by_step[name], key=_weight), broken=broken))
    cause = _cause(steps)
    ordered = tuple(found for step in steps for found in step.findings)
    return Diagnosis(steps=tuple(steps), cause=cause, ticket=ticket(walk, cause)), ordered


def _step(walk: Walk, name: StepName, found: Sequence[Finding], *, broken: bool) -> Step:
    fine: tuple[Statement, ...]
    if broken:
        state, fine = StepState.NOT_REACHED, (say("not_reached"),)
    elif found:
        state, fine = StepState.FAILED if found[0].severity is Severity.ERROR else StepState.WARNED, ()
    else:
        fine, is_known = seen(walk, name)
        state = StepState.OK if is_known else StepState.NOT_REACHED
    page = page_of(name, found[0].code, _branch(walk)) if found else None
    return Step(name=name, state=state, seen=fine, findings=tuple(found), page=page)


def _branch(walk: Walk) -> str | None:
    return walk.observed.layout.branch if walk.observed else None


def _cause(steps: Sequence[Step]) -> Finding | None:
    """Return what breaks the chain, or else the first thing that should be looked at."""
    broken = (each for each in steps if each.state is StepState.FAILED)
    warned = (each for each in steps if each.state is StepState.WARNED)
    first = next(broken, None) or next(warned, None)
    return first.findings[0] if first else None


def _weight(finding: Finding) -> tuple[int, int]:
    """Order what breaks one step: by severity, then why something is wrong before that it is, then by the catalogue."""
    place = -1 if finding.has(Trait.EXPLAINS) else list(CATALOGUE).index(finding.code)
    return finding.severity.rank, place


def _with_public(walk: Walk, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Judge the clients' DNS anew where public DNS was asked, too: it tells a hidden name from one that is not."""
    if walk.public is None or walk.observed is None or walk.inquiry is None:
        return tuple(findings)
    address = walk.observed.identity.address
    answers = (*walk.observed.client_dns, *judge.about_the_box(walk.desired, walk.inquiry))
    told = clients.findings(answers, address, walk.public)
    others = (each for each in findings if each.code not in clients.KINDS)
    if not told and address in walk.public.addresses:
        others = (each for each in others if not each.has(Trait.BY_OWN_DNS))  # it counts where nothing else is known
    return (*others, *told)
