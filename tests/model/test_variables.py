"""The generated table agrees with the role's argument specification, with Desired, and with what is supported."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from reconciler.model.desired import DEFAULT_AUTHORITY_URL, CertificateSource, Desired
from reconciler.model.support import CHOICES_NOT_YET, NOT_YET, ORCHESTRATION, RANGES
from reconciler.model.validate import PREFIX
from reconciler.model.variables import VARIABLES
from tests.support.loaded import load

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "tools/generate_variables.py"
NOT_IN_DESIRED = {"connection", "shared_with", *(name.removeprefix(PREFIX) for name in ORCHESTRATION)}
NOT_A_VARIABLE = {"name", "compared", "copies", "own_servers", "relink"}
TOOL_MODULE = load(TOOL)
OPTIONS: dict[str, dict[str, Any]] = TOOL_MODULE.options()


def test_generated_table_is_up_to_date() -> None:
    result = subprocess.run(
        [sys.executable, str(TOOL), "--check"], capture_output=True, text=True, check=False, cwd=ROOT
    )

    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize(
    ("field", "value"),
    [("type", "int"), ("default", "x"), ("no_log", True), ("description", "other"), ("choices", ["x"])],
)
def test_edit_of_the_specification_changes_the_table(field: str, value: object) -> None:
    edited = {name: dict(option) for name, option in OPTIONS.items()}
    edited["iot_https_store"][field] = value

    assert TOOL_MODULE.source(edited) != TOOL_MODULE.source(OPTIONS)


@pytest.mark.parametrize("name", OPTIONS)
def test_row_says_what_the_specification_says(name: str) -> None:
    option, variable = OPTIONS[name], VARIABLES[name]

    assert variable.name == name
    assert variable.kind == option["type"]
    assert variable.default == option.get("default")
    assert variable.secret is option.get("no_log", False)
    assert variable.choices == tuple(option.get("choices", ()))
    assert (variable.minimum, variable.maximum) == RANGES.get(name, (None, None))


@pytest.mark.parametrize("name", [name for name, option in OPTIONS.items() if option.get("no_log")])
def test_secret_is_text_without_choices_so_that_no_error_prints_it(name: str) -> None:
    assert OPTIONS[name]["type"] == "str"
    assert "choices" not in OPTIONS[name]
    assert "default" not in OPTIONS[name]


def test_secrets_are_those_of_desired() -> None:
    secret = {f"{PREFIX}{field.name}" for field in dataclasses.fields(Desired) if "Secret" in str(field.type)}

    assert secret == {name for name, variable in VARIABLES.items() if variable.secret}


def test_every_field_of_desired_has_a_variable() -> None:
    fields = {field.name for field in dataclasses.fields(Desired)} - NOT_A_VARIABLE

    assert {name.removeprefix(PREFIX) for name in VARIABLES} - NOT_IN_DESIRED == fields


def test_defaults_are_those_of_desired() -> None:
    box = Desired(name="box")
    shared = {name.removeprefix(PREFIX): each.default for name, each in VARIABLES.items()}

    assert {key: value for key, value in shared.items() if key not in NOT_IN_DESIRED} == {
        key: getattr(box, key) for key in shared if key not in NOT_IN_DESIRED
    }
    assert VARIABLES["iot_https_authority_url"].default == DEFAULT_AUTHORITY_URL
    assert VARIABLES["iot_https_certificate_source"].choices == tuple(CertificateSource)


def test_what_does_not_work_yet_is_not_offered() -> None:
    assert ORCHESTRATION | set(CHOICES_NOT_YET) | set(RANGES) <= set(VARIABLES)
    assert not NOT_YET & set(VARIABLES)
    for name, choices in CHOICES_NOT_YET.items():
        assert not set(choices) & set(VARIABLES[name].choices)


OFFERED = ("roles/iot_https", "README.md", "docs", "inventories")


@pytest.mark.parametrize("place", OFFERED)
def test_no_page_offers_what_does_not_work_yet(place: str) -> None:
    words = [*NOT_YET, *(f"`{choice}`" for choices in CHOICES_NOT_YET.values() for choice in choices)]
    files = (
        [ROOT / place] if (ROOT / place).is_file() else [*(ROOT / place).rglob("*.md"), *(ROOT / place).rglob("*.yml")]
    )
    found = [(path.name, word) for path in files for word in words if word in path.read_text(encoding="utf-8")]
    assert found == []
