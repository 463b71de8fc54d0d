"""Which boxes a command line means, what it says of all of them, and how much of them is printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.cli import boxes, login, main
from reconciler.cli.parser import make_parser
from reconciler.model.status import FAILED, IN_SYNC, USAGE
from reconciler.model.target import Invalid

from .hosts import Command, states
from .test_cli import SECRETS, Terminal

HANOI = {"hanoi-till-1": "differs", "hanoi-till-2": "differs"}


def test_several_patterns_mean_the_boxes_of_each(iot_https: Command) -> None:
    _, out, _ = iot_https("check", "hanoi-till-1", "--output", "json", "hanoi-till-2")
    assert states(out) == HANOI


def test_a_pattern_that_is_misspelled_is_asked_about(iot_https: Command) -> None:
    status, out, err = iot_https("check", "hanoi-till-1", "hanio")
    assert (status, out) == (USAGE, "")
    assert err.startswith("iot-https: pattern hanio matches none of the 4 hosts: did you mean hanoi?\n")


@pytest.mark.parametrize("verb", ["check", "reconcile", "diagnose"])
def test_boxes_are_listed_and_left_alone(verb: str, iot_https: Command, calls: list[str]) -> None:
    assert iot_https(verb, "--list-hosts", "hanoi") == (IN_SYNC, "hanoi-till-1\nhanoi-till-2\n", "")
    assert calls == []


def test_a_list_says_which_entries_cannot_be_used(iot_https: Command) -> None:
    status, out, err = iot_https("check", "--list-hosts", "hue")
    assert (status, out) == (FAILED, "hue-till-1\nhue-till-2\n")
    assert err.startswith("hue-till-2: invalid: iot_https_resolvers is text, a list is expected")
    assert err.count("\n") == 1


def test_what_entries_have_in_common_is_told_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Without the password of the vault, each box of a customer has the same reason."""
    reasons = {"a": ("no password",), "b": ("other",), "c": ("no password", "more")}
    boxes.say_invalid([Invalid(name=name, problems=problems) for name, problems in reasons.items()])
    assert capsys.readouterr().err == "a, c: invalid: no password\nb: invalid: other\n"


def test_a_list_is_a_limit(iot_https: Command, tmp_path: Path) -> None:
    (tmp_path / "list").write_text(iot_https("check", "--list-hosts", "hanoi")[1])
    assert iot_https("check", "--list-hosts", "--limit", f"@{tmp_path}/list")[1] == "hanoi-till-1\nhanoi-till-2\n"


def test_a_reconcile_that_only_checks_is_a_check(iot_https: Command, calls: list[str]) -> None:
    status, out, err = iot_https("reconcile", "--check", "hanoi", "--output", "json")
    assert (status, states(out), err) == (2, HANOI, "")
    assert json.loads(out)["mode"] == "check"
    assert set(calls) == {"lock"}


def test_what_a_reconcile_would_do_is_shown(iot_https: Command) -> None:
    _, out, _ = iot_https("reconcile", "--check", "--diff", "hanoi")
    assert "reconcile would change 2 boxes" in out
    assert "- nameserver 192.0.2.53" in out


def test_an_extra_variable_beats_those_of_the_inventory(iot_https: Command) -> None:
    _, out, _ = iot_https("check", "hanoi-till-1", "--output", "json", "-e", '{"iot_https_resolvers": ["9.9.9.9"]}')
    (box,) = json.loads(out)["boxes"]
    assert "+ nameserver 9.9.9.9" in [line for repair in box["plan"] for line in repair["diff"]]


def test_quiet_prints_nothing_where_all_is_in_sync(iot_https: Command) -> None:
    iot_https("reconcile", "--yes", "hanoi")
    assert iot_https("check", "--quiet", "hanoi") == (0, "", "")
    assert iot_https("reconcile", "--quiet", "--yes", "hanoi") == (0, "", "")
    assert iot_https("diagnose", "--quiet", "--no-probe", "hanoi")[0] in (0, 2)


def test_quiet_leaves_out_what_is_in_sync_and_counts_it(iot_https: Command) -> None:
    iot_https("reconcile", "--yes", "hanoi")
    status, out, err = iot_https("check", "--quiet", "hanoi", "hue-till-1")
    assert (status, err) == (2, "")
    assert "hue-till-1" in out
    assert "hanoi-till" not in out
    assert out.endswith("Not shown: 2 boxes in sync.\n")


def test_quiet_shows_all_where_nothing_is_in_sync(iot_https: Command) -> None:
    assert "Not shown" not in iot_https("check", "--quiet", "hanoi")[1]


def test_quiet_is_of_text(iot_https: Command) -> None:
    status, out, err = iot_https("check", "--quiet", "--output", "json")
    assert (status, out) == (USAGE, "")
    assert err == "iot-https: --quiet is for text: leave it out with --output json, and choose with jq\n"


@pytest.mark.parametrize(
    ("line", "again"),
    [
        ("-e iot_https_renew_before_days=5", "-e iot_https_renew_before_days=5"),
        ("-e @extra.yml -e ansible_user=pi", "-e @extra.yml -e ansible_user=pi"),
        ("-e iot_https_token=canary-token", "-e iot_https_token=********"),
        ("-e ansible_become_password=canary-token", "-e ansible_become_password=********"),
        ("-e ansible_ssh_private_key=canary-token", "-e ansible_ssh_private_key=********"),
        ("-e anything=canary-token", "-e anything=********"),
        ("-e {'iot_https_token':'canary-token'}", "-e ********"),
        ("-u pi --key-file /key -Kkb", "-u pi --private-key /key -k -b -K"),
        ("", ""),
    ],
)
def test_a_command_that_is_offered_logs_in_alike_and_tells_no_secret(line: str, again: str) -> None:
    assert " ".join(login.words(make_parser().parse_args(["check", *line.split()]))) == again


def test_passwords_are_asked_for_once(
    iot_https: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    def typed(question: str) -> str:
        asked.append(question)
        return SECRETS[0] if len(asked) == 1 else ""

    monkeypatch.setattr("sys.stdin", Terminal(""))
    monkeypatch.setattr("reconciler.cli.login.getpass", typed)
    _, out, err = iot_https("check", "-kK", "hanoi")
    assert asked == ["SSH password: ", "Password for sudo on the boxes (default: the SSH password): "]
    assert SECRETS[0] not in out + err


@pytest.mark.parametrize(
    ("option", "variable"), [("--ask-pass", "ansible_password"), ("--ask-become-pass", "ansible_become_password")]
)
def test_without_a_terminal_no_password_is_asked_for(option: str, variable: str, iot_https: Command) -> None:
    status, out, err = iot_https("check", option)
    assert (status, out) == (USAGE, "")
    assert err == f"iot-https: no terminal to ask on: instead of {option}, set {variable} in a vaulted file\n"


def test_a_schedule_that_asks_for_a_password_is_refused(inventory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schedule", "install", "--print", "night", "--", "-i", str(inventory), "-K"]) == USAGE
    assert "--ask-become-pass" in capsys.readouterr().err
