"""A new code is one entry of the catalogue: its name, and all that reports, diagnoses and explains it, follow."""

from __future__ import annotations

from typing import Any

import pytest

from ..support.checkout import said_in, with_one_more

ENTRY = """\
    Code(
        name=CodeName.MOON_FULL,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.NGINX,
        title="The moon is full",
        cause="It comes round every month.",
        software="The repair draws the curtains.",
        remedy="Howl, or wait for the morning.",
        shows="how much of the moon is to be seen",
        mended_by=RepairKind.LOAD_NGINX,
        variants={Variant.BLUE_MOON: VariantEntry(when="twice in a month", remedy="Howl twice.")},
        sentences={"seen": "{percent} percent of the moon are to be seen"},
    ),
"""
REPORTER = """
import json
from pathlib import Path
from reconciler.codes import CodeName, Variant
from reconciler.diagnosis.chain import diagnose
from reconciler.diagnosis.evidence import Walk
from reconciler.model import wire
from reconciler.model.statement import say
from reconciler.report import json_report, text
from reconciler.results.finding import finding
from reconciler.results.fleet import BoxState
from reconciler.results.restate import legible, restated
from reconciler.results.result import Result
from tests.report import fleet
from tests.support.loaded import load
from tests.support.observed import healthy, wanted

found = finding(CodeName.MOON_FULL, say("seen", percent=99))
result = fleet.looked("till-1", healthy(), found)
back = restated(wire.decode(Result, legible(json.loads(json.dumps(wire.encode(result))))))
report = fleet.report([fleet.box("till-1", BoxState.DIFFERS, result)])
diagnosis, _ = diagnose(Walk(desired=wanted(), observed=healthy()), [found])
pages = load(Path("tools/generate_code_pages.py")).pages()
schema = load(Path("tools/generate_schema.py"))
print(json.dumps({
    "name": CodeName.MOON_FULL,
    "came_back": back.after == (found,),
    "text": " ".join(text.render([result]).split()),
    "json": json.loads(json_report.render(report))["boxes"][0]["findings"],
    "remedy": found.remedy,
    "plan": [each.kind for each in result.plan],
    "variant": finding(CodeName.MOON_FULL, say("seen", percent=99), variant=Variant.BLUE_MOON).remedy,
    "is_cause": diagnosis.cause == found,
    "step": diagnosis.broken.name,
    "page": pages["IOT_HTTPS_MOON_FULL.md"],
    "list": pages["README.md"],
    "schema": {name: entry.get("enum") for name, entry in
        json.loads(schema.wanted(schema.SCHEMA.read_text()))["$defs"].items()},
}))
"""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the program says that has one code more, and is otherwise this one."""
    checkout = tmp_path_factory.mktemp("new") / "checkout"
    place = "    Code(\n        name=CodeName.NGINX_DOWN,\n"
    with_one_more(checkout, "reconciler/codes/catalogue/services.py", place, ENTRY)
    return said_in(checkout, REPORTER)


def test_its_name_is_ours_and_not_the_vendors(said: dict[str, Any]) -> None:
    assert said["name"] == "IOT_HTTPS_MOON_FULL"


def test_it_comes_from_a_box_as_it_went(said: dict[str, Any]) -> None:
    assert said["came_back"]


def test_it_is_in_the_text_report_with_the_repair_that_its_entry_names(said: dict[str, Any]) -> None:
    for each in ("IOT_HTTPS_MOON_FULL", "99 percent of the moon are to be seen", "would make nginx serve"):
        assert each in said["text"]
    assert said["plan"] == ["load_nginx"]


def test_it_is_in_the_json_report_and_its_schema(said: dict[str, Any]) -> None:
    (told,) = said["json"]
    assert told["code"] == "IOT_HTTPS_MOON_FULL"
    assert told["evidence"] == "99 percent of the moon are to be seen"
    assert "IOT_HTTPS_MOON_FULL" in said["schema"]["code"]
    assert "blue_moon" in said["schema"]["variant"]


def test_its_remedy_says_what_software_and_what_a_person_does_and_its_variant_has_its_own(said: dict[str, Any]) -> None:
    assert said["remedy"] == "The repair draws the curtains. Howl, or wait for the morning."
    assert said["variant"] == "Howl twice."


def test_it_is_the_cause_at_its_step_of_a_diagnosis(said: dict[str, Any]) -> None:
    assert said["is_cause"]
    assert said["step"] == "nginx"


def test_it_has_a_page_and_a_line_in_the_list_of_its_step(said: dict[str, Any]) -> None:
    page = said["page"]
    assert page.index("## What iot-https does") < page.index("The repair draws the curtains.")
    assert page.index("## What a person does") < page.index("Howl, or wait for the morning.")
    of_nginx = said["list"].partition("## nginx\n")[2].partition("\n## ")[0]
    assert "The moon is full | reconcile |" in of_nginx
