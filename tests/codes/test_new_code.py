"""A new code is its name and one entry of the catalogue: all that reports, diagnoses and explains it reads these."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler import codes
from reconciler.codes import Code, CodeName
from reconciler.diagnosis.chain import diagnose
from reconciler.diagnosis.evidence import Walk
from reconciler.model import wire
from reconciler.model.severity import FindingClass, Severity
from reconciler.model.statement import say
from reconciler.model.step_name import StepName
from reconciler.report import json_report, text
from reconciler.results.finding import Finding, finding
from reconciler.results.fleet import BoxState
from reconciler.results.restate import legible, restated
from reconciler.results.result import Result

from ..report import fleet
from ..support.loaded import load
from ..support.observed import healthy, wanted

TOOL = Path(__file__).parents[2] / "tools/generate_code_pages.py"


@pytest.fixture
def name(monkeypatch: pytest.MonkeyPatch) -> CodeName:
    """Return a name that `CodeName` has for this test, as if it stood there."""
    made = str.__new__(CodeName, "IOT_HTTPS_MOON_FULL")
    made._name_, made._value_ = "MOON_FULL", "IOT_HTTPS_MOON_FULL"
    monkeypatch.setitem(CodeName._member_map_, made._name_, made)
    monkeypatch.setitem(CodeName._value2member_map_, made._value_, made)
    return made


@pytest.fixture
def found(name: CodeName, monkeypatch: pytest.MonkeyPatch) -> Finding:
    """Return a finding of a code whose whole existence is this entry."""
    entry = Code(
        name=name,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.NGINX,
        title="The moon is full",
        cause="It comes round every month.",
        software="The repair draws the curtains.",
        remedy="Howl, or wait for the morning.",
        shows="how much of the moon is to be seen",
        repairable=True,
        sentences={"seen": "{percent} percent of the moon are to be seen"},
    )
    monkeypatch.setitem(codes._ENTRIES, name, entry)
    return finding(name, say("seen", percent=99))


def test_it_comes_from_a_box_as_it_went(found: Finding) -> None:
    sent = wire.encode(fleet.looked("till-1", healthy(), found))
    assert restated(wire.decode(Result, legible(json.loads(json.dumps(sent))))).after == (found,)


def test_it_is_in_the_text_report(found: Finding) -> None:
    said = " ".join(text.render([fleet.looked("till-1", healthy(), found)]).split())
    for each in ("IOT_HTTPS_MOON_FULL", "99 percent of the moon are to be seen", "Howl, or wait for the morning."):
        assert each in said


def test_it_is_in_the_json_report(found: Finding) -> None:
    result = fleet.looked("till-1", healthy(), found)
    shown = json.loads(json_report.render(fleet.report([fleet.box("till-1", BoxState.DIFFERS, result)])))
    (told,) = shown["boxes"][0]["findings"]
    assert told["code"] == "IOT_HTTPS_MOON_FULL"
    assert told["evidence"] == "99 percent of the moon are to be seen"
    assert told["remedy"] == "The repair draws the curtains. Howl, or wait for the morning."


def test_it_is_the_cause_at_its_step_of_a_diagnosis(found: Finding) -> None:
    diagnosis, _ = diagnose(Walk(desired=wanted(), observed=healthy()), [found])
    assert diagnosis.cause == found
    assert diagnosis.broken is not None
    assert diagnosis.broken.name is StepName.NGINX


def test_it_has_a_page_and_a_line_in_the_list_of_its_step(found: Finding) -> None:
    pages = load(TOOL).pages()
    page = pages[f"{found.code}.md"]
    assert page.index("## What iot-https does") < page.index("The repair draws the curtains.")
    assert page.index("## What a person does") < page.index("Howl, or wait for the morning.")
    of_nginx = pages["README.md"].partition("## nginx\n")[2].partition("\n## ")[0]
    assert "The moon is full | reconcile |" in of_nginx
