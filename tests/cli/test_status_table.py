"""Command, service and play say the same of a night, as the table in the docs has it: each cell is run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reconciler.box.__main__ import answer
from reconciler.cli import main
from reconciler.codes import CodeName
from reconciler.connections import local
from reconciler.connections.carrier import request_text
from reconciler.engine.lock import one_run
from reconciler.engine.settings import Settings
from reconciler.engine.state_folder import state_directory
from reconciler.model.desired import Mode, Request
from reconciler.model.statement import told
from reconciler.model.status import BITS, MEANINGS, UNREACHED
from reconciler.results.finding import finding
from reconciler.results.result import Result
from reconciler.role.arguments import ARGUMENT_SPEC
from reconciler.role.printed import Printed
from reconciler.role.visit import visit
from reconciler.schedule.alarm import DEFAULT
from reconciler.schedule.units import render
from tests.schedule.machine import job
from tests.support import runs

from .conftest import NOW, Machines
from .table_status import CASES, Case
from .test_cli import Terminal

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/exit-status.md").read_text()
DECLARED: dict[str, object] = {
    "iot_https_connection": "local",
    "ansible_connection": "local",
    "iot_https_customer": "lotus",
    "iot_https_server_url": "https://db.example",
    "iot_https_token": "canary-token",
    "iot_https_db_uuid": runs.DB_UUID,
    "iot_https_enterprise_code": "CANARY210101",
    "iot_https_resolvers": ["1.1.1.1", "8.8.8.8"],
}
BY_WORDS = {case.what: case for case in CASES}


def words_of(case: Case) -> str:
    return case.what


def fleet_of(case: Case) -> runs.Fleet:
    fleet = runs.managed("rw_ini")
    case.arrange(fleet)
    return fleet


@contextmanager
def scene(case: Case, inventory: Path, monkeypatch: pytest.MonkeyPatch, machines: Machines) -> Iterator[None]:
    """What happens around the box while the command runs."""
    answers = local.run

    async def silent(request: Request) -> Result:
        if case.scene == "offline in between" and request.mode is Mode.CHECK:
            return await answers(request)
        is_up = case.scene.endswith("another host key")
        found = finding(CodeName.HOST_KEY_CHANGED if is_up else CodeName.CONNECTION_TIMEOUT, told("as seen"))
        return Result.unobserved(request.desired.name, request.mode, NOW, found)

    if case.scene.startswith("offline"):
        monkeypatch.setattr(local, "run", silent)
    if case.scene in ("offline before", "busy before"):
        main(["check", "-i", str(inventory), *case.options])
    if case.scene == "no time":
        monkeypatch.setattr(Settings, "seconds_for_a_box", lambda *_: None)
    if case.scene == "no":
        monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    if case.scene == "locked":
        with one_run(state_directory([str(inventory)])):
            yield
        return
    yield


@pytest.fixture
def command(
    machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[[Case, str], int]:
    def play(case: Case, verb: str) -> int:
        machines.boxes["till-1"] = fleet_of(case).box
        inventory = tmp_path / "hosts.json"
        hosts = {"till-1": {**DECLARED, **case.want}}
        if case.scene == "beside another":
            hosts["till-2"], machines.boxes["till-2"] = DECLARED, runs.managed("rw_ini").box
        inventory.write_text(json.dumps({"all": {"hosts": hosts}}))
        yes = ("--yes",) if verb == "reconcile" and case.scene != "no" else ()
        with scene(case, inventory, monkeypatch, machines):
            capsys.readouterr()
            status = main([verb, "-i", str(inventory), *yes, *case.options, "--output", "json"])
        printed = capsys.readouterr().out
        assert not printed or json.loads(printed)["exit_status"] == status
        return status

    return play


@pytest.mark.parametrize("case", [each for each in CASES if each.ends.check is not None], ids=words_of)
def test_a_check_ends_with(case: Case, command: Callable[[Case, str], int]) -> None:
    assert command(case, "check") == case.ends.check


@pytest.mark.parametrize("case", [each for each in CASES if each.ends.reconcile is not None], ids=words_of)
def test_a_reconcile_ends_with(case: Case, command: Callable[[Case, str], int]) -> None:
    assert command(case, "reconcile") == case.ends.reconcile


PLAYED = [each for each in CASES if each.ends.fails is not None]


@pytest.mark.parametrize("check", [True, False], ids=["check", "reconcile"])
@pytest.mark.parametrize("case", PLAYED, ids=words_of)
def test_a_play_fails_the_host(case: Case, *, check: bool) -> None:
    fleet = fleet_of(case)
    given = {key.removeprefix("iot_https_"): value for key, value in {**DECLARED, **case.want}.items()}
    params = {name: option.get("default") for name, option in ARGUMENT_SPEC.items()} | {"name": "till-1"}
    params |= {name: value for name, value in given.items() if name in ARGUMENT_SPEC}

    def ask(request: Request) -> Printed:
        return Printed(answer(request_text(request).encode(), fleet.box))

    result = visit(params, ask, check_mode=check, diff=False, now=fleet.box.now())
    fleet.box.kill()
    assert case.ends.fails is not None
    assert result["failed"] is case.ends.fails[0 if check else 1]
    alone = 1 if case.scene == "beside another" else None  # the report of a play has this one box
    assert result["report"]["exit_status"] == (alone or (case.ends.check if check else case.ends.reconcile))


def _row(case: Case) -> str:
    """The line of the table for a case."""
    statuses = [(_status(each), _rings(case, each)) for each in (case.ends.check, case.ends.reconcile)]
    fails = map(_fails, case.ends.fails or (None, None))
    return " | ".join([case.what, *statuses[0], *statuses[1], *fails])


def _status(status: int | None) -> str:
    return "-" if status is None else str(status)


def _rings(case: Case, status: int | None) -> str:
    if status is None:
        return "-"
    by_the_unit = {int(each) for each in re.findall(r"^SuccessExitStatus=(.*)$", _unit(), re.MULTILINE)[0].split()}
    rings = status != 0 and status not in by_the_unit
    assert rings is DEFAULT.rings(status)
    after = status == UNREACHED and "--missed-runs" not in case.options
    return ("after 3 runs" if after else "yes") if rings else "no"


def _fails(answer: bool | None) -> str:  # noqa: FBT001 - a cell
    return "-" if answer is None else "yes" if answer else "no"


def _unit() -> str:
    return render(job())["iot-https-night.service"]


def test_the_docs_have_this_table() -> None:
    lines = [line.strip("| ") for line in PAGE.splitlines() if line.startswith("|")]
    begin = next(number for number, line in enumerate(lines) if line.startswith("what became"))
    table = lines[begin + 2 :]
    assert table[: len(CASES)] == [_row(case) for case in CASES]
    assert len(BY_WORDS) == len(CASES)


@pytest.mark.parametrize("page", ["README.md", "docs/exit-status.md"])
def test_the_docs_have_every_status_and_its_meaning(page: str) -> None:
    text = (ROOT / page).read_text()
    rows = [f"| {status} | {meaning} |" for status, meaning in MEANINGS.items()]
    assert [row for row in rows if row not in text] == []
    assert set(MEANINGS) == {0, 1, *BITS}
