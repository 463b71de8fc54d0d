"""An authority that repeats our credentials, or nests and encodes its answer in strange ways."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from reconciler.authority import Question, Refused, ask
from reconciler.codes import CodeName
from reconciler.model.secret import MASK, Secret
from reconciler.net.replies import HttpReply
from reconciler.results.finding import finding

UUID = "11111111-2222-3333-4444-555555555555"
CODE = "M21\\'\"canary"
QUESTION = Question(url="https://authority.example/x", db_uuid=Secret(UUID), enterprise_code=Secret(CODE))


@dataclass
class Answering:
    """A network with one answer."""

    reply: HttpReply

    def send(self, *_: object, **__: object) -> HttpReply:
        return self.reply


def evidence(answer: Refused) -> str:
    return finding(answer.code, *answer.seen).evidence


def refused(reply: HttpReply) -> Refused:
    answer = ask(Answering(reply), QUESTION)  # type: ignore[arg-type]  # the one method that is used
    assert isinstance(answer, Refused)
    assert evidence(answer).isprintable()
    return answer


@pytest.mark.parametrize(
    "reply",
    [
        HttpReply(500, f"{'x' * 80}{UUID}"[:100], b""),
        HttpReply(200, "OK", f"<p>{'x' * 40}{UUID}".encode()),
        HttpReply(200, "OK", json.dumps({"error": {"text": [UUID, CODE]}}).encode()),
        HttpReply(200, "OK", json.dumps({"result": {"error": UUID}}).encode()),
    ],
    ids=["reason cut off in it", "page cut off in it", "quoted in a structure", "plain"],
)
def test_credentials_that_come_back_are_masked_whole(reply: HttpReply) -> None:
    shown = evidence(refused(reply))
    assert UUID[:8] not in shown
    assert "canary" not in shown
    assert MASK in shown


@pytest.mark.parametrize("depth", range(900, 1000, 3))
def test_an_error_that_is_nested_as_deep_as_the_parser_takes_is_refused(depth: int) -> None:
    body = b'{"error": ' + b"[" * depth + b"]" * depth + b"}"
    assert refused(HttpReply(200, "OK", body)).code in (CodeName.LOAD_REQUEST_NO_RESULT, CodeName.ANSWER_NOT_FROM_ODOO)


@pytest.mark.parametrize("field", ["subject_cn", "x509_pem", "private_key_pem"])
def test_half_a_surrogate_pair_is_no_text(field: str) -> None:
    result = {"subject_cn": "*.x", "x509_pem": "x", "private_key_pem": "x", field: "\ud800"}
    answer = refused(HttpReply(200, "OK", json.dumps({"result": result}).encode()))
    assert answer.code == CodeName.LOAD_REQUEST_NO_RESULT
