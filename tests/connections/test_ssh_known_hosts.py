"""Files of known hosts: what a name is known by, whose a key is, and lines that nobody understands."""

from __future__ import annotations

import base64
import hmac
from pathlib import Path

import pytest

from reconciler.connections.ssh_known_hosts import KnownHosts, load, stamp

ED, RSA = "ssh-ed25519 AAAAC3Nz", "ssh-rsa AAAAB3Nz"


def hashed(name: str) -> str:
    salt = b"12345678901234567890"
    found = hmac.digest(salt, name.encode(), "sha1")
    return f"|1|{base64.b64encode(salt).decode()}|{base64.b64encode(found).decode()}"


def known(folder: Path, *lines: str) -> KnownHosts:
    path = folder / "known"
    path.write_text("".join(f"{line}\n" for line in lines))
    return load([str(path)])


@pytest.mark.parametrize(
    ("hosts", "name", "is_known"),
    [
        ("till-7", "till-7", True),
        ("till-7", "TILL-7", True),
        ("till-7", "till-70", False),
        ("a,till-7,b", "till-7", True),
        ("till-*", "till-7", True),
        ("till-?", "till-77", False),
        ("till-*,!till-7", "till-7", False),
        ("till-*,!till-7", "till-8", True),
        ("[till]:22", "[till]:22", True),
        ("[till]:2?", "[till]:22", True),
        (hashed("till-7"), "till-7", True),
        (hashed("till-7"), "till-8", False),
        ("|1|broken", "till-7", False),
        ("|1|***|***", "till-7", False),
        ("|2|c2FsdA==|c2FsdA==", "till-7", False),
    ],
)
def test_names(tmp_path: Path, hosts: str, name: str, *, is_known: bool) -> None:
    hosts_known = known(tmp_path, f"{hosts} {ED} comment")
    assert [each.key for each in hosts_known.of([name])] == [ED] * is_known
    assert hosts_known.vouches([name], ED) is is_known
    assert [each.hosts for each in hosts_known.others([name], ED)] == [hosts] * (not is_known)


def test_hashed_names_are_looked_at_only_where_that_is_wanted(tmp_path: Path) -> None:
    hosts = known(tmp_path, f"{hashed('till-7')} {ED}")
    assert hosts.of(["till-7"], hashed=False) == []
    assert [each.place for each in hosts.of(["till-7"])] == [f"{tmp_path}/known:1"]


def test_first_name_with_lines_counts(tmp_path: Path) -> None:
    hosts = known(tmp_path, f"jump {RSA}", f"[jump]:2222 {ED}")
    assert [each.key for each in hosts.of(["[jump]:2222", "jump"])] == [ED]
    assert [each.key for each in hosts.of(["[jump]:2223", "jump"])] == [RSA]


def test_lines_that_nobody_understands_are_passed_over(tmp_path: Path) -> None:
    lines = (
        "",
        "# till-7 comment",
        "till-7",
        "till-7 ssh-rsa",
        "@strange till-7 ssh-rsa AAAA",
        "\xff\x00",
        f"till-7 {ED}",
    )
    assert [each.line for each in known(tmp_path, *lines).of(["till-7"])] == [7]


def test_revoked_key_is_vouched_for_by_nobody(tmp_path: Path) -> None:
    hosts = known(tmp_path, f"till-7 {ED}", f"@revoked * {ED}")
    assert not hosts.vouches(["till-7"], ED)
    assert [each.marker for each in hosts.of(["till-7"])] == ["", "@revoked"]


def test_authority_vouches_for_no_key_of_its_own(tmp_path: Path) -> None:
    assert not known(tmp_path, f"@cert-authority *.shop {ED}").vouches(["till.shop"], ED)


def test_files_that_are_not_there_hold_nothing(tmp_path: Path) -> None:
    assert load([str(tmp_path / "gone")]).of(["till-7"]) == []
    assert stamp(str(tmp_path / "gone")) is None


def test_same_files_are_read_once_and_changed_ones_again(tmp_path: Path) -> None:
    first = known(tmp_path, f"till-7 {ED}")
    assert load([str(tmp_path / "known")]) is first
    assert known(tmp_path, f"till-7 {ED}", f"till-8 {RSA}").of(["till-8"]) != []
