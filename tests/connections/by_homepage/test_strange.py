"""Boxes that lie, fail or are none: one finding each, and nothing is written to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import pytest

from iotbox_simulator.machine.web import WebReply, WebRequest
from iotbox_simulator.pki import TestAuthority
from reconciler.codes import CodeName, Variant
from reconciler.model.desired import Mode, Refusal, Request
from reconciler.model.digests import database_digest, serial_digest, server_digest
from reconciler.model.marks import Mark, Others
from reconciler.model.observed import Observed
from reconciler.model.part import Part
from reconciler.model.secret import Secret
from reconciler.model.statement import say
from reconciler.outcome.directory import Directory, allowed, second_request
from reconciler.outcome.states import state_of
from reconciler.results.fleet import BoxState
from reconciler.results.result import RepairStatus, Result

from ...support.page_boxes import PageBox, linux, stranger_links, windows

C = CodeName
Between = Callable[[WebRequest], WebReply | None]
WRITES = ("connect", "save", "clear", "restart", "password", "load_iot", "level", "server_c")
"""In the path of every route that changes a box when it is asked for that."""


def html(text: str, status: int = 200) -> WebReply:
    """Return a page."""
    return WebReply(status, (("Content-Type", "text/html"),), text.encode())


def only(path: str, reply: WebReply) -> Between:
    """Answer one route in the box's place."""
    return lambda request: reply if request.parts.path == path else None


def all_but_hello(request: WebRequest) -> WebReply | None:
    """Answer as a server that knows the one route of every generation, and none of any."""
    return None if request.parts.path == "/hw_proxy/hello" else html("not here", HTTPStatus.NOT_FOUND)


def written(box: PageBox) -> list[str]:
    """Return the routes that were asked for and that change a box."""
    return [
        path for path in box.asked if any(word in path for word in WRITES) and path != "/hw_posbox_homepage/password"
    ]


def codes(result: Result) -> list[CodeName]:
    """Return what is left."""
    return [each.code for each in result.after]


@dataclass(frozen=True)
class Strange:
    """`state`: in which a box ends that answers so, whichever generation it is."""

    title: str
    between: Between
    code: CodeName
    state: BoxState


STATUS = "/hw_posbox_homepage/data"
PAGE = html("<html><body>Sign in to the guest network</body></html>")
STRANGE = (
    Strange("a login page", lambda _: PAGE, C.NOT_A_BOX, BoxState.FAILED),
    Strange("a redirect", lambda _: html("", HTTPStatus.FOUND), C.NOT_A_BOX, BoxState.FAILED),
    Strange("an unknown generation", all_but_hello, C.UNSUPPORTED_LAYOUT, BoxState.UNSUPPORTED),
    Strange("HTML for its status", only(STATUS, PAGE), C.STATUS_PAGE_FAILS, BoxState.DIFFERS),
    Strange("500 for its status", only(STATUS, html("oops", 500)), C.STATUS_PAGE_FAILS, BoxState.DIFFERS),
    Strange("JSON of something else", only(STATUS, html('{"a": 1}')), C.STATUS_PAGE_FAILS, BoxState.DIFFERS),
)


@pytest.mark.parametrize("mode", [Mode.CHECK, Mode.RECONCILE])
@pytest.mark.parametrize("strange", STRANGE, ids=[each.title for each in STRANGE])
def test_what_answers_strangely_is_told_and_left_alone(strange: Strange, mode: Mode, ca: TestAuthority) -> None:
    box = linux("ro_ini", ca)
    box.heal()
    box.asked.clear()
    box.between = strange.between
    result = box.visit(mode)
    assert codes(result) == [strange.code]
    assert state_of(result, result.after) is strange.state
    assert (written(box), result.changed) == ([], False)


def test_a_box_that_is_off_is_unreachable(ca: TestAuthority) -> None:
    box = linux("rw_ini", ca)
    box.box.odoo.listening = False
    result = box.visit(Mode.RECONCILE)
    assert codes(result) == [C.HOMEPAGE_SILENT]
    assert state_of(result, result.after) is BoxState.UNREACHABLE


