"""The picture of a chain: what a person sees of one box."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from reconciler.codes import CodeName
from reconciler.diagnosis.chain import diagnose
from reconciler.diagnosis.evidence import Walk
from reconciler.model.desired import Mode
from reconciler.model.statement import told
from reconciler.report import diagnosis_text
from reconciler.report.chain_text import ASCII, TITLES, UNICODE, marks_for, picture
from reconciler.results.finding import Finding, finding
from reconciler.results.fleet import BoxReport, BoxState, FleetReport

from ..diagnosis.cases import FINE
from ..support.observed import NOW, wanted
from .fleet import expired, looked, observed

C = CodeName
REBIND = finding(C.CLIENT_DNS_REBIND, told("192.168.1.1 answers NXDOMAIN"))


def box(*found: Finding, days: float = 60.0) -> BoxReport:
    seen = observed(0, days)
    case = Walk(desired=wanted(name="till-1"), observed=seen, inquiry=FINE, outside=True)
    diagnosis, ordered = diagnose(case, found)
    result = looked("till-1", seen, *found, mode=Mode.DIAGNOSE)
    return BoxReport(
        name="till-1",
        state=BoxState.DIFFERS,
        customer="Pho 24",
        store="Hanoi",
        findings=ordered,
        result=result,
        diagnosis=diagnosis,
    )


def text(report: BoxReport) -> str:
    return "\n".join(line.text for line in picture(report))


def test_a_healthy_box_is_a_column_of_ticks() -> None:
    shown = text(box())
    assert shown.count("✔") == len(TITLES) - 1
    assert "✘" not in shown
    assert "\n  nothing is wrong\n" in shown


def test_at_the_end_of_a_chain_without_fault_stands_what_only_the_tills_browser_can_show() -> None:
    end = " ".join(text(box()).partition("nothing is wrong")[2].split())
    assert "permission to access devices on the local network" in end
    assert "Site settings > Additional permissions > Local network, allow it for https://shop.example.com." in end
    assert end.endswith("/19.0/applications/general/iot/iot_advanced/troubleshooting.html#iot-troubleshooting-printing")
    assert "permission" not in text(box(expired(), days=-2))
    assert "permission" not in text(box(finding(C.KEY_EXPOSED, told("readable by every user"))))


@pytest.mark.parametrize(("days", "told"), [(60.0, 1), (-2, 0)])
def test_of_many_boxes_without_fault_it_is_said_once(days: float, told: int) -> None:
    found = (expired(),) if days < 0 else ()
    boxes = tuple(replace(box(*found, days=days), name=f"till-{each}") for each in range(5))
    report = FleetReport(mode=Mode.DIAGNOSE, started_at=NOW, seconds=1.0, boxes=boxes)
    shown = "\n".join(line.text for line in diagnosis_text.render(report))
    assert " ".join(shown.split()).count("Local network, allow it") == told


def test_a_broken_chain_shows_where_what_and_what_to_do() -> None:
    shown = text(box(expired(), days=-2))
    assert shown.count("✘") == 1
    lines = shown.splitlines()
    at = next(number for number, line in enumerate(lines) if "✘ files" in line)
    assert "IOT_HTTPS_EXPIRED" in lines[at + 2]
    assert "what to do  reconcile fixes this\n" in shown
    assert lines[lines.index(next(each for each in lines if "what to do" in each)) + 1].endswith(
        "    iot-https reconcile till-1"
    )
    assert "#iot-connect-https-certificate" in shown
    assert "not reached: nginx config, served, Odoo, DNS of tills, 443 from outside" in shown


def test_exact_lines_stand_alone_to_be_copied() -> None:
    shown = text(box(REBIND)).splitlines()
    assert any(line.endswith("  rebind-domain-ok=/odoo-iot.com/") for line in shown)
    assert any(line.endswith('  private-domain: "odoo-iot.com"') for line in shown)


def test_a_remedy_that_applies_to_many_boxes_is_told_once() -> None:
    boxes = tuple(replace(box(REBIND), name=f"till-{number}") for number in range(3))
    report = FleetReport(mode=Mode.DIAGNOSE, started_at=NOW, seconds=1.0, boxes=boxes)
    shown = "\n".join(line.text for line in diagnosis_text.render(report))
    assert shown.count("rebind-domain-ok=/odoo-iot.com/") == 1
    assert shown.count("what to do  as for till-0\n") == 2


def test_what_was_found_behind_the_break_is_listed_and_not_blamed() -> None:
    shown = text(box(expired(), REBIND, days=-2))
    assert "also found, look at it when that is fixed:" in shown
    assert "    IOT_HTTPS_CLIENT_DNS_REBIND: The shop's DNS hides" in shown


def test_a_warning_is_marked_and_the_chain_goes_on() -> None:
    shown = text(box(finding(C.KEY_EXPOSED, told("readable by every user"))))
    assert "! files" in shown
    assert "✔ Odoo" in shown


def test_a_box_that_was_not_diagnosed_says_why() -> None:
    invalid = BoxReport(name="till-1", state=BoxState.INVALID, problems=("iot_https_store is empty",))
    assert "iot_https_store is empty" in text(invalid)


@pytest.mark.parametrize(("encoding", "marks"), [("utf-8", UNICODE), ("ascii", ASCII), (None, ASCII), ("x-no", ASCII)])
def test_signs_are_those_that_the_terminal_can_show(encoding: str | None, marks: object) -> None:
    assert marks_for(encoding) is marks


@pytest.mark.parametrize(("number", "every", "chains"), [(1, False, 1), (3, False, 3), (4, False, 0), (4, True, 4)])
def test_chains_are_shown_of_few_boxes_or_when_asked_for(number: int, every: object, chains: int) -> None:
    boxes = tuple(box(expired(), days=-2) for _ in range(number))
    stream = io.StringIO()
    report = FleetReport(mode=Mode.DIAGNOSE, started_at=NOW, seconds=1.0, boxes=boxes)
    diagnosis_text.show(report, stream, every_chain=bool(every))
    shown = stream.getvalue()
    assert shown.count("what to do") == chains
    assert ("Work orders" in shown) is (number > 3)
    assert shown.endswith(f"{number} with something to do\n")


def test_control_characters_of_a_box_do_not_reach_the_terminal() -> None:
    shown = text(box(finding(C.NGINX_CONFIG_BROKEN, told("line \x1b[2J 3"))))
    assert "\x1b" not in shown
