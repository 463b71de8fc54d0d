"""`iot-https inventory init` writes an inventory that a check can work with, after questions or from options."""

from __future__ import annotations

import io
import os
import stat
import sys
from pathlib import Path

import pytest

from reconciler.cli import main
from reconciler.inventory import VaultOptions, lint, load
from reconciler.project.contents import files_of_project
from reconciler.project.inventory import EXAMPLE, files_of_inventory

from ..support.terminal import at_terminal

FLAGS = ("--customer", "lotus", "--store", "hanoi", "--box", "hanoi-till-1", "--address", "192.0.2.11")
UUID = "11111111-2222-3333-4444-555555555555"
CODE = "M2401234567"


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand in an empty folder, without a terminal."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO())


def below(folder: Path) -> dict[str, str]:
    """Return every file below a folder."""
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def test_options_alone_make_an_inventory_without_a_flaw(tmp_path: Path) -> None:
    assert main(["inventory", "init", "boxes", *FLAGS, "--server-url", "https://lotus.example"]) == 0
    (box,) = load(["boxes"]).targets
    assert (box.name, box.desired.customer, box.desired.store) == ("hanoi-till-1", "lotus", "hanoi")
    assert box.ssh is not None
    assert box.ssh.host == "192.0.2.11"
    assert lint(["boxes"]).flaws == ()
    assert set(below(tmp_path / "boxes")) == {
        "hosts.yml",
        "keyed_groups.yml",
        "group_vars/all.yml",
        "group_vars/customer_lotus.yml",
    }


@pytest.mark.parametrize("customer", ["Phở 24", "Tom & Jerry's (Hue)", "yes", "12", "1e3", "a, b", "- no".strip("- ")])
def test_any_name_is_itself_afterwards(customer: str) -> None:
    flags = ("--customer", customer, "--store", customer, "--box", "1e3", "--address", "2001:db8::1")
    assert main(["inventory", "init", "boxes", *flags, "--server-url", "https://lotus.example"]) == 0
    (box,) = load(["boxes"]).targets
    assert (box.name, box.desired.customer, box.desired.store) == ("1e3", customer, customer)
    assert lint(["boxes"]).flaws == ()


def test_what_is_left_out_is_to_be_filled_in() -> None:
    assert main(["inventory", "init", "boxes", "--customer", "a", "--box", "b", "--address", "192.0.2.1"]) == 0
    (flaw,) = lint(["boxes"]).flaws
    assert flaw.problem.text == "replace CHANGE_ME in iot_https_server_url"
    assert "iot_https_store" not in Path("boxes/hosts.yml").read_text()


def test_a_project_has_the_same_inventory() -> None:
    mine = {f"inventory/{each.path}": each.text for each in files_of_inventory(EXAMPLE)}
    theirs = {each.path: each.text for each in files_of_project("1.2.3", "x")}
    assert {path: theirs[path] for path in mine} == mine
    assert {path for path in theirs if path.startswith("inventory/")} == set(mine)


def test_without_a_terminal_the_options_are_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["inventory", "init", "boxes", "--customer", "lotus"]) == 1
    assert capsys.readouterr().err == "iot-https: no terminal to ask on: pass --box and --address\n"
    assert list(tmp_path.iterdir()) == []


