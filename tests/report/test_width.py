"""Every text follows the width that it is given, and breaks between words: what is to be copied stays whole."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

import pytest

from reconciler.cli.host_keys import rows
from reconciler.codes import CATALOGUE
from reconciler.connections.ssh_presented import Presented
from reconciler.diagnosis.chain import diagnose
from reconciler.diagnosis.evidence import Walk
from reconciler.model.desired import Mode
from reconciler.model.statement import told
from reconciler.report import diagnosis_text, fleet_text, progress, schedule_text, text
from reconciler.report.chain_text import ASCII, UNICODE
from reconciler.report.slowest import Waiting
from reconciler.results.finding import finding
from reconciler.results.fleet import Again, BoxReport, BoxState, FleetReport
from reconciler.schedule.show import Schedule

from ..diagnosis.cases import FINE
from ..support.observed import wanted
from .fleet import every_state, expired, looked, many, observed, report

WIDTHS = (40, 60, 80, 100, 132, 200)
WIDE = 100_000
LONG = "till-1.hanoi-old-quarter.customers.with-a-long-name.example.com"
AGAIN = Again(
    options=("-i", "/srv/with a blank/inventories/production/hosts.yml", "--vault-password-file", "/etc/vault/pass"),
    selection=("bakery:&hanoi", "--limit", "!till-9"),
    bounds=("--no-probe",),
)
TICKET = (
    "Subject: no certificate for a box\n\nDatabase: https://shop.example.com\nwww.odoo.com answers 418 "
    + "and so " * 40
)


def diagnosed(name: str, code: str, number: int) -> BoxReport:
    found = expired() if code == "IOT_HTTPS_EXPIRED" else finding(CATALOGUE[code].name, told(f"seen of {code.lower()}"))
    seen = observed(number, -2.0)
    walk = Walk(desired=wanted(name=name), observed=seen, inquiry=FINE, outside=True)
    chain, ordered = diagnose(walk, (found,))
    result = looked(name, seen, found, mode=Mode.DIAGNOSE)
    return BoxReport(
        name=name,
        state=BoxState.DIFFERS,
        customer="Pho 24",
        store=f"Store {number % 3}",
        findings=ordered,
        result=result,
        diagnosis=replace(chain, ticket=TICKET if number % 9 == 4 else None),
    )


@cache
def of_each_code() -> FleetReport:
    """Return a diagnosis of a box for each code of the catalogue."""
    boxes = [diagnosed(f"till-{number}", code, number) for number, code in enumerate(CATALOGUE)]
    boxes[3] = replace(boxes[3], name=LONG)
    return report(boxes, mode=Mode.DIAGNOSE, again=AGAIN, seconds=130.0)


@cache
def slow() -> FleetReport:
    """Return a check with every state, a long name and boxes that took long."""
    fleet = every_state()
    boxes = (replace(fleet.boxes[1], name=LONG, seconds=70.0), *fleet.boxes[2:])
    return replace(fleet, again=AGAIN, boxes=boxes, seconds=90.0)


def printed(fleet: FleetReport, width: int, *, diff: bool = False) -> str:
    stream = io.StringIO()
    fleet_text.show(fleet, stream, diff=diff, width=width)
    return stream.getvalue()


def diagnosis(fleet: FleetReport, width: int, *, every_chain: bool = False, marks: object = UNICODE) -> str:
    signs = UNICODE if marks is UNICODE else ASCII
    return "\n".join(line.text for line in diagnosis_text.render(fleet, signs, every_chain=every_chain, width=width))


def single(width: int) -> str:
    one = looked("till", observed(1, -2.0, **{"resolvers.live": ("192.0.2.53",)}), expired())
    box = BoxReport(name="till", state=BoxState.DIFFERS, findings=one.after, result=one)
    return printed(report([box], again=AGAIN), width, diff=True)


def keys(width: int) -> str:
    shown = [
        Presented(name, "192.168.100.200:22222", "ssh-ed25519", f"SHA256:{'x' * 43}", "", "") for name in ("a", LONG)
    ]
    return "\n".join(rows(shown, width))


def schedules(width: int) -> str:
    one = Schedule(
        name="night",
        command='/usr/bin/iot-https reconcile --yes -i "/srv/with a blank" --limit store_lotus__hanoi --missed-runs 3',
        calendar="Mon..Fri *-*-* 03:00:00",
        enabled=False,
        active=False,
        running=True,
        next_run="Wed 2026-11-25 03:00:00 UTC",
        last_run="Tue 2026-11-24 03:04:10 UTC",
        last_status="22",
        last_result="exit-code",
        catches_up=True,
    )
    return "\n".join(
        (schedule_text.render([one, replace(one, enabled=True, active=True)], width), schedule_text.render([], width))
    )


def moving(width: int) -> str:
    counts = progress.Counts(total=300, fine=200, differ=10, failed=3, busy=1, not_managed=1, to_mend=4)
    waiting = [Waiting(f"hanoi-till-{each}", "being looked at", 60.0 - each) for each in range(3)]
    return "\n".join(progress.line(counts, width, 90.0, waiting[:number]).plain for number in range(4))


TEXTS: Mapping[str, Callable[[int], str]] = MappingProxyType(
    {
        "check": lambda width: printed(slow(), width),
        "check of 300": lambda width: printed(many(), width),
        "check, every remedy": lambda width: printed(replace(of_each_code(), mode=Mode.CHECK), width),
        "diff": lambda width: printed(slow(), width, diff=True),
        "diff of one": single,
        "of this machine": lambda width: text.render(
            [each.result for each in slow().boxes if each.result], width=width
        ),
        "plan": lambda width: fleet_text.render_plan(slow().boxes, width=width),
        "plan with diff": lambda width: fleet_text.render_plan(slow().boxes, diff=True, width=width),
        "work orders": lambda width: diagnosis(of_each_code(), width),
        "every chain": lambda width: diagnosis(of_each_code(), width, every_chain=True),
        "every chain, ASCII": lambda width: diagnosis(of_each_code(), width, every_chain=True, marks=ASCII),
        "host keys": keys,
        "schedules": schedules,
        "progress": moving,
    }
)
EXACT = frozenset(
    line.strip() for code in CATALOGUE.values() for _, lines in code.recipes for line in lines.splitlines()
)
SIGNS_ALONE = frozenset("\\│┊|:") | {"━" * 40, "=" * 40}
SIGNS = re.compile(r"^[ │┊✔✘!·+x.|:-]+(?= )|\s*\\$")


def is_one_word(line: str) -> bool:
    """Tell whether a line cannot be shorter: a word, a command of a remedy, or an exact line."""
    bare = SIGNS.sub("", line).strip()
    if bare in EXACT:
        return True
    whole = re.sub(r"'[^']*'|`[^`]*`", lambda found: found[0].replace(" ", "_"), bare)
    return " " not in whole


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", TEXTS)
def test_no_line_is_longer_than_the_width(name: str, width: int) -> None:
    lines = TEXTS[name](width).splitlines()
    assert [line for line in lines if len(line) > width and not is_one_word(line)] == []
    assert len(lines) > 1


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", [name for name in TEXTS if name != "progress"])
def test_every_word_is_whole(name: str, width: int) -> None:
    known = set(TEXTS[name](WIDE).split())
    assert set(TEXTS[name](width).split()) - known - SIGNS_ALONE == set()


@pytest.mark.parametrize("name", [name for name in TEXTS if "chain" not in name and "order" not in name])
def test_what_is_told_does_not_depend_on_the_width(name: str) -> None:
    """Only a table leaves columns out, and a line that moves its end."""
    narrow, wide = (set(re.findall(r"[A-Z_]{9,}|https?://\S+", TEXTS[name](width))) for width in (40, 200))
    assert narrow == wide
