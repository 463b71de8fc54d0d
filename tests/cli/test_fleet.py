"""The command over an inventory: what it reads, asks, prints, leaves in files, and how it ends."""

from __future__ import annotations

import io
import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.box.paths import LOCK
from reconciler.cli import main
from reconciler.cli.parser import make_parser
from reconciler.engine.lock import one_run
from reconciler.engine.state_folder import state_directory
from reconciler.model.desired import DECLARING

from .conftest import Machines
from .test_cli import SECRETS, Terminal

HOSTS = """\
all:
  vars:
    iot_https_connection: local
    ansible_connection: local
    iot_https_customer: bakery
    iot_https_server_url: https://db.example
    iot_https_token: canary-token
    iot_https_db_uuid: 11111111-2222-3333-4444-555555555555
    iot_https_enterprise_code: CANARY210101
    iot_https_resolvers: [1.1.1.1, 8.8.8.8]
  children:
    hanoi:
      vars: {iot_https_store: Hanoi}
      hosts: {hanoi-till-1: {}, hanoi-till-2: {}}
    hue:
      vars: {iot_https_store: Hue}
      hosts:
        hue-till-1: {}
        hue-till-2: {iot_https_resolvers: nowhere}
"""
Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    path = tmp_path / "hosts.yml"
    path.write_text(HOSTS)
    return path


