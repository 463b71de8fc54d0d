"""The stand-in that is served over HTTPS and the one in memory answer each mode alike: both take it from one list."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest

from iotbox_simulator import pki
from iotbox_simulator.authority import DATABASES, PATH, Authority
from iotbox_simulator.authority_modes import MODES, NAMES, Delivery, Issue, Mode, ModeSettings, answer
from iotbox_simulator.https_server import ClientRequest, Reply
from iotbox_simulator.machine.authority import AuthorityModel, AuthorityRequest
from reconciler.net.replies import HttpReply

NOW = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
CA = pki.make_authority("Test", now=NOW)
UUID = next(iter(DATABASES))
ASKED = json.dumps({"params": {"db_uuid": UUID, "enterprise_code": DATABASES[UUID].enterprise_code}}).encode()
LIMIT = 1 << 18
AT_ONCE = [mode for mode in NAMES if mode not in ("huge", "cut")]


@pytest.fixture(scope="module")
def authority() -> Iterator[Authority]:
    with Authority(now=lambda: NOW, ca=CA) as made:
        yield made


def served(authority: Authority, mode: Mode) -> Reply:
    authority.set(mode, seconds=0.0)
    return authority.answer(ClientRequest("POST", PATH, {}, ASKED))


def in_memory(mode: Mode) -> HttpReply:
    model = AuthorityModel(CA, mode, settings=ModeSettings(seconds=0.0))
    return model(AuthorityRequest("https://www.odoo.com" + PATH, ASKED, {}, NOW, LIMIT, lambda _seconds: None))


def shape(body: bytes) -> Any:
    """What an answer says, without what is another one each time: names, keys and certificates."""
    try:
        said = json.loads(body)
    except ValueError:
        return body
    result = said.get("result")
    if not isinstance(result, dict):
        return said
    return {**said, "result": {name: text.count("BEGIN") if name != "error" else text for name, text in result.items()}}


def test_each_name_has_an_answer() -> None:
    assert tuple(MODES) == NAMES


@pytest.mark.parametrize("mode", AT_ONCE)
def test_both_say_the_same(authority: Authority, mode: Mode) -> None:
    there, here = served(authority, mode), in_memory(mode)
    assert (there.status, shape(b"".join(pieces(there)))) == (here.status, shape(here.body))


def pieces(reply: Reply) -> list[bytes]:
    return [reply.body] if isinstance(reply.body, bytes) else list(reply.body)


def test_an_answer_without_an_end_is_read_up_to_the_limit() -> None:
    reply = in_memory("huge")
    assert (len(reply.body), reply.complete) == (LIMIT, False)


def test_an_answer_that_breaks_off_is_an_error() -> None:
    with pytest.raises(ConnectionError, match="breaks off"):
        in_memory("cut")


def test_who_waits_for_less_gets_no_answer() -> None:
    def impatient(seconds: float) -> None:
        raise TimeoutError(f"{seconds:g}")

    model = AuthorityModel(CA, "slow", settings=ModeSettings(seconds=40.0))
    with pytest.raises(TimeoutError, match="40"):
        model(AuthorityRequest("https://www.odoo.com" + PATH, ASKED, {}, NOW, LIMIT, impatient))


def test_every_way_of_delivery_is_that_of_some_mode() -> None:
    issue = {
        mode: Issue(ModeSettings(mode), CA, "00000000", NOW, lambda: pki.issue_wildcard_pair(CA, "00000000", now=NOW))
        for mode in NAMES
    }
    assert {answer(each).delivery for each in issue.values()} == {*Delivery}
