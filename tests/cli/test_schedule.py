"""What the command line of a schedule means is judged as the verb itself reads it, however it is written."""

from __future__ import annotations

import pytest

from reconciler.cli import main
from tests.schedule.machine import FOLDER


@pytest.fixture(autouse=True)
def _in_a_folder_that_services_see(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(FOLDER)
    monkeypatch.setattr("reconciler.cli.schedule.own_program", lambda: ("/usr/bin/iot-https",))


def install(*arguments: str) -> int:
    return main(["schedule", "install", "--print", "night", "--", "-i", "inventories/prod", *arguments])


@pytest.mark.parametrize(
    "arguments",
    [
        ("-J",),
        ("-yJ",),
        ("--ask-vault-password",),
        ("--ask-vault-pass",),
        ("--vault-id", "prompt"),
        ("--vault-id=prod@prompt",),
        ("--vault-id", "file", "--vault-id", "prod@prompt_ask_vault_pass"),
    ],
)
def test_nobody_is_there_to_answer(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert install(*arguments) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "nobody is there to answer --" in printed.err


@pytest.mark.parametrize("arguments", [(), ("--",), ("--", "demo"), ("--", "explain", "expired"), ("--", "project")])
def test_what_is_no_run_over_boxes_is_not_rehearsed(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["schedule", "rehearse", *arguments]) == 1
    assert capsys.readouterr().err == (
        "iot-https: name the run that is rehearsed, such as `iot-https schedule rehearse -- reconcile`\n"
    )


@pytest.mark.parametrize("arguments", [("--ask",), ("--vault-i", "prompt"), ("--max", "5")])
def test_a_shortened_option_is_not_guessed_at(arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        install(*arguments)
    assert ended.value.code == 1
    assert f"no option is called {arguments[0]}" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [("--vault-id", "prod@prompt.sh"), ("--vault-password-file", "prompt")])
def test_a_file_is_no_prompt_whatever_it_is_called(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert install(*arguments) == 0
    assert "ExecStart=/usr/bin/iot-https reconcile --yes --missed-runs 3 -i inventories/prod" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "counted"),
    [
        ((), "--missed-runs 3 -i inventories/prod"),
        (("--missed-runs", "5"), "--yes -i inventories/prod --missed-runs 5"),
    ],
)
def test_who_counts_for_himself_is_not_told_how(
    arguments: tuple[str, ...], counted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert install(*arguments) == 0
    printed = capsys.readouterr().out
    assert counted in printed
    assert printed.count("--missed-runs") == 1


def test_what_rings_is_chosen_when_it_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schedule", "install", "--print", "--alarm", "failed,standing,lost", "night", "--", "-i", "x"]) == 0
    printed = capsys.readouterr().out
    assert "SuccessExitStatus=2 16 18\n" in printed
    assert "--missed-runs" not in printed
    with pytest.raises(SystemExit) as ended:
        main(["schedule", "install", "--alarm", "fire", "night", "--", "-i", "x"])
    assert ended.value.code == 1
    assert "'fire' is nothing that rings: give some of differences" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [("--connection", "local"), ("--connection=local",)])
def test_a_run_on_this_very_machine_is_not_hardened(
    arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert install() == 0
    assert "PrivateTmp" in capsys.readouterr().out
    assert install(*arguments) == 0
    assert "PrivateTmp" not in capsys.readouterr().out