@pytest.fixture
def iot_https(
    machines: Machines,
    inventory: Path,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Run the command over the inventory; return status, standard output and standard error."""

    def run(verb: str, *options: str) -> tuple[int, str, str]:
        status = main([verb, "-i", str(inventory), *options])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def states(out: str) -> dict[str, str]:
    return {each["name"]: each["state"] for each in json.loads(out)["boxes"]}


def test_one_bad_entry_is_reported_and_the_others_are_mended(iot_https: Command) -> None:
    status, out, _ = iot_https("reconcile", "--yes", "--output", "json")
    assert states(out) == {
        "hanoi-till-1": "changed",
        "hanoi-till-2": "changed",
        "hue-till-1": "changed",
        "hue-till-2": "invalid",
    }
    assert status == 6
    status, out, _ = iot_https("reconcile", "--yes", "--limit", "!hue-till-2")
    assert status == 0
    assert "3 in sync" in out


def test_report_for_a_person_groups_by_store_and_cause(iot_https: Command) -> None:
    status, out, err = iot_https("check")
    assert status == 6
    assert "bakery, Hanoi" in out or "bakery / Hanoi" in out
    assert out.count("IOT_HTTPS_TEMPORARY_CERTIFICATE") == 1
    assert "iot_https_resolvers is text, a list is expected" in out
    assert err == ""


@pytest.mark.parametrize(
    ("options", "names"),
    [
        (("hanoi",), {"hanoi-till-1", "hanoi-till-2"}),
        (("--limit", "hue-till-1"), {"hue-till-1"}),
        (("hanoi", "--limit", "*-1"), {"hanoi-till-1"}),
        (("all:!hue",), {"hanoi-till-1", "hanoi-till-2"}),
        (("hanoi", "--limit", "hanoi-till-1,hue-till-1"), {"hanoi-till-1"}),
        (("hanoi", "--limit", "hanoi-till-1:hue-till-1"), {"hanoi-till-1"}),
        (("hanoi,hue-till-1", "--limit", "hue"), {"hue-till-1"}),
        (("hanoi:hue-till-1", "--limit", "*-1"), {"hanoi-till-1", "hue-till-1"}),
        (("hanoi", "--limit", "!hanoi-till-1"), {"hanoi-till-2"}),
    ],
)
def test_pattern_and_limit_choose_boxes(iot_https: Command, options: tuple[str, ...], names: set[str]) -> None:
    _, out, _ = iot_https("check", *options, "--output", "json")
    assert set(states(out)) == names


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--limit", ""), "--limit '' names nothing: name hosts or groups, or leave it out for all"),
        (("hanoi", "--limit", ""), "--limit '' names nothing"),
        (("",), "pattern '' names nothing"),
        (("", "--limit", "hanoi"), "pattern '' names nothing"),
        (("hanoi", "--limit", "hue"), "--limit hue and pattern hanoi match no host in common: correct one of them"),
        (("nowhere",), "pattern nowhere matches none of the"),
        (("-i", ""), "-i names nothing: name an inventory"),
    ],
)
@pytest.mark.parametrize("verb", ["check", "reconcile", "diagnose"])
def test_what_a_variable_left_empty_is_never_every_box(
    iot_https: Command, verb: str, options: tuple[str, ...], said: str
) -> None:
    status, out, err = iot_https(verb, *options)
    assert (status, out) == (1, "")
    assert said in err


def test_warnings_about_the_inventory_are_in_the_report(iot_https: Command) -> None:
    _, out, err = iot_https("check", "--limit", "hanoi,nowhere", "--output", "json")
    assert json.loads(out)["warnings"] == ["no host and no group matches nowhere"]
    assert err == "warning: no host and no group matches nowhere\n"


def test_more_boxes_than_allowed_are_not_changed(iot_https: Command, calls: list[str]) -> None:
    status, out, err = iot_https("reconcile", "--yes", "--max-changed", "2", "--limit", "!hue-till-2")
    assert (status, err) == (10, "")
    words = " ".join(out.split())
    assert words.count("Nothing was changed: 3 boxes want changes, more than the 2 that --max-changed allows;") == 1
    assert words.lower().count("nothing was changed") == 1
    assert set(calls) == {"lock"}


def test_plan_is_shown_and_asked_for(iot_https: Command, monkeypatch: pytest.MonkeyPatch, calls: list[str]) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    status, out, err = iot_https("reconcile", "--limit", "hanoi")
    assert "hanoi-till-1" in err
    assert "Do this? [y/N]" in err
    assert "nameserver" not in err
    assert (out + err).count("the answer was no") == 1
    assert "\nNothing was changed: the answer was no.\n" in out
    assert status == 2
    assert set(calls) == {"lock"}
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    assert iot_https("reconcile", "--limit", "hanoi")[0] == 2
    assert iot_https("check", "--limit", "hanoi")[0] == 0


def test_with_diff_the_changes_of_each_box_are_shown_before_the_question(
    iot_https: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    _, _, err = iot_https("reconcile", "--limit", "hanoi", "--diff")
    for name in ("hanoi-till-1", "hanoi-till-2"):
        assert f"{name}:\n  would   set DNS resolvers (1.1.1.1, 8.8.8.8)\n          - nameserver 192.0.2.53\n" in err
    assert err.index("nameserver") < err.index("2 boxes to change") < err.index("Do this? [y/N]")
    assert not [secret for secret in SECRETS if secret in err]


def test_without_anybody_to_ask_nothing_is_even_looked_at(
    iot_https: Command, monkeypatch: pytest.MonkeyPatch, calls: list[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    status, out, err = iot_https("reconcile")
    assert (status, out) == (1, "")
    assert "say --yes" in err
    assert calls == []


def test_second_run_over_the_same_inventory_is_refused(iot_https: Command, inventory: Path) -> None:
    with one_run(state_directory([str(inventory)])):
        status, out, err = iot_https("reconcile", "--yes")
        assert (status, out) == (1, "")
        assert "another run for this inventory is under way" in err
        assert iot_https("check")[0] == 6


@pytest.mark.parametrize(("verb", "status"), [(("check",), 0), (("reconcile", "--yes"), 4)])
def test_a_box_at_which_another_run_is_at_work_is_busy(
    iot_https: Command, machines: Machines, verb: tuple[str, ...], status: int
) -> None:
    iot_https("reconcile", "--yes", "hanoi")
    box = machines.of("hanoi-till-1")
    with box.lock(LOCK):
        ended, out, _ = iot_https(*verb, "hanoi")
    assert ended == status
    assert "1 in sync, 1 busy" in out
    assert "Another run is at work on this box" in out


def test_without_a_place_for_the_state_only_a_check_goes_on(
    iot_https: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, calls: list[str]
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    status, out, err = iot_https("reconcile", "--yes")
    assert (status, out, calls) == (1, "", [])
    assert err.startswith(f"iot-https: {tmp_path}/file")
    assert len(err.splitlines()) == 1
    status, out, err = iot_https("check", "--output", "json")
    assert (status, len(states(out))) == (6, 4)
    (warning,) = json.loads(out)["warnings"]
    assert warning.startswith("what earlier runs left is not known: ")
    assert err == f"warning: {warning}\n"


def test_a_journal_that_cannot_be_written_anew_stops_a_reconcile(
    iot_https: Command, inventory: Path, calls: list[str]
) -> None:
    (state_directory([str(inventory)]) / "journal.new").mkdir()
    status, out, err = iot_https("reconcile", "--yes")
    assert (status, out) == (1, "")
    assert "journal.new: Is a directory" in err
    assert set(calls) == {"lock"}


@pytest.mark.parametrize("spelling", ["prod", "prod/", "./prod/../prod", "absolute", "of ansible.cfg", "twice"])
def test_an_inventory_is_the_same_however_it_is_named(
    machines: Machines,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    spelling: str,
) -> None:
    prod = tmp_path / "prod"
    prod.mkdir()
    (prod / "hosts.yml").write_text(HOSTS)
    monkeypatch.chdir(tmp_path)
    # Ansible reads its configuration once, when it is imported, which some other test may have done
    monkeypatch.setattr("ansible.constants.DEFAULT_HOST_LIST", [str(prod)])
    special = {"absolute": ["-i", str(prod)], "of ansible.cfg": [], "twice": ["-i", "prod", "-i", "prod/"]}
    with one_run(state_directory([str(prod)])):
        assert main(["reconcile", "--yes", *special.get(spelling, ["-i", spelling])]) == 1
    assert "another run for this inventory is under way" in capsys.readouterr().err


def test_events_are_lines_of_json(iot_https: Command, tmp_path: Path) -> None:
    iot_https("reconcile", "--yes", "--events", str(tmp_path / "events"))
    events = [json.loads(line) for line in (tmp_path / "events").read_text().splitlines()]
    assert [events[0]["kind"], events[-1]["kind"]] == ["run_started", "run_finished"]
    assert {each["box"] for each in events if each["kind"] == "box_finished"} == set(
        states(iot_https("check", "--output", "json")[1])
    )


def test_events_that_cannot_be_written_are_a_usage_error(iot_https: Command, tmp_path: Path) -> None:
    status, _, err = iot_https("check", "--events", str(tmp_path / "no" / "events"))
    assert status == 1
    assert "--events" in err


@pytest.mark.parametrize(
    "options",
    [
        ("check",),
        ("check", "--diff"),
        ("check", "--output", "json"),
        ("--debug", "check"),
        ("reconcile", "--yes", "-D"),
    ],
)
def test_no_secret_is_shown(
    machines: Machines, inventory: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
) -> None:
    main([*options, "-i", str(inventory)])
    printed = capsys.readouterr()
    assert not [secret for secret in SECRETS if secret in printed.out + printed.err]
    assert printed.out


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("all: {hosts: {}}", "add boxes, or correct -i"),
        ("all: [", "hosts.yml"),
        (HOSTS.replace("hanoi:", "hanoi: !unknown"), "hosts.yml"),
    ],
)
def test_inventory_that_cannot_be_used_is_one_clear_line(
    iot_https: Command, inventory: Path, content: str, words: str
) -> None:
    inventory.write_text(content)
    status, out, err = iot_https("check")
    assert (status, out) == (1, "")
    assert words in err
    assert "Traceback" not in err


def test_command_on_a_box_loads_nothing_that_a_box_lacks(tmp_path: Path) -> None:
    (tmp_path / "d.yml").write_text("iot_https_connection: local\n")
    script = (
        "import sys; from reconciler.cli import main;"
        f"main(['check', '--connection', 'local', '--desired', '{tmp_path}/d.yml']);"
        "sys.exit(sorted({'ansible', 'rich', 'asyncssh', 'filelock', 'platformdirs'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_diagnosis_changes_nothing_and_says_for_each_shop_what_to_do(iot_https: Command, calls: list[str]) -> None:
    status, out, _ = iot_https("diagnose")
    assert status == 6
    assert set(calls) <= {"lock", "post"}
    assert "bakery / Hanoi   2 of 2 boxes" in out
    assert "iot-https reconcile -i " in out
    assert "hue-till-2: iot_https_resolvers is text, a list is expected" in out
    assert not [secret for secret in SECRETS if secret in out]


@pytest.mark.parametrize("pattern", ["all", "hanoi-till-1"])
def test_the_command_that_a_diagnosis_offers_is_for_the_same_inventory(
    iot_https: Command, inventory: Path, tmp_path: Path, pattern: str
) -> None:
    password = tmp_path / "pass word"
    password.write_text("x")
    _, out, _ = iot_https("diagnose", pattern, "--vault-password-file", str(password))
    offered = [shlex.split(line.replace("┊", "")) for line in out.splitlines() if " iot-https reconcile " in line]
    assert offered
    for words in offered:
        again = make_parser().parse_args(words[words.index("iot-https") + 1 :])
        assert (again.inventory, again.vault_password_file) == ([str(inventory)], [str(password)])
        assert "hanoi-till-1" in again.pattern.split(":") or pattern == "all"


def test_a_diagnosis_of_one_box_is_a_picture(iot_https: Command) -> None:
    _, out, _ = iot_https("diagnose", "hanoi-till-1")
    assert "✘ link" in out
    assert "ERR_IOT_HTTPS_CHECK_NO_SERVER" in out
    _, every, _ = iot_https("diagnose", "--chain")
    assert every.count("✘") == 3


@pytest.mark.parametrize("where", ["somewhere", "8.8.8.8#0", "8.8.8.8#x", "8.8.8.8:53", ""])
def test_a_public_dns_server_that_is_none_is_a_usage_error(where: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["diagnose", "--public-dns", where])
    assert ended.value.code == 1
    assert "give the IP address of a DNS server" in capsys.readouterr().err


MISSPELT = {
    "another case": ("lotus", "customer_Lotus.yml"),
    "a name that Ansible changes": ("lotus-bakery", "customer_lotus-bakery.yml"),
    "another suffix": ("lotus", "customer_lotus.YML"),
}


@pytest.mark.parametrize(("customer", "file"), MISSPELT.values(), ids=MISSPELT)
def test_silence_is_not_agreement(
    customer: str, file: str, tmp_path: Path, machines: Machines, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "inventory"
    (folder / "group_vars").mkdir(parents=True)
    (folder / "boxes.yml").write_text(
        f"all: {{hosts: {{till-1: {{iot_https_customer: {customer}}}, till-2: {{iot_https_customer: {customer}}}}}}}"
    )
    (folder / "groups.yml").write_text(
        "plugin: constructed\nkeyed_groups: [{prefix: customer, key: iot_https_customer}]"
    )
    (folder / "group_vars" / file).write_text("iot_https_server_url: https://db.example\n")

    for verb in ("check", "reconcile", "diagnose"):
        status = main([verb, "-i", str(folder), *(("--yes",) if verb == "reconcile" else ())])
        said = capsys.readouterr()
        assert status == 1
        assert "till-1, till-2" in said.out
        assert "in sync" not in said.out
        assert said.err.splitlines()[-1] == (
            "nothing is managed: no variable declares what any of the 2 boxes should be, see docs/inventory.md"
        )
    assert main(["check", "-i", str(folder), "--output", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["exit_status"], report["summary"]["not_attempted"]) == (1, 2)
    (warning,) = report["warnings"]
    assert f"{file} is not read" in warning
    assert machines.boxes == {}


def test_a_box_without_anything_declared_is_told_beside_the_others(inventory: Path, iot_https: Command) -> None:
    inventory.write_text(inventory.read_text().replace("  children:", "  hosts: {gateway: }\n  children:"))
    nothing = "\n".join(f"iot_https_{each}: null" for each in DECLARING)
    (inventory.parent / "host_vars").mkdir()
    (inventory.parent / "host_vars/gateway.yml").write_text(nothing)
    assert iot_https("check", "--limit", "!hue-till-2")[0] & 4
    (inventory.parent / "host_vars/gateway.yml").write_text("iot_https_managed: false\n")
    iot_https("reconcile", "--yes", "--limit", "!hue-till-2")
    status, out, _ = iot_https("check", "--limit", "!hue-till-2")
    assert (status, out.splitlines()[-1].endswith("3 in sync, 1 not managed")) == (0, True)


def test_the_box_one_sits_on_may_not_be_managed_either(
    desired_file: Callable[[str], Path], machines: Machines, capsys: pytest.CaptureFixture[str]
) -> None:
    path = desired_file("iot_https_store: hanoi\n")
    assert main(["check", "--connection", "local", "--desired", str(path), "--name", "till-1"]) == 1
    said = capsys.readouterr()
    assert said.out == "till-1: not managed, since nothing is declared for it\n"
    assert said.err.startswith("nothing is managed: no variable declares what this box should be")
    assert machines.boxes == {}
