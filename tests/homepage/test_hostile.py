"""Whatever answers in a box's place costs one request its time, and ends in one sentence."""

from __future__ import annotations

import time

import pytest

from reconciler.codes.writing.sentences import line
from reconciler.homepage.answer import NoAnswer
from reconciler.homepage.session import MOST_ANSWER, Homepage
from tests.hostile.behaviours import HTTP, MOST_SENT, counting
from tests.support.patience import PATIENCE
from tests.support.servers import LOOPBACK, Handler, answering, dripping, unused_port

from .served import homepage, raw

SECONDS = 0.4
SLACK = PATIENCE / 2
ANSWERS = {
    "redirects to itself",
    "redirects to a file",
    "redirects elsewhere",
    "length too short",
    "terminal commands",
    "ends in the headers",
    "no UTF-8",
}
"""Of all behaviours those that are an answer, of which the caller makes what it will."""


@pytest.mark.parametrize("name", HTTP)
def test_every_misbehaviour_ends_in_time_and_in_one_sentence(name: str, caplog: pytest.LogCaptureFixture) -> None:
    sent: list[int] = []
    started = time.monotonic()
    with homepage(counting(HTTP[name], sent), SECONDS) as (page, _):
        try:
            answer = page.get("/hw_proxy/hello")
        except NoAnswer as problem:
            said = line([problem.statement], {})
        else:
            said = ""
            assert len(answer.body) <= MOST_ANSWER
        took = time.monotonic() - started
    assert took < SECONDS + SLACK
    assert sum(sent) < MOST_SENT
    assert bool(said) != (name in ANSWERS), said
    assert said.isprintable()
    assert caplog.records == []


def test_a_redirect_is_not_read_to_its_end() -> None:
    start = b"HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 3\r\n\r\nabc"
    with homepage(dripping(start, b"x")) as (page, served):
        assert page.get("/").status == 302
        assert len(served.requests) == 1


def test_cookies_are_not_sent_back() -> None:
    answer = b"HTTP/1.0 200 OK\r\nSet-Cookie: session_id=x; Path=/\r\nContent-Length: 4\r\n\r\nping"
    with homepage(answering(answer)) as (page, served):
        page.get("/")
        page.get("/")
    assert b"cookie" not in served.requests[1].lower()


def test_the_environment_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    with unused_port() as closed:
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://{LOOPBACK}:{closed}")
        with homepage(answering(raw(200, b"ping"))) as (page, _):
            assert page.get("/").body == b"ping"


def test_who_refuses_is_told_apart_from_who_is_silent() -> None:
    with unused_port() as port, pytest.raises(NoAnswer) as refused:
        Homepage(LOOPBACK, port, seconds=SECONDS).get("/")
    assert "refused" in line([refused.value.statement], {})
    assert not refused.value.sent


@pytest.mark.parametrize("handler", [answering(b""), answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx")])
def test_a_request_that_may_have_been_acted_on_says_so(handler: Handler) -> None:
    with homepage(handler) as (page, _), pytest.raises(NoAnswer) as problem:
        page.rpc("/iot_drivers/save_credential", {"db_uuid": "x"})
    assert problem.value.sent
    assert problem.value.__context__ is None
