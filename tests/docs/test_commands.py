"""Every command that a page shows is run by a test, here or elsewhere: no command without a row, no row without one."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

import boxes
from fuzz import race as races
from fuzz import registry
from fuzz import run as fuzzing
from tools import run_molecule

from .pages import ROOT, pages

Try = Callable[[list[str], pytest.MonkeyPatch], None]


def make(words: list[str], _: pytest.MonkeyPatch) -> None:
    """Let make say what it would do: the targets themselves run this test, or take an hour."""
    calm = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    planned = subprocess.run(
        ["make", "--dry-run", *words[1:]], cwd=ROOT, env=calm, capture_output=True, text=True, check=True, timeout=60
    )
    assert planned.stdout


def fuzz(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Read the command line as the fuzzer does, and fuzz nothing."""
    asked: list[object] = []

    def ask(*chosen: object) -> int:
        asked.append(chosen)
        return 0

    monkeypatch.setattr("sys.argv", words[1:])
    monkeypatch.setattr("importlib.util.find_spec", lambda _: True)
    monkeypatch.setattr(fuzzing, "run", ask)
    monkeypatch.setattr(fuzzing, "replay", ask)
    assert fuzzing.main() == 0
    assert asked
    assert registry.NAMES


def race(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Race with nobody."""
    monkeypatch.setattr(races, "race", lambda name, flips, _: races.Raced(name, 1, 0, flips, ()))
    assert races.main(words[2:]) == 0


def lab(words: list[str], _: pytest.MonkeyPatch) -> None:
    """Read the command line as the lab does."""
    options = boxes._parser().parse_args(words[2:])
    assert callable(options.action)
    if body := getattr(options, "body", None):
        assert json.loads(body)


def path_of_the_demo(words: list[str], _: pytest.MonkeyPatch) -> None:
    """Let a shell find the command where `make demo` puts it."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, ".venv-demo/bin/iot-https")
        program.parent.mkdir(parents=True)
        program.touch(mode=0o755)
        script = f"{' '.join(words)}; command -v iot-https"
        done = subprocess.run(
            ["/bin/sh", "-c", script], cwd=folder, capture_output=True, text=True, check=True, timeout=20
        )
        assert done.stdout.strip() == str(program)


def scenarios(words: list[str], _: pytest.MonkeyPatch) -> None:
    """Look whether the scenarios are there: Molecule takes one that is not for a success."""
    assert callable(run_molecule.main)
    assert all((ROOT / "molecule" / name / "molecule.yml").is_file() for name in words[2:])


HERE: Mapping[str, Try] = MappingProxyType(
    {
        r"make .+": make,
        r"\.venv/bin/python fuzz/run\.py .+": fuzz,
        r"\.venv/bin/python fuzz/race\.py .+": race,
        r"python3 molecule/images/boxes\.py .+": lab,
        r"export PATH=\$PWD.+": path_of_the_demo,
        r"\.venv/bin/python tools/run_molecule\.py \w+": scenarios,
    }
)
"""Commands that tests cannot run as they are, since they take too long or need a lab, and what of them is tried."""

EXPLAIN = "tests/cli/test_explain.py::test_commands_of_the_docs_explain"
DISCOVER = "tests/discovery/test_shop_network.py::test_commands_of_its_page_work"
README = "tests/cli/test_readme.py"
ODOO = "tests/cli/test_odoo.py"
TYPED = "tests/project/test_first_steps.py"
FIRST_MILE = "tests/cli/test_first_mile.py::walked"
FIRST_STEPS = f"{TYPED}::walked"
WAYS = "tests/install/test_ways.py"
ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        r".+ -i inventories/demo\b.*": "tests/simulator/test_serve.py::test_the_commands_of_the_readme_work",
        r"iot-https demo --serve": "tests/simulator/test_serve.py::served",
        r"iot-https (project init shops|check|host-keys|check hanoi-till-1 --diff|reconcile hanoi-till-1)": FIRST_STEPS,
        r"cd shops|export ANSIBLE_VAULT_PASSWORD_FILE=\$PWD.+|ansible-vault encrypt_string --prompt": FIRST_STEPS,
        r"ansible-playbook (?!-i ).+": f"{TYPED}::test_plays_find_nothing_left_to_do",
        r"ansible-playbook -i inventory .+": f"{TYPED}::test_an_inventory_of_ones_own_is_enough",
        r"ansible-galaxy collection install iot_https-fleet-.+": "tests/collection/test_installed.py::installed",
        r"git (init|add --all|commit .+)": "tests/project/test_contents.py::test_git_takes_all_but_the_password",
        r"iot-https (check|reconcile|diagnose) (?!.*odoo\.yml)(?!.*inventories/demo)(?!\.\.\.)(?!hanoi-till-1).+": (
            f"{README}::test_commands_of_the_docs_do_what_they_say"
        ),
        r"iot-https enroll (?!discovered).+": "tests/cli/test_enroll.py::test_the_commands_of_the_page_work",
        r"(ansible-inventory|iot-https check) .*odoo\.yml.*": f"{ODOO}::test_a_command_of_the_page_works",
        r"iot-https explain .+": EXPLAIN,
        r"iot-https support-bundle [\w-]+": (
            "tests/simulator/test_serve.py::test_a_support_bundle_is_collected_over_ssh_and_has_no_secret"
        ),
        r"iot-https support-bundle .+ --log-level .+": (
            "tests/cli/test_support_bundle.py::test_the_log_level_is_raised_while_the_log_is_written_and_put_back"
        ),
        r"iot-https inventory .+": "tests/cli/test_inventory_docs.py::test_commands_of_the_docs_work",
        r"iot-https completion \w+ > .+": "tests/cli/test_completion.py::test_what_is_printed_is_what_is_shipped",
        r"iot-https adopt\b(?! discovered).*": "tests/cli/test_adopt.py::test_commands_of_the_docs_adopt",
        r"iot-https host-keys .+": f"{README}::test_host_keys_of_the_readme_are_added",
        r'(sudo "\$\(command -v )?iot-https(\)")? schedule .+': f"{README}::test_schedules_of_the_readme_come_and_go",
        r"(uv|pipx) .+|python3 -m venv .+|(rm -r )?~/\.venvs/.+|export PATH=~.+": f"{WAYS}::test_a_way_works",
        r"iot-https --version|ansible-galaxy collection list .+|ansible-doc .+": f"{WAYS}::works",
        r"export ANSIBLE_VAULT_PASSWORD_FILE=(?!\$PWD).+": f"{README}::reader",
        r"cat desired\.yml|chmod 600 desired\.yml": f"{README}::reader",
        r"python3 -m pip install --target .+|export PYTHONPATH=.+": "tests/real/test_cli.py::_package",
        r"podman (build|run) .+": "tests/real/test_container.py::image",
        r"iot-https discover (?!.+hosts\.yml).+|jq .+ found\.json": DISCOVER,
        r"iot-https (enroll|adopt) discovered\b.*|iot-https discover .+hosts\.yml|rm inventory/.+": FIRST_MILE,
        r"jq .+ run\.json": "tests/report/test_json_questions.py::test_a_question_is_understood",
        r"iot-https (check|diagnose) \.\.\. --output json > run\.json": (
            "tests/report/test_json_questions.py::test_a_question_is_understood"
        ),
        r"ansible(-inventory|-vault)? (?!.*odoo\.yml)(?!.*inventories/demo)(?!.*--prompt).+": (
            "tests/inventory/test_example.py::test_commands_of_its_readme_work"
        ),
    }
)
COMMANDS = sorted({re.sub("^sudo (?=[a-z.])", "", command) for page in pages() for command in page.commands})
"""Without `sudo`, but where a shell has to find the command for it."""
ROWS = [*HERE, *ELSEWHERE]


def rows_of(command: str) -> list[str]:
    """Return the rows to which a command belongs."""
    return [row for row in ROWS if re.fullmatch(row, command)]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_one_row(command: str) -> None:
    assert len(rows_of(command)) == 1


@pytest.mark.parametrize("command", [each for each in COMMANDS if set(rows_of(each)) & set(HERE)])
def test_a_command_that_is_tried_here_is_understood(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = rows_of(command)
    HERE[row](shlex.split(command), monkeypatch)


def test_no_row_is_of_no_command() -> None:
    assert [row for row in ROWS if not any(re.fullmatch(row, command) for command in COMMANDS)] == []


@pytest.mark.parametrize("proof", sorted(set(ELSEWHERE.values())))
def test_what_runs_commands_elsewhere_is_there(proof: str) -> None:
    file, _, name = proof.partition("::")
    functions = (each for each in ast.walk(ast.parse((ROOT / file).read_text())) if isinstance(each, ast.FunctionDef))
    assert name in {each.name for each in functions}


def test_what_no_row_knows_is_noticed() -> None:
    assert rows_of("iot-https mend --all") == []
    assert rows_of("curl https://example.com | sh") == []
