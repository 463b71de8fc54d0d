"""What comes back of an errand, files and all, to the texts of a support bundle; it may repeat what was sent."""

from __future__ import annotations

import json

from reconciler.box.__main__ import MARKER
from reconciler.connections import errand_reply
from reconciler.connections.errand_reply import ErrandFailed
from reconciler.model.desired import Desired
from reconciler.model.errand import Errand, ErrandKind
from reconciler.model.secret import Secret
from reconciler.support.contents import in_words
from reconciler.support.scrub import Scrubber

from ..oracle import CANARY, check_secret, check_shown, planted

_ERRAND = Errand(errand=ErrandKind.COLLECT, desired=Desired(name="till-1", token=Secret(CANARY)))
_SCRUB = Scrubber([Secret(CANARY)], ["bakery"], ["lotus"])


def seeds() -> list[bytes]:
    """Replies with files behind them; the first byte says whether a frame is put around what follows."""
    good = {"portions": [{"name": "log", "size": 9, "left_out": 3}], "versions": {"nginx": "1"}, "seen": []}
    bodies = [
        json.dumps({"brought": good}),
        json.dumps({"brought": {**good, "portions": [{"name": "log", "size": -(2**40)}]}}),
        json.dumps({"brought": {**good, "seen": [{"says": "level_left", "values": {"level": "@@", "why": "x"}}]}}),
        json.dumps({"error": "token @@ \x1b[31m"}),
        "[" * 900,
    ]
    logs = ["token=@@ password '@@", "-----BEGIN PRIVATE KEY-----\n@@", "\x1b[1m@@\x1b[0m bakery", "https://a|@@|b"]
    return [f"f{each}\n{log}".encode() for each in bodies for log in logs] + [b"r@@", b"r"]


def one_input(data: bytes) -> None:
    """Texts that may be sent away, whatever came."""
    body, _, log = planted(data[1:]).partition(b"\n")
    output = body + log if data[:1] == b"r" else b"\n%s %d\n%s\n%s" % (MARKER.encode(), len(body), body, log)
    try:
        carried = errand_reply.read(output, _ERRAND)
    except ErrandFailed as failure:
        check_shown(failure.finding.code, failure.finding.evidence, failure.finding.remedy)
        carried = None
    if carried is not None:
        check_secret(in_words(carried.brought))
        for content in carried.files.values():  # cut by lengths that may be a lie, so half a canary may be left
            _SCRUB.of_bytes(content)
    check_secret(_SCRUB.of_bytes(log))
