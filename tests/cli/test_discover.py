"""What `iot-https discover` refuses, in one line with the way out, before anybody is connected to."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.cli import discovering, main

REFUSED: dict[str, tuple[list[str], str]] = {
    "no network": ([], "name at least one network, such as 192.168.1.0/24"),
    "an empty one": ([""], "'' is no network: give an IPv4 network"),
    "a name": (["shop.example"], "shop.example is no network"),
    "a network and a name": (["10.0.0.0/24", "hanoi-till-1"], "hanoi-till-1 is no network"),
    "host bits": (["10.0.0.5/24"], "10.0.0.5/24 is an address within 10.0.0.0/24"),
    "IPv6": (["fe80::/64"], "is IPv6"),
    "too many": (["10.0.0.0/16"], "pass --allow-large"),
    "public addresses": (["8.8.8.8"], "pass --allow-public"),
    "a limit of nothing": (
        ["10.0.0.1", "--limit", "bakery"],
        "--limit is for an inventory to compare with: add -i PATH",
    ),
    "an inventory that is not there": (["10.0.0.1", "-i", "nowhere.yml"], "nowhere.yml does not exist"),
    "a rate of nothing": (["10.0.0.1", "--rate", "0"], "give a whole number from 1 to 2000"),
    "a port that is none": (["10.0.0.1", "--ssh-port", "70000"], "give a whole number from 1 to 65535"),
    "a format that is none": (["10.0.0.1", "--output", "yaml"], "yaml is not one of text, json, inventory"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_done_is_refused_in_one_line(
    case: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(discovering, "_search", lambda *_: pytest.fail("somebody was connected to"))
    words, told = REFUSED[case]
    try:
        status = main(["discover", *words])
    except SystemExit as ended:
        status = int(str(ended.code))
    printed = capsys.readouterr()
    assert status == 1
    assert printed.out == ""
    assert told in printed.err
    assert len(printed.err.splitlines()) == 1


def test_networks_may_stand_among_options(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["discover", "127.77.1.1", "--connect-timeout", "0.5", "127.77.1.3", "--rate", "1000"]) == 0
    assert "No box found: 2 addresses looked at" in capsys.readouterr().out
