"""The log level of a box is raised by the vendor's own page, put back, and never at the price of its configuration."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import cast

import pytest

from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.recorder import Killed
from iotbox_simulator.machine.spec import LayoutKind
from reconciler.box.errand import bring
from reconciler.box.log_level import NOTE
from reconciler.codes.phrases.support import SUPPORT
from reconciler.codes.writing.sentences import line
from reconciler.model.errand import Brought, Errand, ErrandKind, LogLevel

from ..support.runs import DESIRED, managed, reconcile

CONF = "/home/pi/odoo.conf"
WITH_PAGE = pytest.mark.parametrize("kind", ["ro_ini", "rw_ini", "rw_newest"])


def errand(box: SimulatedBox, kind: ErrandKind, minutes: float = 5.0, **how: object) -> Brought:
    level = LogLevel.DEBUG if kind is ErrandKind.RAISE_LOG_LEVEL else None
    until = box.now() + timedelta(minutes=minutes)
    asked = Errand(errand=kind, desired=DESIRED, level=level, until=until, **how)  # type: ignore[arg-type]
    try:
        return bring(box, asked)[0]
    finally:
        box.kill()


def raised(box: SimulatedBox, minutes: float = 5.0) -> Brought:
    return errand(box, ErrandKind.RAISE_LOG_LEVEL, minutes)


def put_back(box: SimulatedBox) -> Brought:
    return errand(box, ErrandKind.PUT_BACK_LOG_LEVEL)


def level(box: SimulatedBox) -> str:
    prefix = "hw_posbox_homepage" if box.spec.kind == "ro_ini" else "iot_drivers"
    told = json.loads(box.get(f"http://127.0.0.1:8069/{prefix}/log_levels", 5.0, 1 << 16).body)
    return cast("str", told["odoo_current_log_level"])


def link(box: SimulatedBox) -> str:
    lines = box.host.read(CONF).decode().partition("[iot.box]")[2].split("\n")
    return "\n".join(each for each in lines if each and not each.startswith("log_level"))


def words(brought: Brought) -> str:
    return line(brought.seen, SUPPORT)


@WITH_PAGE
def test_a_level_is_raised_and_put_back(kind: LayoutKind) -> None:
    box = managed(kind).box
    before, kept = level(box), link(box)

    up = raised(box)
    assert (up.done, level(box)) == (True, "debug"), words(up)
    assert f"(it was {before})" in words(up)
    down = put_back(box)

    assert (down.done, level(box)) == (True, before), words(down)
    assert link(box) == kept
    assert put_back(box).done
    assert "no log level" in words(put_back(box))


@WITH_PAGE
def test_the_web_servers_own_level_comes_back_as_well(kind: LayoutKind) -> None:
    box = managed(kind).box
    before = {each for each in box.odoo.levels.handlers if each.startswith("werkzeug")}

    raised(box)
    put_back(box)

    after = {each for each in box.odoo.levels.handlers if each.startswith("werkzeug")}
    assert after in (before, {"werkzeug:WARNING"})


def test_the_oldest_branches_are_left_alone() -> None:
    box = managed("ro_flat").box

    up = raised(box)

    assert not up.done
    assert "set it on the box's homepage" in words(up)


def test_what_was_edited_since_the_start_is_not_undone() -> None:
    box = managed("ro_ini").box
    box.clock.advance(60)
    edited = box.host.read(CONF).decode().replace("subject = ", "wifi_ssid = shop\nsubject = ")
    box.storage.make_writable()
    box.host.write(CONF, edited.encode())

    up = raised(box)

    assert not up.done
    assert "was changed since Odoo read it" in words(up)
    assert box.host.read(CONF).decode() == edited
    assert level(box) == "warning"


def test_a_level_is_not_put_back_over_what_was_edited_meanwhile() -> None:
    box = managed("ro_ini").box
    raised(box)
    box.clock.advance(60)
    edited = box.host.read(CONF) + b"wifi_ssid = shop\n"
    box.storage.make_writable()
    box.host.write(CONF, edited)

    down = put_back(box)

    assert not down.done
    assert "the log level is still debug" in words(down)
    assert box.host.read(CONF) == edited


def test_what_the_page_undid_all_the_same_is_written_back() -> None:
    box = managed("ro_ini").box
    box.odoo.store.started_with = box.odoo.store.started_with.replace("https://db.example", "https://old.example")

    up = raised(box)

    assert not up.done
    assert "wrote other values of server_url" in words(up)
    assert "remote_server = https://db.example" in link(box)


@WITH_PAGE
def test_a_run_that_was_killed_anywhere_is_completed_by_the_next(kind: LayoutKind) -> None:
    original = managed(kind).box
    before = level(original)
    points = 0
    while True:
        box = managed(kind).box
        box.recorder.new_process()
        box.recorder.kill_at(points + 1)
        try:
            raised(box)
        except Killed:
            points += 1
        else:
            break
        down = put_back(box)
        assert down.done, words(down)
        assert level(box) == before
    assert points > 3


@WITH_PAGE
def test_a_reconcile_puts_back_what_is_overdue(kind: LayoutKind) -> None:
    box = managed(kind).box
    before = level(box)
    raised(box, minutes=5)

    reconcile(box)
    assert level(box) == "debug"
    box.clock.advance(600)
    result = reconcile(box)

    assert level(box) == before
    assert result.changed
    with pytest.raises(FileNotFoundError):
        box.host.read(NOTE)


def test_a_box_that_forgot_is_told_by_the_control_machine() -> None:
    box = managed("rw_ini").box
    before = level(box)
    up = raised(box)
    box.host.remove(NOTE)

    down = errand(box, ErrandKind.PUT_BACK_LOG_LEVEL, before=up.before)

    assert (down.done, level(box)) == (True, before), words(down)


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"<html>",
        b"[]",
        b'{"odoo_current_log_level": "loud"}',
        b'{"odoo_current_log_level": ["debug"]}',
        b"[" * 9000,
    ],
)
def test_a_page_that_answers_nonsense_changes_nothing(answer: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    from reconciler.net.replies import HttpReply

    box = managed("rw_ini").box
    kept = box.host.read(CONF)
    real = type(box).get

    def get(self: SimulatedBox, url: str, timeout: float, limit: int) -> HttpReply:
        return HttpReply(200, "OK", answer, True) if "log_levels" in url else real(self, url, timeout, limit)

    monkeypatch.setattr(type(box), "get", get)
    up = raised(box)

    assert not up.done
    assert "Odoo on the box answers" in words(up)
    assert box.host.read(CONF) == kept
