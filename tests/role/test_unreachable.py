"""What is reported of a box to which Ansible had no connection."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from jsonschema import Draft202012Validator

from reconciler.codes import CodeName
from reconciler.model.desired import Mode
from reconciler.report.json_report import as_object, schema
from reconciler.role import unreachable

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
PREFIX = "Failed to connect to the host via ssh: "


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("ssh: Could not resolve hostname till.example: Name or service not known", CodeName.ADDRESS_NOT_FOUND),
        ("ssh: connect to host 10.0.0.9 port 22: Connection refused", CodeName.CONNECTION_REFUSED),
        ("ssh: connect to host 10.0.0.9 port 22: Connection timed out", CodeName.CONNECTION_TIMEOUT),
        ("Connection timed out during banner exchange", CodeName.CONNECTION_TIMEOUT),
        ("ssh: connect to host 10.0.0.9 port 22: No route to host", CodeName.CONNECTION_TIMEOUT),
        ("pi@10.0.0.9: Permission denied (publickey,password).", CodeName.AUTHENTICATION_FAILED),
        (
            "No ED25519 host key is known for till-1 and you asked for it.\r\nHost key verification failed.",
            CodeName.HOST_KEY_UNKNOWN,
        ),
        (
            "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\nHost key verification failed.",
            CodeName.HOST_KEY_CHANGED,
        ),
        (
            "Connection timed out during banner exchange\r\nConnection to 10.0.0.9 port 22 timed out",
            CodeName.CONNECTION_TIMEOUT,
        ),
        (
            "ssh: connect to host jump port 22: Connection refused\r\nConnection closed by UNKNOWN port 65535",
            CodeName.JUMP_HOST_FAILED,
        ),
        ("debug1: x\r\npi@10.0.0.9: Permission denied (publickey).\r\ndebug1: y", CodeName.AUTHENTICATION_FAILED),
        (
            "Your account has expired; please contact your system administrator.\r\nConnection closed by 10.0.0.9",
            CodeName.LOGIN_BLOCKED,
        ),
        ("Shared connection to 10.0.0.9 closed.", CodeName.CONNECTION_FAILED),
        ("", CodeName.CONNECTION_FAILED),
    ],
)
def test_the_words_of_openssh_have_a_code(said: str, code: CodeName) -> None:
    report = unreachable.report(
        "till-1", customer="bakery", store=None, mode=Mode.CHECK, started_at=NOW, seconds=10.2, said=PREFIX + said
    )
    written = as_object(report)
    Draft202012Validator(schema()).validate(written)
    (box,) = report.boxes
    assert [each.code for each in box.findings] == [code]
    lines = [line for line in said.splitlines() if not line.startswith("debug")] or ["there was no connection"]
    assert box.findings[0].evidence.endswith((lines[0], lines[-1]))


def code_of(said: str, *, refused: bool = False) -> str:
    report = unreachable.report(
        "till-1", customer=None, store=None, mode=Mode.CHECK, started_at=NOW, seconds=1.0, said=said, refused=refused
    )
    return report.boxes[0].findings[0].code


BANNERS = (
    "ssh: Could not resolve hostname till-1: Name or service not known",
    "ssh: connect to host till-1 port 22: Connection refused",
    "Connection timed out during banner exchange",
    "pi@till-1: Permission denied (publickey).",
    "@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\r\nHost key verification failed.",
)
"""What a server may show before a login, which OpenSSH prints as it is."""
ENDS = {
    "pi@till-1: Permission denied (publickey).": CodeName.AUTHENTICATION_FAILED,
    "Connection closed by 10.0.0.9 port 22": CodeName.CONNECTION_FAILED,
    "Received disconnect from 10.0.0.9 port 22:2: Host key verification failed.": CodeName.CONNECTION_FAILED,
    "ssh: connect to host till-1 port 22: Connection refused by us": CodeName.CONNECTION_FAILED,
}


@pytest.mark.parametrize("banner", BANNERS)
@pytest.mark.parametrize("end", ENDS)
def test_what_a_server_shows_before_a_login_chooses_no_code(banner: str, end: str) -> None:
    assert code_of(f"{PREFIX}{banner}\r\n{end}") == ENDS[end]


@pytest.mark.parametrize("banner", BANNERS)
def test_what_a_box_prints_after_the_login_chooses_none(banner: str) -> None:
    assert code_of(f"Timeout (12s) waiting for privilege escalation prompt: {banner}") == CodeName.CONNECTION_FAILED
    assert code_of(f"Timeout (12s) waiting for escalation: x\r\n{banner}") == CodeName.CONNECTION_FAILED


def test_a_login_that_ansible_knows_to_be_refused_is_so_whatever_is_said() -> None:
    assert code_of("Invalid/incorrect password", refused=True) == CodeName.AUTHENTICATION_FAILED
