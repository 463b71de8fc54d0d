"""What may be asked of a box, in the dialect of each generation, against simulated boxes and recorded answers."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest

from iotbox_simulator.boxes.arrange import small_world
from iotbox_simulator.boxes.windows import WINDOWS_IMAGES, WindowsBox, WindowsSpec
from iotbox_simulator.machine.authority import AuthorityModel
from iotbox_simulator.machine.log_levels import LogLevels
from reconciler.codes.writing.sentences import line
from reconciler.homepage.answer import NoAnswer, PageAnswer
from reconciler.homepage.detect import detect
from reconciler.homepage.dialect import DIALECTS, Dialect, LinkForm, Manner, PageRoute
from reconciler.homepage.levels import parse_log_levels
from reconciler.homepage.orders import PageOrder, carry_out, link, log_level, new_password, save_credentials
from reconciler.model.secret import Secret

from ..simulator.homepage.boxes import CA, CREDENTIALS, LINK
from .served import GENERATIONS, generation, homepage, recorded, with_box, with_pages

UUID = "22222222-3333-4444-5555-666666666666"
CANARY = "canary-5eCr3t"
ODD = "a%b%%c&d=e+f g\N{LATIN SMALL LETTER E WITH ACUTE}#?/"
"""What a token may hold, and what percent signs, forms and URLs would change."""


def values(box: object) -> Mapping[str, str | None]:
    store = box.odoo.store  # type: ignore[attr-defined]
    return {name: store.get(name) for name in ("remote_server", "token", "db_uuid", "enterprise_code")}


@pytest.mark.parametrize("name", GENERATIONS)
def test_a_link_arrives_as_it_was_sent(name: str) -> None:
    made, entry = generation(name)
    order = link(
        entry,
        "https://new.example",
        token=Secret(ODD),
        db_uuid=UUID,
        enterprise_code=Secret("M%1"),
        db_name="new",
    )
    with homepage(with_box(made.box)) as (page, _):
        carry_out(page, order)
    made.box.sleep(10)
    assert values(made.box) == {
        "remote_server": "https://new.example",
        "token": ODD,
        "db_uuid": UUID,
        "enterprise_code": "M%1",
    }


@pytest.mark.parametrize("name", GENERATIONS)
def test_credentials_arrive_as_they_were_sent(name: str) -> None:
    made, entry = generation(name, {**LINK, **CREDENTIALS})
    with homepage(with_box(made.box)) as (page, _):
        carry_out(page, save_credentials(entry, UUID, Secret("M%%1")))
    made.box.sleep(10)
    assert values(made.box) == {**LINK, "db_uuid": UUID, "enterprise_code": "M%%1"}


@pytest.mark.parametrize("name", GENERATIONS)
def test_a_link_is_taken_back(name: str) -> None:
    made, entry = generation(name, {**LINK, **CREDENTIALS})
    with homepage(with_box(made.box)) as (page, _):
        carry_out(page, PageOrder(entry.unlink))
    made.box.sleep(10)
    assert not values(made.box)["remote_server"]


@pytest.mark.parametrize("name", [name for name in GENERATIONS if name != "15.0"])
def test_a_restart_is_one(name: str) -> None:
    made, entry = generation(name)
    restart = entry.restart
    assert restart is not None
    before = made.box.odoo.started_at
    with homepage(with_box(made.box)) as (page, _):
        carry_out(page, PageOrder(restart))
    made.box.sleep(10)
    assert made.box.odoo.started_at > before


@pytest.mark.parametrize("name", GENERATIONS)
def test_a_password_is_asked_for_where_there_is_a_route(name: str) -> None:
    made, entry = generation(name)
    with homepage(with_box(made.box)) as (page, _):
        found = new_password(page, entry)
    assert found == (None if name == "15.0" else Secret(made.box.vendor.password or ""))


def test_a_windows_box_has_no_password_to_give() -> None:
    box = WindowsBox(WindowsSpec(branch="19.0"), small_world(CA, AuthorityModel(CA)))
    with homepage(with_box(box)) as (page, _), pytest.raises(NoAnswer) as problem:
        new_password(page, DIALECTS[Dialect.NEWEST])
    assert line([problem.value.statement], {}) == "/iot_drivers/generate_password answers 404"


def test_a_value_with_a_bar_goes_only_where_tokens_are_urls() -> None:
    for dialect, entry in DIALECTS.items():
        if LinkForm.URL in entry.link_forms:
            link(entry, "https://new.example", token=Secret("a|b"), db_uuid=UUID, enterprise_code=None)
            continue
        with pytest.raises(NoAnswer) as problem:
            link(entry, "https://new.example", token=Secret("a|b"), db_uuid=UUID, enterprise_code=None)
        assert not problem.value.sent, dialect


FAILED = {
    "recorded failure": ("19.0/connect_invalid.json", "the box answers to {}: Invalid URL provided."),
    "recorded error": (
        "19.0/save_credential_missing_param.json",
        (
            "the box answers to {}: IotBoxOwlHomePage.save_credential() missing 1 required positional argument: "
            "'enterprise_code'"
        ),
    ),
}


@pytest.mark.parametrize("name", FAILED)
def test_a_failure_is_told_in_the_boxs_words(name: str) -> None:
    file, words = FAILED[name]
    route = PageRoute("/iot_drivers/save_credential", Manner.RPC)
    pages = {f"POST {route.path}": (200, recorded(file))}
    with homepage(with_pages(pages)) as (page, _), pytest.raises(NoAnswer) as problem:
        carry_out(page, PageOrder(route))
    assert line([problem.value.statement], {}) == words.format(route.path)
    assert problem.value.sent


@pytest.mark.parametrize("key", ["message", "data"])
def test_a_secret_that_a_box_repeats_is_masked(key: str) -> None:
    said = f"unexpected keyword {CANARY} in https://new.example?token={CANARY}"
    error = {"message": said} if key == "message" else {"message": "x", "data": {"message": said}}
    order = link(
        DIALECTS[Dialect.NEWEST],
        "https://new.example",
        token=Secret(CANARY),
        db_uuid=UUID,
        enterprise_code=Secret("M210101"),
    )
    body = json.dumps({"jsonrpc": "2.0", "error": error}).encode()
    with (
        homepage(with_pages({f"POST {order.route.path}": (200, body)})) as (page, _),
        pytest.raises(NoAnswer) as problem,
    ):
        carry_out(page, order)
    assert CANARY not in line([problem.value.statement], {}) + repr(problem.value.statement) + repr(order)


NO_RESULTS: dict[str, bytes] = {
    "HTML": b"<html>Log in</html>",
    "nothing": b"",
    "no result": b'{"jsonrpc": "2.0"}',
    "a list": b"[1]",
    "a failure without words": b'{"result": {"status": "failure"}}',
}


@pytest.mark.parametrize("name", NO_RESULTS)
def test_an_answer_that_does_not_say_done_is_none(name: str) -> None:
    order = save_credentials(DIALECTS[Dialect.NEWEST], UUID, None)
    pages = {f"POST {order.route.path}": (200, NO_RESULTS[name])}
    with homepage(with_pages(pages)) as (page, _), pytest.raises(NoAnswer) as problem:
        carry_out(page, order)
    assert problem.value.sent


@pytest.mark.parametrize("password", ["", "x" * 200, 12, None, "a\nb", ["x"]])
def test_a_password_that_is_none_is_refused(password: object) -> None:
    entry = DIALECTS[Dialect.NEWEST]
    assert entry.password is not None
    body = json.dumps({"result": {"password": password}}).encode()
    with homepage(with_pages({f"POST {entry.password.path}": (200, body)})) as (page, _), pytest.raises(NoAnswer):
        new_password(page, entry)


@pytest.mark.parametrize("name", [name for name in GENERATIONS if name != "15.0"])
def test_a_level_of_the_log_is_shown_and_set(name: str) -> None:
    made, entry = generation(name, {**LINK, **CREDENTIALS})
    assert entry.log_levels is not None
    order = log_level(entry, "odoo", "debug")
    assert order is not None
    with homepage(with_box(made.box)) as (page, _):
        before = parse_log_levels(entry, page.get(entry.log_levels.path), entry.log_levels.path)
        carry_out(page, order)
        after = parse_log_levels(entry, page.get(entry.log_levels.path), entry.log_levels.path)
    assert (before.odoo, after.odoo, after.root) == (before.root, "debug", before.root)


@pytest.mark.parametrize("name", GENERATIONS)
def test_a_log_holds_what_was_logged_and_no_secret_that_was_sent(name: str) -> None:
    made, entry = generation(name, {**LINK, **CREDENTIALS})
    made.box.odoo.levels = LogLevels.of(":DEBUG")
    made.box.odoo.log("WARNING", "odoo.test", "seen from outside")
    with homepage(with_box(made.box)) as (page, _):
        carry_out(
            page,
            link(entry, "https://new.example", token=Secret(CANARY), db_uuid=UUID, enterprise_code=Secret(CANARY)),
        )
        log = b"".join(page.log(entry.logs.path))
    assert b"seen from outside" in log
    assert b"POST" in log
    assert CANARY.encode() not in log


@pytest.mark.parametrize("branch", WINDOWS_IMAGES)
def test_the_log_of_a_windows_box_has_a_route_of_its_own(branch: str) -> None:
    box = WindowsBox(WindowsSpec(branch=branch), small_world(CA, AuthorityModel(CA)))
    box.odoo.log("WARNING", "odoo.test", "seen from outside")
    with homepage(with_box(box)) as (page, _):
        route = detect(page).entry.logs_windows
        assert b"seen from outside" in b"".join(page.log(route.path))


STRANGE_LEVELS: dict[str, bytes] = {
    "HTML": b"<html>Log in</html>",
    "no level": b'{"root_logger_log_level": "info"}',
    "a level that is none": b'{"root_logger_log_level": "info", "odoo_current_log_level": "{{ x }}"}',
    "a level that is a list": b'{"root_logger_log_level": "info", "odoo_current_log_level": ["info"]}',
}


@pytest.mark.parametrize("name", STRANGE_LEVELS)
@pytest.mark.parametrize("dialect", [Dialect.FLAT_16, Dialect.NEWEST])
def test_what_shows_no_level_is_refused(name: str, dialect: Dialect) -> None:
    with pytest.raises(NoAnswer):
        parse_log_levels(DIALECTS[dialect], PageAnswer(200, STRANGE_LEVELS[name]), "/levels")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_row_is_whole(dialect: Dialect) -> None:
    entry = DIALECTS[dialect]
    assert entry.is_flat == (dialect in {Dialect.FLAT_15, Dialect.FLAT_16})
    assert not any(each.reads for each in (entry.link, entry.unlink, entry.save_credentials, entry.clear_credentials))
    assert entry.status.reads == (dialect in {Dialect.OWL_18_3, Dialect.NEWEST})
    assert (log_level(entry, "odoo", "debug") is None) == (dialect is Dialect.FLAT_15)