def test_all_that_is_wrong_is_told_at_once(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    flags = (
        "--customer",
        "../a",
        "--store",
        "{{ x }}",
        "--box",
        "../b",
        "--address",
        "$(x)",
        "--server-url",
        "ftp://x",
    )
    assert main(["inventory", "init", "boxes", *flags]) == 1
    said = capsys.readouterr().err.splitlines()
    assert [line.split()[1] for line in said] == ["--customer", "--store", "--box", "--address", "--server-url"]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("there", ["boxes.yml", "hosts.yml", "group_vars"])
def test_nothing_is_replaced(there: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "boxes").mkdir()
    (tmp_path / "boxes" / there).write_text("mine\n")
    assert main(["inventory", "init", "boxes", *FLAGS, "--vault-password-file", "password"]) == 1
    assert "boxes has files already, and none is replaced" in capsys.readouterr().err
    assert below(tmp_path) == {f"boxes/{there}": "mine\n"}


def test_a_new_password_is_its_owners_and_out_of_git(capsys: pytest.CaptureFixture[str]) -> None:
    mask = os.umask(0)
    try:
        assert main(["inventory", "init", "boxes", *FLAGS, "--vault-password-file", "boxes/.password"]) == 1
        Path("boxes").mkdir()
        assert main(["inventory", "init", "boxes", *FLAGS, "--vault-password-file", "boxes/.password"]) == 0
    finally:
        os.umask(mask)
    path = Path("boxes/.password")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len(path.read_text()) > 40
    assert "/.password\n" in Path("boxes/.gitignore").read_text()
    printed = capsys.readouterr()
    assert "boxes/.password holds a new password" in printed.err
    assert path.read_text().strip() not in printed.out + printed.err


def test_a_password_that_is_there_is_kept() -> None:
    Path("password").write_text("mine\n")
    Path("password").chmod(0o600)
    assert main(["inventory", "init", "boxes", *FLAGS, "--vault-password-file", "password"]) == 0
    assert Path("password").read_text() == "mine\n"


def test_a_password_that_others_can_read_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    Path("password").write_text("mine\n")
    Path("password").chmod(0o644)
    assert main(["inventory", "init", "boxes", *FLAGS, "--vault-password-file", "password"]) == 1
    assert capsys.readouterr().err.endswith("chmod 600 password\n")
    assert not Path("boxes").exists()


def test_where_the_inventory_cannot_be_written_no_password_is_left(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("reconciler.cli.inventory_init.write", interrupted)
    assert main(["inventory", "init", "boxes", *FLAGS, "--vault-password-file", "password"]) == 1
    assert list(tmp_path.iterdir()) == []


COMMAND = (sys.executable, "-m", "reconciler.cli", "inventory", "init", "boxes")
ANSWERS = (
    ("Customer:", "a/b"),
    ("that contains /: use letters, digits, spaces and . _ - & ' ( )\r\nCustomer:", "lotus"),
    ("Store (empty: leave it out):", "hanoi"),
    ("Name of the first box, such as hanoi-till-1:", "hanoi-till-1"),
    ("Its address, such as 192.0.2.11:", "192.0.2.11"),
    ("(empty: leave it out):", "https://lotus.example"),
    ("made where it is not there (empty: leave it out):", "password"),
    ("UUID of the database, which is not shown (empty: leave it out):", UUID),
    ("Enterprise code of the database, which is not shown (empty: leave it out):", CODE),
)


def _env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "COLUMNS": "100"}


def test_answers_make_an_inventory_with_encrypted_secrets(tmp_path: Path) -> None:
    shown = at_terminal(COMMAND, ANSWERS, cwd=tmp_path, env=_env())
    assert shown.status == 0, shown.text
    everything = "".join(below(tmp_path / "boxes").values()) + shown.text
    assert UUID not in everything
    assert CODE not in everything
    vault = VaultOptions(password_files=("password",))
    assert lint(["boxes"], vault=vault).flaws == ()
    (box,) = load(["boxes"], vault=vault).targets
    assert box.desired.db_uuid
    assert box.desired.enterprise_code


@pytest.mark.parametrize("key", ["\x03", "\x04"])
def test_who_gives_up_in_the_middle_leaves_nothing(key: str, tmp_path: Path) -> None:
    shown = at_terminal(COMMAND, [*ANSWERS[:4], ("Its address, such as 192.0.2.11:", key)], cwd=tmp_path, env=_env())
    assert shown.status == 1, shown.text
    assert "Traceback" not in shown.text
    assert shown.text.splitlines()[-1].startswith("iot-https: "), "it goes on in the line of the question"
    assert list(tmp_path.iterdir()) == []
