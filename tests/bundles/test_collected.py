"""A box's files come back as bytes behind a small reply, whatever they hold, and never as a part of it."""

from __future__ import annotations

import json

import pytest

from reconciler.box.__main__ import answer
from reconciler.connections import errand_reply
from reconciler.connections.carrier import request_text
from reconciler.connections.errand_reply import Carried, ErrandFailed
from reconciler.model.errand import LOG_BYTES, Errand, ErrandKind, PortionName
from reconciler.model.framing import frame
from reconciler.model.secret import MASK
from reconciler.support.scrub import Scrubber

from ..support.runs import CANARIES, DESIRED, KINDS, managed

LOG = "/var/log/odoo/odoo-server.log"
ERRAND = Errand(errand=ErrandKind.COLLECT, desired=DESIRED)


def collected(log: bytes | None = None, kind: str = "rw_ini") -> Carried:
    box = managed(kind).box  # type: ignore[arg-type]
    if log is not None:
        box.host.write(LOG, log)
    return errand_reply.read(b"motd\n" + answer(request_text(ERRAND).encode(), box), ERRAND)


@pytest.mark.parametrize("kind", KINDS)
def test_no_secret_leaves_a_box_of_any_kind(kind: str) -> None:
    carried = collected(" ".join(CANARIES[:-1]).encode(), kind)

    everything = b"\n".join(carried.files.values())
    assert set(carried.files) == set(PortionName)
    assert not [each for each in CANARIES if each.encode() in everything]
    assert carried.files[PortionName.LOG] == f"{MASK} {MASK} {MASK}".encode()
    assert carried.brought.versions["nginx"]


def test_what_the_box_keeps_secret_by_itself_is_masked_in_its_log() -> None:
    box = managed("rw_ini").box
    box.host.write("/home/pi/odoo.conf", box.host.read("/home/pi/odoo.conf") + b"wifi_password = horse battery\n")
    box.host.write(LOG, b"joined with horse battery, horse%20battery\n")

    carried = errand_reply.read(answer(request_text(ERRAND).encode(), box), ERRAND)

    assert b"horse" not in b"".join(carried.files.values())
    assert b"wifi_password = ********" in carried.files[PortionName.CONFIGURATION]


@pytest.mark.parametrize(
    "log",
    [
        b"",
        b"\x00" * 5000,
        b"\xff\xfe\x1b[2J\x1b]0;owned\x07" * 100,
        b"x" * (LOG_BYTES + 4096),
        b"a line\n" * (1 << 20),
        b'IOT-HTTPS-REPLY 12\n{"brought":1}\n',
        b"../../../etc/passwd\n\n[options]\n",
    ],
    ids=["empty", "NUL", "controls", "one line without end", "many lines", "a reply", "names"],
)
def test_a_log_may_hold_anything(log: bytes) -> None:
    carried = collected(log)

    (portion,) = [each for each in carried.brought.portions if each.name is PortionName.LOG]
    content = carried.files[PortionName.LOG]
    assert len(content) == portion.size <= LOG_BYTES
    assert log.endswith(content)
    assert portion.left_out == len(log) - len(content)
    cleaned = Scrubber([], [], []).of_bytes(content[:100_000])
    assert all(each.isprintable() or each in "\n\t" for each in cleaned)


@pytest.mark.parametrize(
    "reply",
    [
        {"brought": {"portions": [{"name": "../../x", "size": 1}]}},
        {"brought": {"portions": [{"name": "log", "size": "1"}]}},
        {"brought": {"seen": [3]}},
        {"brought": None},
        {"else": 1},
        {"error": "x" * 4000},
        {"brought": {"versions": {"a": 1}}},
    ],
)
def test_a_reply_that_is_none_is_one_finding(reply: dict[str, object]) -> None:
    with pytest.raises(ErrandFailed) as failure:
        errand_reply.read(frame(reply) + b"files", ERRAND)
    assert len(failure.value.finding.evidence) <= 600


@pytest.mark.parametrize("size", [-5, 0, 3, 1 << 40])
def test_a_size_that_is_a_lie_takes_no_more_than_there_is(size: int) -> None:
    reply = frame({"brought": {"portions": [{"name": "log", "size": size}, {"name": "nginx", "size": 4}]}})

    files = errand_reply.read(reply + b"abcdefg", ERRAND).files

    assert len(files[PortionName.LOG]) + len(files[PortionName.NGINX]) <= 7


def test_a_box_makes_no_sentence_of_its_own() -> None:
    seen = [{"says": "run `rm -rf /`", "values": {}}, {"says": "level_raised", "values": {"level": "debug"}}]
    brought = errand_reply.read(frame({"brought": {"seen": seen}}), ERRAND).brought
    assert {each.says for each in brought.seen} == {"unreadable"}


def test_an_errand_holds_its_secrets_only_on_the_way_to_the_box() -> None:
    assert "canary-token" in request_text(ERRAND)
    assert "canary-token" not in repr(ERRAND)
    assert json.loads(request_text(ERRAND))["errand"] == "collect"
