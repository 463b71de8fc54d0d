"""The authority's answer, from the body of an HTTP reply to a pair; it may repeat our credentials."""

from __future__ import annotations

import json
from dataclasses import dataclass

from reconciler.authority import Issued, Question, Refused, ask
from reconciler.box.pair.parse import BadPair, parse_pair
from reconciler.codes import CATALOGUE
from reconciler.model.reveal import reveal
from reconciler.model.secret import Secret
from reconciler.net.replies import HttpReply
from reconciler.results.finding import finding

from ..oracle import CANARY, check_refusal, check_secret, planted
from ..pairs import issued

_QUESTION = Question(
    url="https://authority.example/x509", db_uuid=Secret(CANARY), enterprise_code=Secret(f"{CANARY}'\"\\é")
)
_STATUS = {0: 404, 1: 301, 2: 503}


@dataclass(frozen=True, slots=True)
class _Network:
    reply: HttpReply

    def send(self, *_: object, **__: object) -> HttpReply:
        """Answer."""
        return self.reply


def seeds() -> list[bytes]:
    """Every kind of answer that was seen, and what a hostile one may do."""
    good = issued("*.d73e7513.odoo-iot.com")
    result = {
        "subject_cn": "*.d73e7513.odoo-iot.com",
        "x509_pem": good.pem.decode(),
        "private_key_pem": good.key_pem.decode(),
    }
    bodies = [
        json.dumps({"jsonrpc": "2.0", "id": None, "result": result}),
        json.dumps({"result": {**result, "private_key_pem": "\n"}}),
        json.dumps({"result": {"error": "no subscription for @@\n\x1b[31m"}}),
        json.dumps({"error": {"code": 200, "data": ["@@'\"\\é", {"@@": None}]}}),
        '{"result": {}}',
        '{"result": null}',
        '{"error": ' + "[" * 900 + "]" * 900 + "}",
        "<html>" + "x" * 40 + "@@ is not JSON",
        "",
    ]
    return [bytes([status]) + body.encode() for body in bodies for status in (9, 0)]


def one_input(data: bytes) -> None:
    """The first byte says which status; below 3 it is no 200, and the rest is its reason, too."""
    status, body = _STATUS.get(data[0] if data else 9, 200), planted(data[1:])
    reply = HttpReply(status, body[:100].decode("latin-1"), body)
    answer = ask(_Network(reply), _QUESTION)  # type: ignore[arg-type]  # the one method that is used
    if isinstance(answer, Refused):
        assert answer.code in CATALOGUE
        check_refusal(finding(answer.code, *answer.seen, variant=answer.variant).evidence)
        return
    assert isinstance(answer, Issued)
    assert reveal(answer.key_pem)
    check_secret(repr(answer.key_pem))
    try:
        parse_pair(answer.certificate_pem.encode(), reveal(answer.key_pem).encode())
    except BadPair as refused:
        check_refusal(str(refused))
