"""A diagnosis over an inventory: what it offers, and for which shops."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.cli import main
from reconciler.cli.parser import make_parser
from tests.support.printed import commands

from .hosts import Command
from .test_cli import SECRETS


def test_a_diagnosis_changes_nothing_and_says_for_each_shop_what_to_do(iot_https: Command, calls: list[str]) -> None:
    status, out, _ = iot_https("diagnose")
    assert status == 6
    assert set(calls) <= {"lock", "post"}
    assert "bakery / Hanoi   2 of 2 boxes" in out
    assert any(words[:3] == ["iot-https", "reconcile", "-i"] for words in commands(out))
    assert "hue-till-2: iot_https_resolvers is text, a list is expected" in out
    assert not [secret for secret in SECRETS if secret in out]


@pytest.mark.parametrize("pattern", ["all", "hanoi-till-1"])
def test_the_command_that_a_diagnosis_offers_is_for_the_same_inventory(
    iot_https: Command, inventory: Path, tmp_path: Path, pattern: str
) -> None:
    password = tmp_path / "pass word"
    password.write_text("x")
    _, out, _ = iot_https("diagnose", pattern, "--vault-password-file", str(password))
    offered = commands(out)
    assert offered
    for words in offered:
        again = make_parser().parse_args(words[1:])
        assert (again.inventory, again.vault_password_file) == ([str(inventory)], [str(password)])
        assert "hanoi-till-1" in again.patterns[0].split(",") or pattern == "all"


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