@pytest.mark.parametrize("kind", ["ro_flat", "ro_ini", "rw_ini"])
def test_another_box_than_the_inventory_says_gets_nothing(kind: str, ca: TestAuthority) -> None:
    box = linux(kind, ca)
    result = box.visit(Mode.RECONCILE, box.desired(serial="b8:27:eb:00:00:01" if kind != "rw_ini" else "1000"))
    assert (codes(result), result.plan, written(box)) == ([C.WRONG_BOX], (), [])


def test_a_serial_number_is_not_compared_with_a_mac_address(ca: TestAuthority) -> None:
    box = linux("ro_ini", ca)
    (found,) = box.visit(Mode.RECONCILE, box.desired(serial="10000000a1b2c3d4")).after
    assert found.variant is Variant.SHOWS_MAC
    assert box.serial in found.evidence


@pytest.mark.parametrize("kind", ["ro_flat", "ro_ini", "rw_ini"])
def test_a_box_of_somebody_elses_database_gets_nothing(kind: str, ca: TestAuthority) -> None:
    box = linux(kind, ca)
    box.heal()
    stranger_links(box, "https://stranger.example")
    box.asked.clear()
    result = box.visit(Mode.RECONCILE)
    assert (codes(result), written(box)) == ([C.LINKED_ELSEWHERE], [])


OTHERS = {
    Mark.SERVER: Others(servers=frozenset({server_digest("https://stranger.example")})),
    Mark.DATABASE: Others(databases=frozenset({database_digest(Secret("99999999-2222-3333-4444-555555555555"))})),
}


@pytest.mark.parametrize("mark", OTHERS, ids=str)
@pytest.mark.parametrize("kind", ["ro_flat", "ro_ini", "rw_ini"])
def test_what_only_the_control_machine_can_judge_waits_for_a_second_visit(
    kind: str, mark: Mark, ca: TestAuthority
) -> None:
    box = linux(kind, ca)
    box.heal()
    others, directory = OTHERS[mark], Directory()
    wanted = box.desired(
        server_url=None, token=None, db_uuid=None, compared=others.compared, enterprise_code=Secret("X")
    )
    stranger_links(box, "https://stranger.example")
    box.asked.clear()
    first = box.visit(Mode.RECONCILE, wanted)
    assert (first.awaits_judgement, written(box)) == (True, [])
    request = Request(desired=wanted, mode=Mode.RECONCILE)
    assert second_request(request, first, directory, others) is None
    judged = directory.judged(request, others, first)
    assert codes(judged) == [C.LINKED_ELSEWHERE]

    mine = second_request(request, first, directory, Others())
    assert mine is not None
    second = box.visit(Mode.RECONCILE, wanted, judged=mine.judged)
    assert not second.awaits_judgement
    assert second.changed


def test_two_boxes_with_one_identifier_are_told_apart_by_who_has_it_pinned(ca: TestAuthority) -> None:
    box = linux("rw_ini", ca)
    others = Others(serials=frozenset({serial_digest(box.serial)}))
    wanted = box.desired(compared=others.compared)
    first = box.visit(Mode.RECONCILE, wanted)
    assert (first.awaits_judgement, written(box)) == (True, [])
    judged = Directory().judged(Request(desired=wanted, mode=Mode.RECONCILE), others, first)
    assert codes(judged) == [C.WRONG_BOX]


def test_a_look_that_may_not_ask_shows_nothing_to_be_judged(ca: TestAuthority) -> None:
    box = linux("ro_ini", ca)
    looked = box.visit(Mode.CHECK)
    assert looked.marks is None
    request = Request(desired=box.desired(), mode=Mode.RECONCILE)
    assert allowed(request, looked, Directory(), Others()) is None  # so that the visit itself is judged
    assert looked.observed is not None
    assert Part.IDENTITY in looked.observed.unseen


