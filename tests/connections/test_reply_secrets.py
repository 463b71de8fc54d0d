"""What was sent to a box does not come back in a text that people see, whoever answers there."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from reconciler.box.__main__ import frame
from reconciler.codes import CodeName
from reconciler.connections import reply
from reconciler.model import wire
from reconciler.model.desired import Desired, Mode, Relayed, Request
from reconciler.model.reveal import reveal
from reconciler.model.secret import MASK, Secret
from reconciler.model.statement import Statement, Value, told
from reconciler.results.finding import finding, masked
from reconciler.results.result import Result
from tests.connections.test_ssh import run
from tests.support.ssh_servers import Handler, Process, SshLab

NOW = datetime(2026, 3, 2, tzinfo=UTC)
TOKEN = "canary-\\token'"
KEY = "-----BEGIN PRIVATE KEY-----\ncanary-key\n-----END PRIVATE KEY-----\n"
REQUEST = Request(
    desired=Desired(name="till", token=Secret(TOKEN), proxy=Secret("http://u:canary-pass@proxy:3128")),
    relayed=Relayed(subject="*.x", certificate_pem="x", key_pem=Secret(KEY)),
)
SENT = json.dumps(wire.encode(REQUEST, secret=reveal))


@pytest.mark.parametrize("errors", [f"sh: 1: {SENT}: not found", f"NameError: {TOKEN}", f"cut: {TOKEN[:9]}"])
def test_an_interpreter_that_prints_what_it_was_sent_shows_no_secret(errors: str) -> None:
    evidence = reply.read(b"", REQUEST, NOW, errors).after[0].evidence
    assert "canary" not in evidence
    assert MASK in evidence


def test_a_program_that_answers_with_what_it_was_sent_shows_no_secret() -> None:
    for answer in ({"error": SENT}, {"unsupported_python": TOKEN}, {"result": {TOKEN: 1}}):
        assert "canary" not in str(reply.read(frame(answer), REQUEST, NOW))


def test_evidence_that_repeats_a_secret_is_masked() -> None:
    found = finding(CodeName.NOT_OBSERVED, told(f"the box holds {TOKEN}"))
    good = Result(name="till", mode=Mode.CHECK, started_at=NOW, seconds=1.0, before=(), after=(found,))
    result = reply.read(frame({"result": wire.encode(good)}), REQUEST, NOW)
    assert result.after[0].evidence == f"the box holds {MASK}"


KINDS: dict[str, Value] = {"text": TOKEN, "within a text": f"it is {TOKEN}.", "list": ("x", TOKEN, f"it is {TOKEN}.")}


@pytest.mark.parametrize("kind", KINDS)
def test_a_secret_in_any_kind_of_value_is_masked_as_it_comes_back(kind: str) -> None:
    statement = Statement("told", {"text": KINDS[kind], "beside": KINDS[kind]})
    found = finding(CodeName.NOT_OBSERVED, statement)
    good = Result(name="till", mode=Mode.CHECK, started_at=NOW, seconds=1.0, before=(found,), after=(found,))
    result = reply.read(frame({"result": wire.encode(good)}), REQUEST, NOW)
    assert MASK in result.after[0].evidence
    assert "canary" not in repr(result)


@pytest.mark.parametrize("kind", KINDS)
def test_a_secret_in_any_kind_of_value_of_a_play_is_masked(kind: str) -> None:
    """What Ansible prints of a box becomes a finding before anybody knows what was secret."""
    secret = Secret(TOKEN)
    found = masked(
        finding(CodeName.NOT_OBSERVED, Statement("told", {"text": KINDS[kind], "beside": KINDS[kind]})), secret
    )
    assert MASK in found.evidence
    assert "canary" not in repr(found)


def test_a_short_secret_is_no_reason_to_mask_words() -> None:
    request = Request(desired=Desired(name="till", token=Secret("e"), db_uuid=Secret("seconds-of-mine")))
    good = Result(name="till", mode=Mode.CHECK, started_at=NOW, seconds=1.0, before=(), after=())
    assert reply.read(frame({"result": wire.encode(good)}), request, NOW) == good


@pytest.mark.parametrize("field", [{"seconds": 10**400}, {"started_at": "2026-01-01T00:00:00"}])
def test_what_cannot_be_reckoned_with_is_one_finding(field: dict[str, object]) -> None:
    good = Result(name="till", mode=Mode.CHECK, started_at=NOW, seconds=1.0, before=(), after=())
    result = reply.read(frame({"result": {**wire.encode(good), **field}}), REQUEST, NOW)
    assert [each.code for each in result.after] == [CodeName.NOT_OBSERVED]
    assert "the reply cannot be read: reply." in result.after[0].evidence


@pytest.mark.parametrize(
    ("output", "errors"),
    [
        (b"", "bash: canary-sudo: command not found"),
        (frame({"error": "canary-sudo: command not found"}), ""),
        (frame({"unsupported_python": "canary-sudo"}), ""),
    ],
)
def test_a_password_of_the_way_does_not_come_back_either(output: bytes, errors: str) -> None:
    result = reply.read(output, REQUEST, NOW, errors, also=(None, Secret("canary-sudo")))
    assert "canary" not in str(result)
    assert MASK in result.after[0].evidence


def echoing(fits: Callable[[str], bytes]) -> Handler:
    """Ask for the password as `sudo` does, and answer with what was typed."""

    async def handle(process: Process) -> None:
        process.stderr.write((process.command or "").split("-p ")[1].split()[0].encode())
        typed = (await process.stdin.readline()).decode().strip()
        process.stdout.write(fits(typed))
        process.exit(0)

    return handle


@pytest.mark.parametrize("known", ["password", "become_password"])
@pytest.mark.parametrize(
    "fits", [lambda typed: f"bash: {typed}: not found\n".encode(), lambda typed: frame({"error": f"no {typed}"})]
)
def test_a_box_that_repeats_the_password_does_not_get_it_shown(
    ssh_lab: SshLab, known: str, fits: Callable[[str], bytes]
) -> None:
    passwords = {"become_password": Secret("another-one"), known: Secret("canary-sudo")}
    result, _ = run(ssh_lab, echoing(lambda typed: fits(f"{typed}, canary-sudo")), REQUEST, **passwords)
    assert MASK in result.after[0].evidence
    assert "canary" not in str(result)
