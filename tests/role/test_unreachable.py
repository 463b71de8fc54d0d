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
        ("No ED25519 host key is known for till-1.\r\nHost key verification failed.", CodeName.HOST_KEY_UNKNOWN),
        (
            "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\r\nHost key verification failed.",
            CodeName.HOST_KEY_CHANGED,
        ),
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
    lines = [line.strip() for line in said.splitlines()] or ["ssh:"]
    assert box.findings[0].evidence.endswith((lines[0], lines[-1]))
