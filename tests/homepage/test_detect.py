"""A generation is found by routes that do nothing, and everything else is refused in one sentence."""

from __future__ import annotations

import pytest

from iotbox_simulator.boxes.arrange import small_world
from iotbox_simulator.boxes.windows import WINDOWS_IMAGES, WindowsBox, WindowsSpec
from iotbox_simulator.machine.authority import AuthorityModel
from reconciler.codes.writing.sentences import line
from reconciler.homepage.answer import NoAnswer, NotABox
from reconciler.homepage.detect import detect
from reconciler.homepage.dialect import DIALECTS, Dialect
from reconciler.homepage.status import BoxSystem, parse_data

from ..simulator.homepage.boxes import CA, CREDENTIALS, DB_UUID, LINK
from .served import GENERATIONS, Pages, generation, homepage, recorded, with_box, with_pages

HELLO = {"GET /hw_proxy/hello": (200, b"ping")}
PONG = (200, recorded("17.0-late/ping.json"))
LINKED = {**LINK, **CREDENTIALS}
OF_15: Pages = {
    **HELLO,
    "GET /list_credential": (200, recorded("15.0/list_credential.html")),
    "GET /hw_proxy/get_version": (200, recorded("15.0/get_version.txt")),
}
OF_17: Pages = {
    **HELLO,
    "GET /hw_posbox_homepage/ping": PONG,
    "GET /hw_proxy/get_version": (200, recorded("17.0-late/get_version.txt")),
}
OF_19: Pages = {**HELLO, "GET /iot_drivers/ping": PONG, "GET /iot_drivers/data": (200, recorded("19.0/data_ok.json"))}
RECORDED = {
    "15.0": (OF_15, Dialect.FLAT_15, "21.10"),
    "17.0 late": (OF_17, Dialect.OWL, "L24.10"),
    "19.0": (OF_19, Dialect.NEWEST, "L25.07"),
}
PORTAL = b"<html><head><title>Guest Wi-Fi</title></head><body><form action='/login'></form></body></html>"
NO_BOX: dict[str, tuple[Pages, str]] = {
    "a web server": ({}, "/hw_proxy/hello answers 404"),
    "a login page at every path": (
        {"GET /hw_proxy/hello": (200, PORTAL)},
        "what answers is not the homepage of a box",
    ),
    "an error at every path": ({"GET /hw_proxy/hello": (500, PORTAL)}, "/hw_proxy/hello answers 500"),
    "a generation never seen": (HELLO, "the homepage is of a generation that is not known"),
    "a homepage with a login page for the rest": (
        {**HELLO, "GET /list_credential": (200, PORTAL), "GET /iot_drivers/ping": (200, PORTAL)},
        "the homepage is of a generation that is not known",
    ),
    "a ping that is no pong": (
        {**HELLO, "GET /iot_drivers/ping": (200, b'{"message": "ping"}')},
        "the homepage is of a generation that is not known",
    ),
}


@pytest.mark.parametrize("name", RECORDED)
def test_recorded_answers_tell_the_generation(name: str) -> None:
    pages, dialect, version = RECORDED[name]
    with homepage(with_pages(pages)) as (page, _):
        seen = detect(page)
    assert (seen.dialect, seen.system, seen.image_version) == (dialect, BoxSystem.LINUX, version)
    assert seen.date is not None


@pytest.mark.parametrize("name", GENERATIONS)
def test_each_generation_is_found_without_an_effect(name: str) -> None:
    made, entry = generation(name, LINKED)
    with homepage(with_box(made.box)) as (page, served):
        seen = detect(page)
    assert seen.entry in {entry, DIALECTS[Dialect.OWL]}
    assert seen.dialect is (Dialect.OWL if name == "saas-18.3" else GENERATIONS[name][2])
    assert made.authority.requests == []
    assert {request.split(b" ", 1)[0] for request in served.requests} == {b"GET"}


@pytest.mark.parametrize("name", [name for name in GENERATIONS if not GENERATIONS[name][2].startswith("flat")])
def test_the_status_of_a_simulated_box_tells_its_generation(name: str) -> None:
    made, entry = generation(name, LINKED)
    with homepage(with_box(made.box)) as (page, _):
        status = parse_data(page.get(entry.status.path), entry.status.path)
    assert (status.dialect, status.server, status.db_uuid) == (GENERATIONS[name][2], "https://db.example", DB_UUID)
    assert made.authority.count == (0 if entry.status.reads else 1)


@pytest.mark.parametrize("branch", WINDOWS_IMAGES)
def test_a_windows_box_is_told_from_a_linux_one(branch: str) -> None:
    box = WindowsBox(WindowsSpec(branch=branch), small_world(CA, AuthorityModel(CA)))
    with homepage(with_box(box)) as (page, _):
        seen = detect(page)
    assert seen.is_windows
    expected = {"16.0": Dialect.FLAT_16, "19.0": Dialect.NEWEST}
    assert seen.dialect is expected.get(branch, Dialect.OWL)


@pytest.mark.parametrize("name", NO_BOX)
def test_what_is_no_box_is_refused_in_one_sentence(name: str) -> None:
    pages, sentence = NO_BOX[name]
    with homepage(with_pages(pages)) as (page, _), pytest.raises(NotABox) as refused:
        detect(page)
    assert line([refused.value.statement], {}) == sentence


def test_a_status_that_fails_leaves_the_generation_known() -> None:
    pages = {**OF_19, "GET /iot_drivers/data": (500, recorded("17.0-late/data_null.html"))}
    with homepage(with_pages(pages)) as (page, _):
        seen = detect(page)
    assert (seen.dialect, seen.system, seen.status) == (Dialect.NEWEST, BoxSystem.UNKNOWN, None)
    assert isinstance(seen.no_status, NoAnswer)


def test_a_box_of_15_0_does_not_know_the_route_for_a_password() -> None:
    pages = {**OF_15, "GET /hw_posbox_homepage/password": (405, b"")}
    with homepage(with_pages(pages)) as (page, _):
        assert detect(page).dialect is Dialect.FLAT_16
