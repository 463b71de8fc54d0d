"""What a person reads after a run over many boxes."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console

from reconciler.codes import CodeName
from reconciler.model.desired import Mode
from reconciler.model.statement import told
from reconciler.report import fleet_text
from reconciler.results.finding import finding
from reconciler.results.fleet import BoxState, FleetReport

from .fleet import CANARIES, box, every_state, expired, looked, many, mended, observed, report

REPAIRED = mended(looked("till", observed(days=-2), expired()))


def plain(shown: FleetReport, *, diff: bool = False) -> str:
    stream = io.StringIO()
    fleet_text.show(shown, stream, diff=diff)
    return stream.getvalue()


def coloured(shown: FleetReport, width: int = 100) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system="standard", highlight=False)
    return fleet_text.render(shown, console)


def line_of(text: str, start: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(start))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("hanoi-1", "in sync        192.168.2.11  2026-05-01 (60 d)  24.10/17.0"),
        ("hanoi-2", "differs        192.168.3.12  2026-02-28 (past)  23.11/16.0    expired"),
        ("hanoi-3", "expired, resolvers differ"),
        ("hanoi-4", "unreachable    -             -                  -             connection timeout"),
        ("hanoi-5", "deferred"),
        ("hue-1", "DNS set, certificate"),
        ("hue-2", "failed         192.168.7.16  2026-03-06 (4 d)   25.07/19.0    request no result"),
        ("hue-3", "name not resolved"),
        ("backoffice", "1 problem in its entry"),
        ("cellar", "not attempted  -             -                  -             not looked at"),
    ],
)
def test_each_box_has_one_line(name: str, words: str) -> None:
    shown = [line for line in plain(every_state()).splitlines() if line.startswith(f"{name} ")]
    assert len(shown) == 1
    assert words in shown[0]


def test_stores_are_headings_and_boxes_without_one_come_last() -> None:
    text = plain(every_state())
    places = ["Pho 24 / Hanoi  1 in sync, 2 differ", "Pho 24 / Hue  ", "no customer, no store  "]
    found = [text.index(place) for place in places]
    assert found == sorted(found)


def test_causes_stand_below_with_title_code_remedy_and_boxes() -> None:
    assert (
        "error    The certificate has expired: 3 boxes\n"
        "         IOT_HTTPS_EXPIRED\n"
        "         what to do: reconcile fixes this\n"
        "           seen: *.d73e7513.odoo-iot.com ended 2026-02-28T12:00:00Z (2 days ago):\n"
        "             hanoi-2, hanoi-3, kitchen\n"
    ) in plain(every_state())


def test_boxes_that_are_not_managed_are_listed_at_the_end_and_nowhere_else() -> None:
    text = plain(every_state())
    end = "\nNot managed, since nothing is declared for them (no connection was made):\n  gateway\n"
    assert text.count("gateway") == 1
    assert text.index(end) > text.index("IOT_HTTPS_EXPIRED")
    assert text.splitlines()[-1].endswith(", 1 not managed")


def test_one_that_was_meant_to_be_managed_is_listed_with_its_problem_only() -> None:
    meant = box("meant", BoxState.NOT_ATTEMPTED, problems=("iot_https_serial is set",))
    text = plain(report([meant, box("gateway", BoxState.NOT_MANAGED)]))
    assert text.count("meant") == 1


def test_a_report_of_nothing_else_has_no_table() -> None:
    text = plain(report([box("gateway", BoxState.NOT_MANAGED)]))
    assert "address" not in text
    assert "  gateway\n" in text


def test_summary_is_the_last_line() -> None:
    assert plain(many()).splitlines()[-1] == "300 boxes in 1 min 14 s: 261 in sync, 26 differ, 13 unreachable"


def test_check_says_what_reconcile_would_do() -> None:
    assert "reconcile would change 26 boxes" in plain(many())


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"held_back": "12 boxes want changes, 10 are allowed"}, "Nothing was changed: 12 boxes want changes"),
        ({"interrupted": True}, "The run was asked to end; every box had had its turn."),
        ({"resumed": ("till-3", "till-9")}, "Taken up from an earlier run that was cut off: till-3, till-9"),
    ],
)
def test_what_is_special_about_a_run_is_said(more: dict[str, object], words: str) -> None:
    assert words in plain(replace(report([box("till", BoxState.CHANGED, REPAIRED)]), **more))  # type: ignore[arg-type]


def test_piped_text_has_no_colour_and_at_most_100_columns() -> None:
    text = plain(every_state())
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 100
    assert not [line for line in text.splitlines() if line.endswith(" ")]


def test_evidence_and_remedy_are_wrapped_and_never_cut() -> None:
    long = " ".join(f"word{number}" for number in range(70))
    text = plain(report([box("till", BoxState.FAILED, findings=(finding(CodeName.NOT_OBSERVED, told(long)),))]))
    assert long in " ".join(text.split())
    assert "..." not in text


def test_state_is_a_word_and_a_colour() -> None:
    assert "\x1b[33mdiffers" in coloured(every_state())


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[33m" not in coloured(every_state())


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_terminal_of_any_width_shows_every_box_by_its_name(width: int) -> None:
    console = Console(file=io.StringIO(), width=width, color_system=None, highlight=False)
    text = fleet_text.render(every_state(), console)
    assert max(map(len, text.splitlines())) <= width
    assert all(each.name in text for each in every_state().boxes)


def test_narrow_terminal_loses_image_first_then_address_then_certificate() -> None:
    heads = {}
    for width in (100, 80, 70, 50):
        console = Console(file=io.StringIO(), width=width, color_system=None, highlight=False)
        heads[width] = line_of(fleet_text.render(every_state(), console), "box ").split()
    assert heads[100] == ["box", "state", "address", "certificate", "image/branch", "what"]
    assert heads[80] == ["box", "state", "address", "certificate", "what"]
    assert heads[70] == ["box", "state", "certificate", "what"]
    assert heads[50] == ["box", "state", "what"]


def test_single_box_with_diff_is_told_in_detail() -> None:
    text = plain(report([box("till", BoxState.DIFFERS, looked("till", observed(days=-2), expired()))]), diff=True)
    assert text.startswith("till: 1 difference  (192.168.1.10, image 25.07, branch 19.0)\n  error   IOT_HTTPS_EXPIRED")
    assert "          + certificate: newly issued by www.odoo.com\n" in text


def test_single_box_that_is_not_supported_is_called_so() -> None:
    seen = finding(CodeName.UNSUPPORTED_LAYOUT, told("no IoT box"))
    result = looked("till", observed(), seen, failed=True)
    text = plain(report([box("till", BoxState.UNSUPPORTED, result)]), diff=True)
    assert text.startswith("till: unsupported  (")


def test_diff_of_many_boxes_stands_below_each_name() -> None:
    text = plain(every_state(), diff=True)
    assert "hanoi-3:\n  would   set DNS resolvers (1.1.1.1, 8.8.8.8)\n          - nameserver 192.0.2.53\n" in text


def alike(number: int) -> FleetReport:
    """Return boxes on which the same is found and planned."""
    names = [f"till-{each}" for each in range(number)]
    return report([box(each, BoxState.DIFFERS, looked(each, observed(days=-2), expired())) for each in names])


def test_the_same_change_of_many_boxes_is_shown_once() -> None:
    text = plain(alike(12), diff=True)
    assert text.count("newly issued by www.odoo.com") == 1
    assert "till-0, till-1, till-2, " in text.partition("  would ")[0]


@pytest.mark.parametrize(("number", "end"), [(40, "till-39"), (77, "and 37 more: --output json")])
def test_a_list_of_boxes_has_an_end(number: int, end: str) -> None:
    shown = " ".join(plain(alike(number)).split())
    assert shown.partition("seen: ")[2].partition(" reconcile would")[0].endswith(end)


def test_who_is_asked_sees_every_box() -> None:
    for diff in (False, True):
        asked = " ".join(fleet_text.render_plan(alike(77).boxes, diff=diff).split())
        assert "till-76" in asked
        assert "more:" not in asked


def test_box_that_was_looked_at_and_not_mended_says_both() -> None:
    due = looked("till", observed(days=-2), expired())
    text = plain(report([box("till", BoxState.NOT_ATTEMPTED, due)], mode=Mode.RECONCILE))
    assert "not mended, expired" in text


def test_what_is_left_after_a_repair_is_said() -> None:
    left = finding(CodeName.RESOLVERS_DO_NOT_WORK, told("1.1.1.1: no answer"))
    text = plain(report([box("till", BoxState.DIFFERS, mended(REPAIRED, left))]))
    assert "new certificate, settings written; left: resolvers do not work" in " ".join(text.split())


def test_names_cannot_command_a_terminal() -> None:
    text = plain(report([box("till\x1b[2J", BoxState.UNREACHABLE)]))
    assert "\x1b" not in text


def test_run_without_boxes_is_told() -> None:
    assert plain(report([])).splitlines()[-1] == "0 boxes in 42 s:"


@pytest.mark.parametrize("diff", [False, True])
def test_no_secret_is_shown(*, diff: bool) -> None:
    text = plain(every_state(), diff=diff)
    assert not [canary for canary in CANARIES if canary in text]
