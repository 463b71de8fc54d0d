"""Levels of the log: what a page shows, what changing one writes, and what is logged then."""

from __future__ import annotations

import configparser
import json
from typing import Any

import pytest

from iotbox_simulator.boxes.arrange import small_world
from iotbox_simulator.boxes.windows import WindowsBox, WindowsSpec
from iotbox_simulator.homepage import ports
from iotbox_simulator.machine.authority import AuthorityModel
from iotbox_simulator.machine.image import FLAT_OPTIONS, INI, LOG
from iotbox_simulator.machine.log_levels import LogLevels
from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.machine.web import HOMEPAGE_PORT, WebRequest
from iotbox_simulator.vendor_facts.options import OPTIONS

from .boxes import CA, CREDENTIALS, LINK, Lab, ask, call, lab

ALL = {**LINK, **CREDENTIALS}
WITH_JSON: list[LayoutKind] = ["ro_ini", "ro_ini_18", "rw_ini", "rw_newest"]
FORM = {"content-type": "application/x-www-form-urlencoded"}


def prefix(made: Lab) -> str:
    return f"/{made.box.spec.image.code.homepage}"


def levels(made: Lab) -> tuple[str, str]:
    shown: dict[str, Any] = json.loads(made.get(f"{prefix(made)}/log_levels").body)
    return shown["root_logger_log_level"], shown["odoo_current_log_level"]


def set_level(made: Lab, name: str, value: str) -> dict[str, Any]:
    answer: dict[str, Any] = made.call(f"{prefix(made)}/log_levels_update", name=name, value=value)["result"]
    return answer


def ini(made: Lab) -> configparser.RawConfigParser:
    parser = configparser.RawConfigParser()
    parser.read_string(made.box.host.read(INI).decode())
    return parser


@pytest.mark.parametrize(
    ("kind", "usual"),
    [
        ("ro_ini", ("warning", "warning")),
        ("ro_ini_18", ("warning", "warning")),
        ("rw_ini", ("info", "info")),
        ("rw_newest", ("info", "info")),
    ],
)
def test_levels_are_those_of_the_branch_until_one_is_set(kind: LayoutKind, usual: tuple[str, str]) -> None:
    made = lab(kind, ALL, tends=False)
    assert levels(made) == usual
    assert set_level(made, "iot-logging-odoo", "debug") == {"status": "success", "message": "Logger level updated"}
    assert levels(made) == (usual[0], "debug")


@pytest.mark.parametrize("kind", WITH_JSON)
def test_a_level_outlives_a_restart(kind: LayoutKind) -> None:
    made = lab(kind, ALL, tends=False)
    set_level(made, "iot-logging-odoo", "debug")
    made.box.vendor.restarts()
    made.box.sleep(5)
    assert levels(made)[1] == "debug"


@pytest.mark.parametrize("kind", WITH_JSON)
def test_requests_are_logged_from_then_on(kind: LayoutKind) -> None:
    made = lab(kind, ALL, tends=False)
    made.get("/hw_proxy/hello?before")
    set_level(made, "iot-logging-odoo", "debug")
    made.get("/hw_proxy/hello?after")
    log = made.box.host.read(LOG).decode()
    assert "hello?before" not in log
    assert '"GET /hw_proxy/hello?after HTTP/1.1" 200 -' in log


def test_late_17_0_writes_all_options_and_the_link_as_it_was_at_its_start() -> None:
    made = lab("ro_ini", ALL, tends=False)
    made.box.vendor.restarts()
    made.box.sleep(5)
    made.box.vendor.saves("db_uuid", "another")
    assert ini(made)["iot.box"]["db_uuid"] == "another"
    set_level(made, "iot-logging-odoo", "debug")
    written = ini(made)
    assert written["iot.box"]["db_uuid"] == ALL["db_uuid"]
    assert len(written["options"]) == len(OPTIONS)
    assert written["options"]["log_handler"] == ":WARNING,odoo:DEBUG,werkzeug:INFO"
    assert not made.box.storage.host.at("/").writable


