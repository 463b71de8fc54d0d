"""Forms for issues and changes are where a code host looks, are of its format, and ask for what can be answered."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
GITHUB = ROOT / ".github"
FORMS = sorted(path for path in (GITHUB / "ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")
KINDS = {
    "markdown": {"value"},
    "input": {"label", "description", "placeholder"},
    "textarea": {"label", "description", "render", "value"},
    "dropdown": {"label", "description", "options"},
}
"""Fields of a form that are used here, as of GitHub's syntax for issue forms, with their attributes."""


def form(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_is_one_that_the_host_shows(path: Path) -> None:
    document = form(path)
    assert set(document) == {"name", "description", "labels", "body"}
    fields = document["body"]
    assert [each["type"] for each in fields if set(each["attributes"]) - KINDS[each["type"]]] == []
    named = [each["id"] for each in fields if each["type"] != "markdown"]
    assert len(set(named)) == len(named)
    assert all(re.fullmatch(r"[\w-]+", name) for name in named)
    labels = [each["attributes"]["label"] for each in fields if each["type"] != "markdown"]
    assert len(set(labels)) == len(labels)
    assert any(each.get("validations", {}).get("required") for each in fields)


def test_a_report_about_a_box_says_of_which_generation_and_has_the_diagnosis() -> None:
    fields = {each.get("id"): each for each in form(GITHUB / "ISSUE_TEMPLATE/box.yml")["body"]}
    required = {name for name, each in fields.items() if each.get("validations", {}).get("required")}
    assert {"version", "image", "branch", "diagnose"} <= required
    assert "iot-https diagnose" in fields["diagnose"]["attributes"]["description"]


def test_who_has_found_a_weakness_is_sent_away_from_public_issues() -> None:
    (first, *_) = form(GITHUB / "ISSUE_TEMPLATE/box.yml")["body"]
    assert "SECURITY.md" in first["attributes"]["value"]
    assert "## How to report a weakness" in (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def test_a_change_is_asked_for_its_tests_and_its_line_in_the_changelog() -> None:
    text = (GITHUB / "PULL_REQUEST_TEMPLATE.md").read_text(encoding="utf-8")
    assert all(word in text for word in ("make test", "changelogs/fragments", "secret"))
