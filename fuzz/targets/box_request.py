"""The request as it arrives at the program on a box."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

from reconciler.box import __main__ as program
from reconciler.codes import CodeName
from reconciler.model import wire
from reconciler.model.desired import Desired, Mode, Refusal, Relayed, Request
from reconciler.model.errors import IotHttpsError
from reconciler.model.reveal import reveal
from reconciler.model.secret import Secret
from reconciler.model.statement import told

from ..oracle import CANARY, check_refusal, check_secret, planted

_REQUEST = Request(
    desired=Desired(name="till-1", token=Secret(CANARY), proxy=Secret(CANARY), resolvers=("1.1.1.1",)),
    mode=Mode.RECONCILE,
    sent_at=datetime(2026, 3, 2, tzinfo=UTC),
)


def seeds() -> list[bytes]:
    """Requests of each kind, the canary where the secrets are."""
    relayed = Relayed(subject="*.x.example", certificate_pem="x", key_pem=Secret(CANARY))
    requests = [
        _REQUEST,
        replace(_REQUEST, relayed=relayed),
        replace(_REQUEST, refusal=Refusal(code=CodeName.LOAD_REQUEST_NO_RESULT, seen=(told("no"),))),
    ]
    bodies = [json.dumps(wire.encode(each, secret=reveal)).replace(CANARY, "@@") for each in requests]
    return [each.encode() for each in (*bodies, '{"version": 2, "desired": null}', "[" * 2000, "1e999")]


def one_input(data: bytes) -> None:
    """A request that survives the wire, or a typed error in one line."""
    try:
        request = wire.decode(Request, program._parsed(planted(data)), "request")
    except IotHttpsError as error:
        # What a message calls its fields is no secret, and may be named.
        check_refusal(str(error).replace("CANARY", ""))
        return
    check_secret(repr(request.desired.token))
    again = json.loads(json.dumps(wire.encode(request, secret=reveal)))
    assert wire.decode(Request, again) == request
