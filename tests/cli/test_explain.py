"""`explain`: what is known of a code, from the catalogue of which the pages of the documentation are made."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from reconciler.cli import main
from reconciler.codes import CATALOGUE
from reconciler.model.operating_system import OperatingSystem
from reconciler.model.repair_kind import RepairKind
from reconciler.report import code_text

ROOT = Path(__file__).parents[2]
COMMANDS = re.findall(r"^\$ (iot-https explain.*)$", (ROOT / "docs/command.md").read_text(), re.MULTILINE)
FENCES = re.compile(r"^```\w*$|^#+ |^\| --- .*$", re.MULTILINE)


def words(text: str) -> list[str]:
    return re.findall(r"[\w./:-]+", text)


def printed(line: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    status = main(shlex.split(line)[1:])
    shown = capsys.readouterr()
    return status, shown.out, shown.err


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_of_the_docs_explain(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, err = printed(command, capsys)
    assert (status, err) == (0, "")
    assert out


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_code_is_explained_as_its_page_does(name: str) -> None:
    page = (ROOT / f"docs/codes/{name}.md").read_text(encoding="utf-8")
    _, _, below = page.partition("\n## Cause\n")
    shown = code_text.page(CATALOGUE[name], 100)
    assert shown.startswith(f"{name}: {CATALOGUE[name].title}.\n")
    told = set(words(shown))
    assert [word for word in words(FENCES.sub("", below)) if word not in told] == []


@pytest.mark.parametrize("width", [60, 80, 120])
@pytest.mark.parametrize("name", CATALOGUE)
def test_an_explanation_is_no_wider_than_the_terminal(name: str, width: int) -> None:
    lines = code_text.page(CATALOGUE[name], width).splitlines()
    recipes = {line for system in OperatingSystem for _, line in CATALOGUE[name].recipes_of(system)}
    too_wide = [line.strip() for line in lines if len(line) > width and line.strip() not in recipes]
    # a command stays whole, and a word that is longer than the line can be broken by nobody
    assert [line for line in too_wide if " " in re.sub("`[^`]+`", "COMMAND", line)] == []


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("IOT_HTTPS_EXPIRED", "IOT_HTTPS_EXPIRED"),
        ("iot_https_expired", "IOT_HTTPS_EXPIRED"),
        ("expired", "IOT_HTTPS_EXPIRED"),
        ("key-mismatch", "IOT_HTTPS_KEY_MISMATCH"),
        ("[IOT_HTTPS_EXPIRED]", "IOT_HTTPS_EXPIRED"),
        ("check_no_server", "ERR_IOT_HTTPS_CHECK_NO_SERVER"),
        ("restart_odoo", "restart_odoo"),
        ("RESTART-ODOO", "restart_odoo"),
    ],
)
def test_a_code_may_be_written_shorter(word: str, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = printed(f"iot-https explain {word}", capsys)
    assert status == 0
    assert out.startswith(f"{code}: ")


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("expird", "expird is no code and no repair: did you mean IOT_HTTPS_EXPIRED?"),
        ("ERR_IOT_HTTPS_CHECK_NO_SERVR", "did you mean ERR_IOT_HTTPS_CHECK_NO_SERVER?"),
        ("chain", "did you mean IOT_HTTPS_CHAIN_INCOMPLETE or IOT_HTTPS_CHAIN_UNTRUSTED?"),
        ("restart_odo", "did you mean restart_odoo?"),
        ("frobnicate", "frobnicate is no code and no repair: iot-https explain lists all"),
    ],
)
def test_what_is_not_known_is_answered_and_nothing_explained(
    word: str, answer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = printed(f"iot-https explain expired {word}", capsys)
    assert (status, out) == (1, "")
    assert answer in err


def test_without_a_code_all_are_listed_by_step(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = printed("iot-https explain", capsys)
    listed = [line.split() for line in out.splitlines() if line.startswith("  ")]
    codes = {line[1]: line[0] for line in listed if line[1:] and line[1] in CATALOGUE}
    assert codes == {code.name: code.severity.value for code in CATALOGUE.values()}
    assert {line[0] for line in listed} >= {kind.value for kind in RepairKind}


def test_each_code_is_an_object_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = printed("iot-https explain --output json", capsys)
    data = json.loads(out)
    assert [each["code"] for each in data["codes"]] == list(CATALOGUE)
    assert [each["kind"] for each in data["repairs"]] == [kind.value for kind in RepairKind]
    assert all(each["parts"][0]["title"] == "Cause" for each in data["codes"])
    assert all(set(each["documentation"]) == {"18.0", "19.0"} for each in data["codes"])


def test_json_has_what_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = printed("iot-https explain --output json expired restart_odoo", capsys)
    data = json.loads(out)
    assert [each["code"] for each in data["codes"]] == ["IOT_HTTPS_EXPIRED"]
    assert [each["kind"] for each in data["repairs"]] == ["restart_odoo"]