@pytest.mark.parametrize("kind", ["ro_flat", "ro_ini", "rw_ini"])
def test_a_database_that_was_refused_is_not_asked_for_again(kind: str, ca: TestAuthority) -> None:
    box = linux(kind, ca)
    refusal = Refusal(code=C.LOAD_REQUEST_NO_RESULT, seen=(say("refused", reason="no"),))
    asked = box.authority.count
    result = box.visit(Mode.RECONCILE, refusal=refusal)
    if kind != "rw_ini":  # which merely reads, so that it could be linked; it asks over that by itself
        assert (box.authority.count, written(box), result.changed) == (asked, [], False)
    assert C.LOAD_REQUEST_NO_RESULT in codes(result)


@pytest.mark.parametrize(
    ("kind", "mode", "code"),
    [
        ("ro_flat", "refuse", C.LOAD_REQUEST_NO_RESULT),
        ("ro_ini", "refuse", C.LOAD_REQUEST_NO_RESULT),
        ("ro_ini", 404, C.LOAD_REQUEST_STATUS),
        ("ro_ini", "error", C.NATIVE_RENEWAL_FAILED),
        ("ro_ini_18", "garbage", C.NATIVE_RENEWAL_FAILED),
        ("rw_ini", "refuse", C.NATIVE_RENEWAL_FAILED),
        ("rw_newest", 503, C.NATIVE_RENEWAL_FAILED),
    ],
)
def test_what_the_boxs_own_software_says_of_its_question_is_told(
    kind: str, mode: str | int, code: CodeName, ca: TestAuthority
) -> None:
    box = linux(kind, ca)
    box.authority.mode = mode  # type: ignore[assignment]
    result = box.visit(Mode.RECONCILE)
    assert code in codes(result)
    assert result.failed
    fetched = [each for each in result.outcomes if each.status is RepairStatus.FAILED]
    assert fetched
    assert not any(each.status is RepairStatus.FAILED for each in box.visit(Mode.CHECK).outcomes)
    # the link stands, and a later run completes it
    box.authority.mode = "ok"
    later = box.visit(Mode.RECONCILE)
    assert codes(later) == []


def test_a_link_is_not_made_up_without_a_token(ca: TestAuthority) -> None:
    box = linux("rw_ini", ca)
    wanted = box.desired(token=None)
    result = box.visit(Mode.RECONCILE, wanted)
    (found,) = [each for each in result.after if each.code is C.CHECK_NO_SERVER]
    assert (found.variant, found.repairable) == (Variant.NEEDS_TOKEN, False)
    assert not any("connect" in path for path in box.asked)


def test_a_certificate_that_is_nearly_due_is_not_proof_that_reading_does_nothing(ca: TestAuthority) -> None:
    box = linux("ro_ini", ca)
    box.heal()
    box.box.clock.advance(79 * 86400)  # 11 days are left of 90
    box.asked.clear()
    seen = _observed(box.visit())
    assert STATUS not in box.asked
    assert Part.STORE_SERVER_URL in seen.unseen


def test_a_clock_that_is_off_is_told_and_keeps_the_status_unread(ca: TestAuthority) -> None:
    box = linux("ro_ini", ca)
    box.heal()
    box.box.clock.skew = -4000.0
    box.asked.clear()
    result = box.visit()
    (found,) = result.after
    assert (found.code, found.variant) == (C.WRONG_CLOCK, Variant.BY_HOMEPAGE)
    assert STATUS not in box.asked


def test_windows_shows_neither_mirror_nor_linux(ca: TestAuthority) -> None:
    box = windows("19.0", ca)
    seen = _observed(box.visit())
    assert Part.CERTIFICATES_MIRROR not in seen.unseen
    assert seen.layout.bypass is None


def _observed(result: Result) -> Observed:
    assert result.observed is not None
    return result.observed
