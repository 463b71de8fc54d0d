"""The command: what it prints, where, and the status with which it ends."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from iotbox_simulator.boxes.linux import SimulatedBox
from reconciler.cli import main
from reconciler.cli.parser import make_parser
from tests.support.printed import commands

WriteFile = Callable[..., Path]
SECRETS = ("canary-token", "11111111-2222-3333-4444-555555555555", "CANARY210101", "PRIVATE KEY")


@pytest.fixture
def iot_https(
    box: SimulatedBox, desired_file: WriteFile, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Run the command on the simulated box; return status, standard output and standard error."""

    def run(verb: str, *options: str) -> tuple[int, str, str]:
        status = main([verb, "--connection", "local", "--desired", str(desired_file()), "--name", "till-1", *options])
        printed = capsys.readouterr()
        return status, printed.out, printed.err

    return run


def test_check_names_each_difference_with_evidence_and_remedy(iot_https: Callable[..., tuple[int, str, str]]) -> None:
    status, out, err = iot_https("check")
    assert status == 2
    assert "IOT_HTTPS_TEMPORARY_CERTIFICATE" in out
    assert "the certificate is OdooTempIoTBoxCertificate" in out
    assert "what to do: reconcile fixes this" in out
    assert "would   fetch a certificate" in out
    assert err == ""


def test_check_changes_nothing(iot_https: Callable[..., tuple[int, str, str]], calls: list[str]) -> None:
    iot_https("check")
    assert calls == ["lock"]


def test_reconcile_mends_and_then_finds_nothing_to_do(iot_https: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = iot_https("reconcile", "--yes")
    assert status == 2
    assert "now in sync" in out
    assert iot_https("reconcile", "--yes")[:2] == (
        0,
        "till-1: in sync  (192.168.1.143, image 25.07, branch 19.0)\n",
    )
    assert iot_https("check")[0] == 0


def test_json_is_one_object_and_nothing_else(iot_https: Callable[..., tuple[int, str, str]]) -> None:
    status, out, _ = iot_https("check", "--output", "json")
    report = json.loads(out)
    assert report["schema_version"] == 2
    assert report["exit_status"] == status == 2
    assert report["boxes"][0]["name"] == "till-1"
    assert report["boxes"][0]["plan"][0]["diff"] == [
        "- nameserver 192.0.2.53",
        "+ nameserver 1.1.1.1",
        "+ nameserver 8.8.8.8",
    ]


@pytest.mark.parametrize(
    "options", [("check", "--diff"), ("reconcile", "--yes", "--diff"), ("check", "--output", "json")]
)
def test_no_secret_is_shown(iot_https: Callable[..., tuple[int, str, str]], options: tuple[str, ...]) -> None:
    _, out, err = iot_https(*options)
    assert not [secret for secret in SECRETS if secret in out + err]
    assert out


def test_diff_shows_each_change_with_secrets_masked(iot_https: Callable[..., tuple[int, str, str]]) -> None:
    _, out, _ = iot_https("check", "--diff")
    assert "- nameserver 192.0.2.53\n" in out
    assert "+ server_url = https://db.example\n" in out
    assert "- token = (empty)\n          + token = ********\n" in out


def test_reconcile_asks_before_it_changes_and_takes_no_for_an_answer(
    iot_https: Callable[..., tuple[int, str, str]], calls: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    status, out, err = iot_https("reconcile")
    assert "Do this? [y/N]" in err
    assert "fetch a certificate" in err
    assert status == 2
    assert out.endswith("\nNothing was changed: the answer was no.\n")
    assert "the answer" not in err
    assert calls == ["lock"]


def test_reconcile_goes_on_after_yes(
    iot_https: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    assert "now in sync" in iot_https("reconcile")[1]


def test_reconcile_without_anybody_to_ask_wants_yes(
    iot_https: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO())
    status, out, err = iot_https("reconcile")
    assert (status, out) == (1, "")
    assert "pass --yes" in err


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("iot_https_server_url: [", "line 1, column 24: not YAML"),
        ("- a list", "a mapping is expected, such as iot_https_server_url: https://"),
        ("iot_https_token: a\niot_https_token: b\n", "line 2: iot_https_token stands there twice"),
        ("iot_https_token: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n", "vaulted values"),
        ("iot_https_serverurl: https://x\n", "did you mean iot_https_server_url?"),
        ("iot_https_window: '0 2 * * *'\n", "iot_https_window is not supported yet"),
        ("", "a mapping is expected, such as iot_https_server_url: https://"),
    ],
)
def test_a_bad_file_is_refused_in_one_line_that_names_it(
    content: str, line: str, desired_file: WriteFile, capsys: pytest.CaptureFixture[str]
) -> None:
    path = desired_file(content)
    assert main(["check", "--connection", "local", "--desired", str(path)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(f"iot-https: {path}: ")
    assert line in printed.err
    assert printed.err.count("\n") == 1


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "none.yml"
    assert main(["check", "--connection", "local", "--desired", str(path)]) == 1
    assert capsys.readouterr().err == f"iot-https: {path}: No such file or directory\n"


def test_a_file_that_others_can_read_is_warned_about(
    box: SimulatedBox, desired_file: WriteFile, capsys: pytest.CaptureFixture[str]
) -> None:
    path = desired_file()
    path.chmod(0o644)
    main(["check", "--connection", "local", "--desired", str(path)])
    assert f"chmod 600 {path}" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["frob"],
        ["check", "--forks", "none"],
        ["check", "--yes"],
        ["check", "--connection", "ssh"],
        ["check", "--deadline", "soon"],
        ["check", "--no-such"],
    ],
)
def test_usage_errors_end_with_one(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 1
    assert capsys.readouterr().out == ""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("verb", "bound"), [("check", None), ("reconcile", 2), ("diagnose", 2)])
def test_a_run_that_may_ask_the_authority_takes_a_bound(verb: str, bound: int | None) -> None:
    words = [verb, "--authority-at-once", "2"]
    if bound is None:
        with pytest.raises(SystemExit):
            make_parser().parse_args(words)
    else:
        assert make_parser().parse_args(words).authority_at_once == bound


def test_a_box_diagnoses_itself(
    iot_https: Callable[..., tuple[int, str, str]], calls: list[str], desired_file: WriteFile
) -> None:
    status, out, err = iot_https("diagnose")
    assert status == 2
    assert "ERR_IOT_HTTPS_CHECK_NO_SERVER" in out
    (offered,) = commands(out)
    again = make_parser().parse_args(offered[1:])
    assert (again.connection, str(again.desired), again.name) == ("local", str(desired_file()), "till-1")
    assert set(calls) <= {"lock", "post"}
    assert err == ""
    assert not [secret for secret in SECRETS if secret in out]