@pytest.mark.parametrize("kind", ["ro_ini_18", "rw_ini"])
def test_later_code_writes_one_option_and_leaves_the_rest(kind: LayoutKind) -> None:
    made = lab(kind, ALL, tends=False)
    before = ini(made)
    set_level(made, "iot-logging-odoo", "debug")
    after = ini(made)
    assert dict(after["iot.box"]) == dict(before["iot.box"])
    assert set(after["options"]) - set(before["options"]) == {"log_level_reset_timestamp"}
    assert "odoo:DEBUG" in after["options"]["log_handler"]


@pytest.mark.parametrize(
    ("name", "value"), [("iot-logging-odoo", "loud"), ("log-to-server", "1"), ("iot-logging-x", "debug")]
)
def test_what_is_no_level_changes_nothing_and_is_a_success(name: str, value: str) -> None:
    made = lab("rw_ini", ALL, tends=False)
    before = made.box.host.read(INI)
    assert set_level(made, name, value)["status"] == "success"
    assert made.box.host.read(INI) == before


def test_another_name_is_an_error() -> None:
    assert set_level(lab("rw_ini"), "odoo", "debug") == {"status": "error", "message": "Invalid logger name"}


def test_a_level_that_is_there_already_writes_nothing() -> None:
    made = lab("rw_ini", ALL, tends=False)
    set_level(made, "iot-logging-odoo", "debug")
    before = made.box.host.read(INI)
    made.box.sleep(60)
    set_level(made, "iot-logging-odoo", "debug")
    assert made.box.host.read(INI) == before


def test_the_page_of_16_0_shows_and_sets_them_and_writes_its_own_file() -> None:
    made = lab("ro_flat", ALL, tends=False)
    assert b'name="iot-logging-odoo"' in made.get("/list_handlers").body
    reply = ports.answer(made.box, HOMEPAGE_PORT, WebRequest("POST", "/list_handlers", FORM, b"iot-logging-odoo=debug"))
    assert reply.status == 200
    assert b'value="debug" selected' in reply.body
    written = made.box.host.read(FLAT_OPTIONS).decode()
    assert "log_handler = :WARNING,odoo:DEBUG,werkzeug:INFO\n" in written
    assert made.box.odoo.store.get("db_uuid") == ALL["db_uuid"]


def test_15_0_has_no_levels_to_choose() -> None:
    made = lab("ro_oldest")
    assert made.get("/list_handlers").status == 200
    assert b"iot-logging" not in made.get("/list_handlers").body


@pytest.mark.parametrize(("branch", "json_status"), [("17.0", 500), ("18.0", 500), ("19.0", 200)])
def test_the_log_of_a_windows_box(branch: str, json_status: int) -> None:
    box = WindowsBox(WindowsSpec(branch=branch), small_world(CA, AuthorityModel(CA)))
    box.odoo.log("WARNING", "odoo.test", "seen from outside")
    base = f"/{box.odoo.image.code.homepage}"
    assert ask(box, "GET", f"{base}/iot_logs").status == json_status
    download = "/iot_drivers/download_logs" if branch == "19.0" else "/hw_drivers/download_logs"
    assert b"seen from outside" in ask(box, "GET", download).body
    assert call(box, f"{base}/log_levels_update", {"name": "iot-logging-odoo", "value": "debug"}).status == 200
    assert box.odoo.levels.of_logger("odoo") == "DEBUG"


@pytest.mark.parametrize(
    ("option", "logger", "level"),
    [
        (":INFO,werkzeug:WARNING", "odoo.addons.x", "INFO"),
        (":INFO,werkzeug:WARNING", "werkzeug", "WARNING"),
        (":INFO,odoo:ERROR,odoo.addons:DEBUG", "odoo.addons.x", "DEBUG"),
        (":INFO,odoo:ERROR", "odoo", "ERROR"),
        ("", "odoo", "WARNING"),
        (":NOISY", "odoo", "WARNING"),
        (":INFO,:ERROR", "odoo", "ERROR"),
    ],
)
def test_the_nearest_logger_above_decides(option: str, logger: str, level: str) -> None:
    assert LogLevels.of(option).of_logger(logger) == level


def test_a_level_can_be_given_back_to_the_logger_above() -> None:
    levels = LogLevels.of(":INFO").with_level("odoo", "debug")
    assert levels.option == ":INFO,odoo:DEBUG"
    assert levels.with_level("odoo", "parent").option == ":INFO"
