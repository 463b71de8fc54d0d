"""The catalogue is complete, keeps the vendor's six, and says what a technician can do."""

from __future__ import annotations

import re

import pytest

from reconciler.codes import CATALOGUE, Code, CodeName, Origin, Variant
from reconciler.model.severity import FindingClass, Severity
from reconciler.model.statement import say, told
from reconciler.results.finding import finding

VENDOR = (
    "ERR_IOT_HTTPS_CHECK_NO_SERVER",
    "ERR_IOT_HTTPS_CHECK_CERT_READ_EXCEPTION",
    "ERR_IOT_HTTPS_LOAD_NO_CREDENTIAL",
    "ERR_IOT_HTTPS_LOAD_REQUEST_EXCEPTION",
    "ERR_IOT_HTTPS_LOAD_REQUEST_STATUS",
    "ERR_IOT_HTTPS_LOAD_REQUEST_NO_RESULT",
)
ALL = pytest.mark.parametrize("code", CATALOGUE.values(), ids=lambda code: str(code.name))


def test_every_name_has_one_entry() -> None:
    assert set(CATALOGUE) == {str(name) for name in CodeName}


@pytest.mark.parametrize("name", VENDOR)
def test_vendor_code_keeps_its_name_and_anchor(name: str) -> None:
    assert CATALOGUE[name].anchor == name.lower().replace("_", "-")
    assert CATALOGUE[name].severity is Severity.ERROR


def test_only_the_six_are_the_vendors() -> None:
    assert {name for name, code in CATALOGUE.items() if code.anchor} == set(VENDOR)
    assert {name for name in CATALOGUE if name.startswith("ERR")} == set(VENDOR)
    assert all(re.fullmatch(r"(ERR_)?IOT_HTTPS_[A-Z_]+", name) for name in CATALOGUE)


@ALL
def test_texts_are_there_and_on_one_line(code: Code) -> None:
    assert code.shows
    assert not code.shows.endswith(".")
    own = (code.title, code.cause, code.software or None, code.remedy or None)
    assert any(own[2:])
    of_variants = ((each.title, each.cause, each.software or None, each.remedy) for each in code.variants.values())
    for title, *sentences in (own, *of_variants):
        assert title is None or (len(title) >= 10 and not title.endswith("."))
        assert all(text is None or (len(text) >= 20 and text.endswith((".", "}`"))) for text in sentences)
        assert all(text is None or text == " ".join(text.split()) for text in (title, *sentences))


@ALL
def test_our_codes_are_never_quoted_to_the_vendor(code: Code) -> None:
    assert "IOT_HTTPS_" not in f"{code.title} {code.cause} {code.remedy_of(None)}"


@ALL
def test_promise_of_a_repair_is_made_only_where_there_is_one(code: Code) -> None:
    assert code.repairable or not code.software


def test_what_only_a_run_finds_is_not_promised_to_be_repaired() -> None:
    assert not [code.name for code in CATALOGUE.values() if code.repairable and code.origin is not Origin.CHECK]


def test_titles_are_all_different() -> None:
    known = [each.title for code in CATALOGUE.values() for each in code.variants.values() if each.title]
    titles = [*known, *(code.title for code in CATALOGUE.values())]

    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (CodeName.LOAD_REQUEST_EXCEPTION, ("port 443", "port 53", "beyond Odoo's support", "network administrator")),
        (CodeName.LOAD_REQUEST_STATUS, ("3-digit status", "https://www.odoo.com/help", "maintenance")),
        (
            CodeName.LOAD_REQUEST_NO_RESULT,
            ("production database", "In Progress", "up to 18.0", "no longer"),
        ),
        (CodeName.LOAD_NO_CREDENTIAL, ("homepage", "gear button", "Credential")),
        (CodeName.WRONG_CLOCK, ("UDP port 123",)),
        (CodeName.LINKED_ELSEWHERE, ("--relink",)),
        (CodeName.RESOLVERS_DO_NOT_WORK, ("port 53", "beyond Odoo's support")),
        (CodeName.CLIENT_DNS_REBIND, ("Google DNS (8.8.8.8, 8.8.4.4)", "router", "each device", "Payment terminals")),
        (CodeName.CLIENT_DNS_OUTAGE, ("Google DNS", "Payment terminals", "network administrator")),
        (CodeName.DATABASE_COPIED, ("production database",)),
    ],
)
def test_remedy_names_the_button_port_or_place(name: CodeName, words: tuple[str, ...]) -> None:
    assert not [word for word in words if word not in CATALOGUE[name].remedy_of(None)]


