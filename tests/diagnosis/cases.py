"""A chain from a healthy box on, so that a test says only what is wrong with its own."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.checks import CONVERGE, run
from reconciler.checks import Case as Judged
from reconciler.diagnosis import judge
from reconciler.diagnosis.chain import diagnose
from reconciler.diagnosis.evidence import Walk
from reconciler.model.inquiry import Contact, DnsAnswer, DnsOutcome, Eligibility, Inquiry, Whose
from reconciler.model.statement import told
from reconciler.model.step_name import StepName
from reconciler.results.diagnosis import Diagnosis, Step
from reconciler.results.finding import Finding

from ..support.observed import NOW, changed, healthy, wanted

HOST = "www.odoo.com"
NAME = "192-168-1-20.d73e7513.odoo-iot.com"
FINE = Inquiry(
    dns=(
        DnsAnswer(
            server="1.1.1.1", whose=Whose.BOX, name=HOST, outcome=DnsOutcome.ANSWERED, addresses=("203.0.113.10",)
        ),
    ),
    database=Contact(host="shop.example.com"),
    authority=Contact(host=HOST, status=200),
    eligibility=Eligibility(seen=(told("granted (test request, certificate discarded)"),)),
)


def answer(server: str, whose: Whose, *addresses: str, outcome: DnsOutcome | None = None) -> DnsAnswer:
    """Return what a server says of the box's name."""
    outcome = outcome or (DnsOutcome.ANSWERED if addresses else DnsOutcome.NO_SUCH_NAME)
    return DnsAnswer(server=server, whose=whose, name=NAME, outcome=outcome, addresses=addresses)


def chain(
    observed: Mapping[str, object] | None = None,
    inquiry: Mapping[str, object] | None = None,
    desired: Mapping[str, object] | None = None,
    *others: Finding,
    public: DnsAnswer | None = None,
    outside: bool = False,
) -> Diagnosis:
    """Diagnose a healthy box of which parts, named by dotted paths, are otherwise."""
    seen, want = changed(healthy(NOW), observed or {}), changed(wanted(), desired or {})
    asked = changed(FINE, inquiry or {})
    looked = (*run(CONVERGE, Judged(want, seen, NOW)), *others)
    walk = Walk(desired=want, observed=seen, inquiry=asked, public=public, outside=outside)
    return diagnose(walk, (*looked, *judge.findings(want, seen, asked, looked)))[0]


def step(diagnosis: Diagnosis, name: StepName) -> Step:
    """Return one step."""
    return next(each for each in diagnosis.steps if each.name is name)


def cause(diagnosis: Diagnosis) -> str | None:
    """Return the code that is named first."""
    return diagnosis.cause.code if diagnosis.cause else None
