"""The chain: what is named first, what is not blamed, what holds, and what was not judged."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.codes import CATALOGUE, CodeName, Variant
from reconciler.diagnosis.chain import diagnose
from reconciler.diagnosis.evidence import Walk
from reconciler.diagnosis.product_page import page_of
from reconciler.diagnosis.steps import anchor_of, step_of
from reconciler.model.inquiry import Contact, DnsAnswer, DnsOutcome, LogEntry, Whose
from reconciler.model.part import Part
from reconciler.model.statement import say, told
from reconciler.model.step_name import StepName
from reconciler.results.diagnosis import StepState
from reconciler.results.finding import finding

from ..support.observed import NOW, certificate, pair, wanted
from .cases import FINE, answer, cause, chain, step

C = CodeName
REFUSED = {"eligibility.code": C.LOAD_REQUEST_NO_RESULT, "eligibility.seen": (told("refused: no subscription"),)}
EXPIRED = {"certificates.live": pair(certificate(NOW, -2)), "certificates.mirror": pair(certificate(NOW, -2))}
NO_DNS = {"resolvers.resolves": False, "resolvers.error": "timed out"}
NO_NAME = {"database.name_failed": True, "database.error": "x", "authority.name_failed": True, "authority.error": "x"}
DEAD = {"authority.error": "Connection timed out"}


def test_a_healthy_box_has_no_cause_and_no_broken_step() -> None:
    diagnosis = chain(outside=True)
    assert diagnosis.cause is None
    unknown = [each.name for each in diagnosis.steps if each.state is not StepState.OK]
    assert unknown == [StepName.CLIENT_DNS]
    assert [each.name for each in diagnosis.steps] == list(StepName)


@pytest.mark.parametrize(
    ("first", "observed", "inquiry"),
    [
        (C.WRONG_CLOCK, {"clock.skew_seconds": 9e5, **EXPIRED}, {"authority.untrusted": "certificate has expired"}),
        (C.ACCESS_POINT_MODE, {"identity.access_point": True, "store.server_url": None}, {}),
        (C.CHECK_NO_SERVER, {"store.server_url": None, "store.db_uuid": None}, {}),
        (C.LOAD_NO_CREDENTIAL, {"store.db_uuid": None, **NO_DNS}, NO_NAME),
        (C.RESOLVERS_DO_NOT_WORK, {**NO_DNS, **EXPIRED, "odoo.manager_dead": True}, NO_NAME),
        (C.LOAD_REQUEST_EXCEPTION, EXPIRED, DEAD),
        (C.ANSWER_NOT_FROM_ODOO, EXPIRED, {"authority.untrusted": "self-signed certificate"}),
        (C.LOAD_REQUEST_STATUS, EXPIRED, {"authority.status": 503, "authority.maintenance": True}),
        (C.LOAD_REQUEST_NO_RESULT, EXPIRED, REFUSED),
        (C.DATABASE_UNREACHABLE, {"store.db_uuid": None}, {"database.error": "Connection refused"}),
        (C.EXPIRED, {**EXPIRED, "nginx.config_error": told("line 3")}, {}),
        (C.NGINX_CONFIG_BROKEN, {"nginx.config_error": told("line 3"), "nginx.running": False}, {}),
        (C.NGINX_DOWN, {"nginx.running": False, "odoo.answers": False}, {}),
        (C.DISK_FULL, {"disk.home_free": 0, **EXPIRED}, {}),
    ],
    ids=str,
)
def test_of_several_faults_the_one_to_be_mended_first_is_named(
    first: CodeName, observed: dict[str, object], inquiry: dict[str, object]
) -> None:
    diagnosis = chain(observed, inquiry)
    assert cause(diagnosis) == first
    assert diagnosis.later


def test_nothing_behind_the_break_is_blamed_and_nothing_found_there_is_lost() -> None:
    diagnosis = chain(EXPIRED, DEAD)
    after = [each.state for each in diagnosis.steps[list(StepName).index(StepName.AUTHORITY) + 1 :]]
    assert set(after) == {StepState.NOT_REACHED}
    assert [each.code for each in diagnosis.later] == [C.EXPIRED]


def test_a_warning_does_not_break_the_chain_and_is_named_where_nothing_else_is_wrong() -> None:
    late = {"certificates.live": pair(certificate(NOW, 7)), "certificates.mirror": pair(certificate(NOW, 7))}
    diagnosis = chain(late)
    assert cause(diagnosis) == C.RENEWAL_DUE
    assert step(diagnosis, StepName.FILES).state is StepState.WARNED
    assert step(diagnosis, StepName.SERVED).state is StepState.OK


def test_that_nothing_newer_is_there_is_named_before_the_renewal_that_is_due() -> None:
    late = {"certificates.live": pair(certificate(NOW, 7)), "certificates.mirror": pair(certificate(NOW, 7))}
    assert cause(chain({**late, "memory.unchanged_at": NOW})) == C.NOTHING_NEWER


def test_a_database_whose_name_no_dns_of_the_box_finds_is_not_blamed() -> None:
    diagnosis = chain(NO_DNS, NO_NAME)
    assert step(diagnosis, StepName.DATABASE).state is StepState.NOT_REACHED
    assert step(diagnosis, StepName.BOX_DNS).state is StepState.FAILED


def test_a_box_that_was_not_reached_is_judged_no_further() -> None:
    found = finding(C.CONNECTION_TIMEOUT, told("no answer"))
    diagnosis, _ = diagnose(Walk(desired=wanted()), (found,))
    assert diagnosis.cause is found
    assert {each.state for each in diagnosis.steps[1:]} == {StepState.NOT_REACHED}


def test_what_was_not_observed_breaks_the_step_of_its_part() -> None:
    parts = {
        Part.STORE: StepName.LINK,
        Part.RESOLVERS_LIVE: StepName.BOX_DNS,
        Part.CERTIFICATES_MIRROR: StepName.FILES,
        Part.CERTIFICATES_SERVED: StepName.SERVED,
        Part.NGINX: StepName.NGINX,
        Part.IDENTITY: StepName.REACHABLE,
        Part.OUTSIDE: StepName.OUTSIDE,
    }
    assert {
        part: step_of(finding(C.NOT_OBSERVED, say("gap", part=part, reason="I/O error"))) for part in parts
    } == parts


def test_public_dns_tells_a_hidden_name_from_one_that_does_not_exist() -> None:
    router = answer("192.168.1.1", Whose.ROUTER)
    hidden = chain({}, {"dns": (router,)}, public=answer("8.8.8.8", Whose.PUBLIC, "192.168.1.20"))
    gone = chain({}, {"dns": (router,)}, public=answer("8.8.8.8", Whose.PUBLIC))
    unknown = chain({}, {"dns": (router,)}, public=answer("8.8.8.8", Whose.PUBLIC, outcome=DnsOutcome.SILENT))
    assert [cause(each) for each in (hidden, gone, unknown)] == [
        C.CLIENT_DNS_REBIND,
        C.CLIENT_DNS_UNKNOWN_NAME,
        C.CLIENT_DNS_REBIND,
    ]


@pytest.mark.parametrize(
    ("public", "first", "state"),
    [
        (answer("8.8.8.8", Whose.PUBLIC), C.CLIENT_DNS_UNKNOWN_NAME, StepState.FAILED),
        (answer("8.8.8.8", Whose.PUBLIC, "203.0.113.7"), C.CLIENT_DNS_WRONG, StepState.FAILED),
        (answer("8.8.8.8", Whose.PUBLIC, outcome=DnsOutcome.SILENT), None, StepState.NOT_REACHED),
        (answer("8.8.8.8", Whose.PUBLIC, "192.168.1.20"), None, StepState.OK),
    ],
)
def test_public_dns_is_judged_where_nobody_else_answers(
    public: DnsAnswer, first: CodeName | None, state: StepState
) -> None:
    silent = answer("192.168.1.1", Whose.ROUTER, outcome=DnsOutcome.SILENT)
    diagnosis = chain({}, {"dns": (silent,)}, public=public)
    assert (cause(diagnosis), step(diagnosis, StepName.CLIENT_DNS).state) == (first, state)


@pytest.mark.parametrize("code", [C.NAME_NOT_RESOLVED, C.NAME_LEADS_ELSEWHERE])
def test_dns_of_the_control_machine_does_not_count_where_public_dns_leads_to_the_box(code: CodeName) -> None:
    public = answer("8.8.8.8", Whose.PUBLIC, "192.168.1.20")
    silent = answer("8.8.8.8", Whose.PUBLIC, outcome=DnsOutcome.SILENT)
    own = finding(code, told("seen from here"))
    assert [cause(chain({}, {}, {}, own, public=each)) for each in (public, silent, None)] == [None, code, code]


def test_who_is_only_likely_to_be_asked_by_tills_is_told_with_how_to_say_otherwise() -> None:
    guessed = chain({}, {"dns": (answer("192.168.1.1", Whose.ROUTER),)})
    declared = chain({"client_dns": (answer("192.168.1.1", Whose.CLIENTS),)})
    variants = [each.cause.variant if each.cause else "none" for each in (guessed, declared)]
    assert variants == [Variant.LIKELY_ASKED, None]


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ((DnsOutcome.ANSWERED, DnsOutcome.ANSWERED), StepState.OK),
        ((DnsOutcome.SILENT, DnsOutcome.ANSWERED), StepState.WARNED),
        ((DnsOutcome.ANSWERED, DnsOutcome.NO_SUCH_NAME), StepState.WARNED),
        ((DnsOutcome.SILENT, DnsOutcome.FAILING), StepState.FAILED),
    ],
)
def test_each_server_of_the_box_is_judged_by_itself(answers: tuple[DnsOutcome, ...], state: StepState) -> None:
    told = tuple(
        replace(FINE.dns[0], outcome=each, addresses=FINE.dns[0].addresses if each is DnsOutcome.ANSWERED else ())
        for each in answers
    )
    diagnosis = chain({}, {"dns": told})
    assert step(diagnosis, StepName.BOX_DNS).state is state
    assert cause(diagnosis) == (None if state is StepState.OK else C.RESOLVERS_DO_NOT_WORK)


def test_a_server_that_leads_nowhere_is_what_is_wrong_and_not_the_way_to_the_authority() -> None:
    filtered = (replace(FINE.dns[0], addresses=("0.0.0.0",)),)
    refused = Contact(host="www.odoo.com", error=told("Connection refused"))
    assert cause(chain({}, {"dns": filtered, "authority": refused})) == C.RESOLVERS_DO_NOT_WORK


def test_short_time_hides_nothing_that_was_found() -> None:
    late = say("too_late", left=20.4, needed=40.0)
    short = {"unasked": late, "authority": None, "eligibility": None}
    log = LogEntry(code=C.LOAD_REQUEST_NO_RESULT, at="2026-03-01 00:00:01", text="Error received")
    assert cause(chain({}, short)) == C.DEADLINE
    assert cause(chain({}, {**short, "log": (log,)})) == C.LOAD_REQUEST_NO_RESULT
    assert cause(chain({}, short, {}, finding(C.KEY_MISSING, told("gone")))) == C.KEY_MISSING
    assert step(chain({}, short), StepName.REACHABLE).state is StepState.OK


def test_a_router_without_dns_of_its_own_means_nothing_and_a_declared_server_does() -> None:
    silent = answer("192.168.1.1", Whose.ROUTER, outcome=DnsOutcome.SILENT)
    assert cause(chain({}, {"dns": (silent,)})) is None
    declared = answer("192.168.1.1", Whose.CLIENTS, outcome=DnsOutcome.SILENT)
    assert cause(chain({"client_dns": (declared,)})) == C.CLIENT_DNS_OUTAGE


def test_the_vendors_own_anchors_come_before_those_of_a_step() -> None:
    assert anchor_of(StepName.AUTHORITY, C.LOAD_REQUEST_EXCEPTION) == "err-iot-https-load-request-exception"
    assert anchor_of(StepName.ELIGIBILITY, C.DATABASE_COPIED) == "iot-https-certificate-iot-iot-eligibility"


SITE = "https://www.odoo.com/documentation"
OLD = "applications/general/iot/iot_advanced/https_certificate_iot.html"
TROUBLE = "applications/general/iot/iot_advanced/troubleshooting.html"


@pytest.mark.parametrize(
    ("branch", "old"),
    [
        ("15.0", "18.0"),
        ("16.0", "18.0"),
        ("17.0", "17.0"),
        ("saas-17.4", "18.0"),
        ("18.0", "18.0"),
        ("saas-18.2", "18.0"),
    ],
)
def test_a_box_of_a_branch_with_codes_is_sent_to_the_page_that_has_them(branch: str, old: str) -> None:
    page = page_of(StepName.SITE, C.LOAD_REQUEST_STATUS, branch)
    assert page == f"{SITE}/{old}/{OLD}#err-iot-https-load-request-status"


@pytest.mark.parametrize(
    ("branch", "new"),
    [
        ("saas-18.3", "19.0"),
        ("saas-18.4", "19.0"),
        ("19.0", "19.0"),
        ("saas-19.2", "19.0"),
        ("20.0", "20.0"),
        ("master", "19.0"),
        ("x" * 5000, "19.0"),
        (None, "19.0"),
    ],
)
def test_a_box_of_a_newer_branch_is_sent_to_the_newer_pages(branch: str | None, new: str) -> None:
    assert page_of(StepName.SITE, C.LOAD_REQUEST_STATUS, branch) == f"{SITE}/{new}/{TROUBLE}#odoo-com-not-reachable"


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_code_has_a_place_on_either_generation_of_pages(code: str) -> None:
    pages = [page_of(CATALOGUE[code].step, code, branch) for branch in ("18.0", "19.0")]
    assert OLD in pages[0]
    assert OLD not in pages[1]
    assert all(page.count("#") == 1 and not page.endswith("#") for page in pages)


@pytest.mark.parametrize(("branch", "version"), [("17.0", "17.0"), ("saas-19.1", "19.0")])
def test_the_chain_links_by_the_branch_of_the_box(branch: str, version: str) -> None:
    found = step(chain({"layout.branch": branch, **EXPIRED}), StepName.FILES)
    assert found.page is not None
    assert found.page.startswith(f"{SITE}/{version}/")


def test_a_page_of_the_box_that_says_otherwise_is_told_beside_the_files() -> None:
    says = "ERR_IOT_HTTPS_CHECK_NO_SERVER"
    assert says in step(chain({}, {"own_words": says, "own_code": C.CHECK_NO_SERVER}), StepName.FILES).evidence
    assert "page" not in step(chain({}, {"own_words": "Your certificate is valid"}), StepName.FILES).evidence