@pytest.mark.parametrize("name", [CodeName.LOAD_REQUEST_EXCEPTION, CodeName.ANSWER_NOT_FROM_ODOO])
def test_where_a_firewall_is_in_the_way_relay_is_named(name: CodeName) -> None:
    entry = CATALOGUE[name]
    told = {each: known.remedy or entry.remedy for each, known in entry.variants.items()}
    at_the_box = {remedy for each, remedy in told.items() if each is not Variant.CONTROL_MACHINE} | {entry.remedy}
    assert all("set iot_https_certificate_source to relay" in remedy for remedy in at_the_box)
    assert "set iot_https_certificate_source" not in told[Variant.CONTROL_MACHINE]


def test_finding_takes_its_texts_from_the_catalogue() -> None:
    found = finding(CodeName.EXPIRED, told("ended yesterday"))

    assert found.code == "IOT_HTTPS_EXPIRED"
    assert (found.severity, found.finding_class) == (Severity.ERROR, FindingClass.RENEWAL_DUE)
    assert found.remedy == CATALOGUE[CodeName.EXPIRED].remedy_of(None)
    assert found.repairable


@pytest.mark.parametrize("kind", [FindingClass.BLOCKED, FindingClass.UNKNOWN])
def test_blocked_or_unknown_finding_is_never_repairable(kind: FindingClass) -> None:
    assert not finding(CodeName.CHECK_NO_SERVER, told("none"), finding_class=kind).repairable


def test_class_that_is_known_better_makes_it_repairable() -> None:
    assert finding(CodeName.CHECK_NO_SERVER, told("none"), finding_class=FindingClass.PENDING).repairable
    assert not finding(CodeName.STORE_MALFORMED, told("line 3"), finding_class=FindingClass.DRIFTED).repairable


def test_remedy_that_is_known_better_is_told() -> None:
    found = finding(
        CodeName.JUMP_HOST_FAILED,
        say("at_jump_host", jump_host="gate", command_to_accept="ssh gate true"),
        variant=Variant.KEY_SHOWN,
    )
    assert found.remedy.endswith("accept the key that it shows: `ssh gate true`")


def test_evidence_is_one_line_of_bounded_length() -> None:
    assert finding(CodeName.DEADLINE, told("first\n  second\r\n")).evidence == "first second"

    long = finding(CodeName.DEADLINE, told("x" * 1000)).evidence
    assert len(long) == 600
    assert long.endswith("...")


@pytest.mark.parametrize(
    ("where", "line"),
    [
        ("dnsmasq", "rebind-domain-ok=/odoo-iot.com/"),
        ("OpenWrt", "dhcp.@dnsmasq[0].rebind_domain='odoo-iot.com'"),
        ("unbound", 'private-domain: "odoo-iot.com"'),
        ("pfSense", 'private-domain: "odoo-iot.com"'),
        ("OPNsense", "odoo-iot.com"),
        ("FRITZ!Box", "odoo-iot.com"),
        ("Windows client", "8.8.8.8,8.8.4.4"),
    ],
)
def test_the_exact_exception_from_rebind_protection_is_there(where: str, line: str) -> None:
    recipes = dict(CATALOGUE[CodeName.CLIENT_DNS_REBIND].recipes)
    (name,) = [each for each in recipes if each.startswith(where)]
    assert line in recipes[name]
