"""An authority or a homepage that misbehaves costs a bounded time and a bounded number of bytes, and is one line."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.authority import Question, Refused, ask
from reconciler.codes import CATALOGUE, CodeName
from reconciler.codes.writing.sentences import sentence
from reconciler.machine.posix.trust import trusting
from reconciler.model.secret import Secret
from reconciler.net.client import NetworkClient
from reconciler.net.replies import HttpReply
from reconciler.probe import hello
from reconciler.probe.streams import direct_dial
from reconciler.results.finding import finding
from tests.support.certificates import authority, issue, server_context
from tests.support.servers import Handler, serving

from .behaviours import HTTP, MOST_SENT, NOT_TLS, counting
from .measure import SHORT, bounded

QUESTION = Question(url="", db_uuid=Secret("canary-uuid"), enterprise_code=Secret("canary-code"), seconds=SHORT)
LIMIT = 1000
EACH_HTTP = pytest.mark.parametrize("handler", HTTP.values(), ids=HTTP)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tls")
    (folder / "roots.pem").write_bytes(authority().pem)
    return folder


def check_refused(port: int, folder: Path) -> None:
    network = NetworkClient(trusting(str(folder / "roots.pem")))
    with bounded(SHORT):
        answer = ask(network, replace(QUESTION, url=f"https://127.0.0.1:{port}/x"))
    assert isinstance(answer, Refused)
    assert answer.code in CATALOGUE
    evidence = finding(answer.code, *answer.seen, variant=answer.variant).evidence
    assert evidence
    assert evidence.isprintable()
    assert "canary" not in evidence


@EACH_HTTP
def test_an_authority_is_refused(handler: Handler, folder: Path) -> None:
    sent: list[int] = []
    with serving(counting(handler, sent), server_context(issue("127.0.0.1"), folder)) as server:
        check_refused(server.port, folder)
    assert len(server.requests) <= 1, "it was asked again"
    assert sum(sent) < MOST_SENT


@pytest.mark.parametrize("handler", NOT_TLS.values(), ids=NOT_TLS)
def test_an_authority_that_speaks_no_tls_is_refused(handler: Handler, folder: Path) -> None:
    sent: list[int] = []
    with serving(counting(handler, sent)) as server:
        check_refused(server.port, folder)
    assert server.requests == [], "a request went out in clear"
    assert sum(sent) < MOST_SENT


@EACH_HTTP
def test_a_get_ends(handler: Handler) -> None:
    sent: list[int] = []
    with serving(counting(handler, sent)) as server, bounded(SHORT):
        answer = _get(server.port)
    if isinstance(answer, HttpReply):
        assert len(answer.body) <= LIMIT
        assert f"x{answer.reason}".isprintable()
    else:
        assert str(answer).isprintable()
    assert sum(sent) < MOST_SENT


@EACH_HTTP
def test_a_homepage_seen_from_outside_is_one_line(handler: Handler) -> None:
    sent: list[int] = []
    with serving(counting(handler, sent)) as server, bounded(SHORT):
        why = asyncio.run(hello.answers(direct_dial, "127.0.0.1", server.port, SHORT)).problem
    assert why
    assert sentence(why, CATALOGUE[CodeName.HOMEPAGE_UNREACHABLE].sentences).isprintable()
    assert sum(sent) < MOST_SENT


def _get(port: int) -> HttpReply | Exception:
    try:
        return NetworkClient(trusting()).get(f"http://127.0.0.1:{port}/hw_proxy/hello", SHORT, LIMIT)
    except (OSError, ValueError) as error:
        return error
