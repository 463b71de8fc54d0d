"""What the routes change, on which branch, and what they answer when something is wrong."""

from __future__ import annotations

import json
import re
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from iotbox_simulator.boxes.arrange import install_pair, link
from iotbox_simulator.homepage.tables import NOT_SIMULATED
from iotbox_simulator.machine.authority import subdomain_of
from iotbox_simulator.machine.image import CERTIFICATE, INI, KEY
from iotbox_simulator.machine.spec import IMAGES, LayoutKind
from iotbox_simulator.machine.web import HTTP_PORT, HTTPS_PORT, WebRequest
from iotbox_simulator.pki import issue_wildcard_pair, mismatched

from .boxes import CA, CREDENTIALS, DB_UUID, LINK, NOW, Lab, ask, call, in_state, lab

DOCS = Path(__file__).parents[3] / "docs" / "simulator.md"
ALL = {**LINK, **CREDENTIALS}
OLDER: list[LayoutKind] = ["ro_ini", "ro_ini_18"]
NEWER: list[LayoutKind] = ["rw_ini", "rw_newest"]
FLAT: list[LayoutKind] = ["ro_oldest", "ro_flat"]
TOKEN = f"https://db.example|1234567890|{DB_UUID}|M210101"
URL = f"https://db.example/odoo?token=1234567890&db_uuid={DB_UUID}&enterprise_code=M210101"


def prefix(made: Lab) -> str:
    return f"/{made.box.spec.image.code.homepage}"


def data(made: Lab) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(made.get(f"{prefix(made)}/data").body)
    return answer


def stored(made: Lab, *keys: str) -> list[str | None]:
    return [made.box.odoo.store.get(key) for key in keys]


def status_route(made: Lab) -> str:
    return "/" if prefix(made) == "/html" else f"{prefix(made)}/data"


@pytest.mark.parametrize("kind", [*FLAT, *OLDER])
def test_reading_the_status_of_older_code_fetches_a_certificate(kind: LayoutKind) -> None:
    made = lab(kind, ALL, tends=False)
    before = made.box.nginx.served
    assert made.get(status_route(made)).status == 200
    assert made.authority.count == 1
    assert made.box.nginx.served != before
    assert stored(made, "subject") == [f"*.{subdomain_of(DB_UUID)}.odoo-iot.com"]
    made.get(status_route(made))
    assert made.authority.count == 1
    assert not made.box.storage.host.at("/").writable


@pytest.mark.parametrize("kind", NEWER)
def test_reading_the_status_of_newer_code_does_nothing(kind: LayoutKind) -> None:
    made = lab(kind, ALL, tends=False)
    assert data(made)["certificate_end_date"] is None
    assert made.authority.count == 0


@pytest.mark.parametrize("kind", [*FLAT, *OLDER, *NEWER])
def test_box_that_tends_its_certificate_has_one_after_a_restart(kind: LayoutKind) -> None:
    made = in_state(kind, "ok")
    assert made.authority.count == 1
    assert made.box.nginx.loaded is not None
    assert made.box.nginx.loaded.certificate == made.box.host.read(CERTIFICATE)


@pytest.mark.parametrize("kind", [*FLAT, *OLDER, *NEWER])
def test_certificate_is_renewed_at_midnight(kind: LayoutKind) -> None:
    made = in_state(kind, "ok")
    made.box.sleep(79 * 86400)
    assert made.authority.count == 1
    made.box.sleep(3 * 86400)
    assert made.authority.count == 2


@pytest.mark.parametrize(
    ("kind", "crashing"),
    [
        ("ro_oldest", {"refuse", "err", "garbage"}),
        ("ro_flat", {"noresult", "null", "garbage"}),
        ("ro_ini", {"err", "noresult", "null", "garbage"}),
        ("ro_ini_18", {"noresult", "null", "garbage"}),
    ],
)
def test_replies_that_a_branch_does_not_expect_are_its_crash(kind: LayoutKind, crashing: set[str]) -> None:
    states = ("refuse", "err", "noresult", "null", "garbage", "status_404", "unresolvable")
    seen = {state for state in states if (made := in_state(kind, state)).get(status_route(made)).status == 500}
    assert seen == crashing
    assert all(in_state(kind, state).box.odoo.manager_dead is (state in crashing) for state in states)


@pytest.mark.parametrize(("kind", "code"), [("ro_oldest", "NO_CREDENTIAL"), ("ro_flat", "OK")])
def test_only_the_oldest_code_needs_an_enterprise_code(kind: LayoutKind, code: str) -> None:
    made = lab(kind, {**LINK, "db_uuid": DB_UUID}, tends=False)
    assert code.encode() in made.get("/").body
    assert made.authority.count == (0 if code == "NO_CREDENTIAL" else 1)


@pytest.mark.parametrize("kind", [*FLAT, *OLDER])
def test_certificate_that_its_user_may_not_write_is_a_crash(kind: LayoutKind) -> None:
    made = lab(kind, ALL, tends=False)
    made.box.storage.make_writable()
    made.box.host.set_owner(KEY, 0, 0)
    assert made.get(status_route(made)).status == 500
    assert not made.box.odoo.manager_dead


@pytest.mark.parametrize("kind", [*FLAT, *OLDER])
def test_what_is_no_certificate_is_a_crash_and_what_cannot_be_read_has_a_code(kind: LayoutKind) -> None:
    made = lab(kind, ALL, tends=False)
    made.box.storage.make_writable()
    made.box.host.write(CERTIFICATE, b"nothing")
    assert made.get(status_route(made)).status == 500
    made.box.host.set_owner(CERTIFICATE, 0, 0)
    made.box.host.set_mode(CERTIFICATE, 0o600)
    assert b"ERR_IOT_HTTPS_CHECK_CERT_READ_EXCEPTION" in made.get(status_route(made)).body


def test_answer_with_an_empty_pair_is_refused_by_newer_code_after_it_has_stored_the_subject() -> None:
    made = lab("rw_ini", ALL)
    made.authority.mode = "empty"
    before = made.box.host.read(CERTIFICATE)
    made.box.vendor.restarts()
    made.box.sleep(10)
    assert made.box.host.read(CERTIFICATE) == before
    assert stored(made, "subject") == ["*.0.odoo-iot.com"]
    assert any("certificate received from odoo.com is not valid" in line for line in made.log())


def test_empty_pair_ends_nginx_of_older_code() -> None:
    made = lab("ro_ini", ALL, tends=False)
    made.authority.mode = "empty"
    assert made.get(status_route(made)).status == 500
    assert not made.box.nginx.running


@pytest.mark.parametrize("kind", [*OLDER, *NEWER])
@pytest.mark.parametrize("token", [TOKEN, URL])
def test_linking_is_stored_and_restarts(kind: LayoutKind, token: str) -> None:
    made = lab(kind)
    starts = made.box.odoo.starts
    answer = made.call(f"{prefix(made)}/connect_to_server", token=token)
    assert answer["result"]["status"] == "success"
    assert stored(made, *ALL) == list(ALL.values())
    made.box.sleep(1.0)
    assert made.box.odoo.starts == starts
    made.box.sleep(9)
    assert made.box.odoo.starts > starts
    assert made.authority.count == 1


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("nonsense", "Invalid URL provided."),
        ("https://localhost?token=1&db_uuid=2&enterprise_code=3", "Invalid URL provided."),
        ("https://db.example?token=1", "Failed to write server configuration files on IoT. Please try again."),
        (f"{URL}&other=1", "Failed to write server configuration files on IoT. Please try again."),
    ],
)
@pytest.mark.parametrize(("kind", "restarts"), [("ro_ini", False), ("rw_ini", True)])
def test_bad_token_is_a_failure_after_which_newer_code_restarts(
    kind: LayoutKind, token: str, message: str, *, restarts: bool
) -> None:
    made = lab(kind)
    before = made.box.odoo.starts
    answer = made.call(f"{prefix(made)}/connect_to_server", token=token)
    assert answer["result"] == {"status": "failure", "message": message}
    made.box.sleep(3)
    assert (made.box.odoo.starts > before) is restarts
    assert stored(made, "remote_server") == [None]


@pytest.mark.parametrize(("kind", "known"), [("ro_ini", False), ("ro_ini_18", False), ("rw_ini", True)])
def test_name_of_the_database_only_where_it_is_known(kind: LayoutKind, *, known: bool) -> None:
    made = lab(kind)
    answer = made.call(f"{prefix(made)}/connect_to_server", token=f"{URL}&db_name=prod")
    assert (answer["result"]["status"] == "success") is known


@pytest.mark.parametrize(
    ("kind", "left", "restarts"),
    [
        ("ro_ini", {"enterprise_code": "M210101"}, False),
        ("ro_ini_18", {}, False),
        ("rw_ini", {}, True),
        ("rw_newest", {}, True),
    ],
)
def test_clearing_the_link_leaves_what_the_branch_leaves(
    kind: LayoutKind, left: Mapping[str, str], *, restarts: bool
) -> None:
    made = lab(kind, {**ALL, "subject": "*.x.odoo-iot.com"}, tends=False)
    before = made.box.odoo.starts
    assert made.get(f"{prefix(made)}/server_clear").status == 200
    assert stored(made, *ALL) == [left.get(key) for key in ALL]
    assert stored(made, "subject") == ["*.x.odoo-iot.com"]
    made.box.sleep(3)
    assert (made.box.odoo.starts > before) is restarts


@pytest.mark.parametrize("kind", FLAT)
def test_forms_of_flat_files(kind: LayoutKind) -> None:
    made = lab(kind, tends=False)
    assert made.get("/server_connect?iotname=&token=" + TOKEN.replace("|", "%7C")).status == 200
    assert stored(made, *ALL) == list(ALL.values())
    made.get("/save_credential?db_uuid=a%26b&enterprise_code=M1")
    made.box.sleep(10)
    assert stored(made, *CREDENTIALS) == ["a&b", "M1"]
    assert b'value="a&amp;b"' in made.get("/list_credential").body
    form = WebRequest(
        "POST", "/save_credential", {"content-type": "application/x-www-form-urlencoded"}, b"db_uuid=u&enterprise_code="
    )
    assert made.box.network.answers is not None
    assert made.box.network.answers(8069, form).status == 200
    assert stored(made, *CREDENTIALS) == ["u", None]
    made.box.sleep(10)
    made.get("/clear_credential")
    made.box.sleep(10)
    made.get("/server_clear")
    assert stored(made, *ALL) == [None, "1234567890", None, None]


@pytest.mark.parametrize("path", ["/save_credential?db_uuid=u", "/server_connect?token=a%7Cb%7Cc%7Cd"])
def test_form_without_a_field_is_a_crash(path: str) -> None:
    assert lab("ro_oldest").get(path).status == 500


@pytest.mark.parametrize("kind", FLAT)
@pytest.mark.parametrize(("name", "reboots"), [("", False), ("raspberrypi", False), ("till-3", True)])
def test_linking_under_another_name_reboots(kind: LayoutKind, name: str, *, reboots: bool) -> None:
    made = lab(kind, tends=False)
    before = made.box.booted_at
    made.get(f"/server_connect?iotname={name}&token={TOKEN.replace('|', '%7C')}")
    made.box.sleep(30)
    assert (made.box.booted_at > before) is reboots
    assert made.box.host.read("/etc/hostname").decode().strip() == (name or "raspberrypi")


@pytest.mark.parametrize(("kind", "shown"), [("ro_oldest", b'value=""'), ("ro_flat", b'value="None"')])
def test_credentials_that_there_are_not_are_shown_as_the_template_has_them(kind: LayoutKind, shown: bytes) -> None:
    assert lab(kind).get("/list_credential").body.count(shown) == 2


def test_restart_of_16_0_begins_three_seconds_later() -> None:
    made = lab("ro_flat")
    before = made.box.odoo.starts
    assert json.loads(call(made.box, "/iot_restart_odoo_or_reboot", {"action": "restart_odoo"}).body)["result"]
    made.box.sleep(2.9)
    assert made.box.odoo.starts == before
    made.box.sleep(0.2)
    assert made.box.odoo.starts == before + 1


@pytest.mark.parametrize(("kind", "fine"), [("ro_ini", False), ("rw_ini", True)])
def test_lone_percent_sign_is_refused_where_values_are_interpolated(kind: LayoutKind, *, fine: bool) -> None:
    made = lab(kind)
    answer = made.call(f"{prefix(made)}/save_credential", db_uuid="100%", enterprise_code="M1")
    assert ("result" in answer) is fine
    assert b"100%" in made.box.host.read(INI) or not fine


def test_lone_percent_sign_in_the_file_is_a_crash_of_the_status() -> None:
    made = lab("ro_ini", tends=False)
    made.box.storage.make_writable()
    made.box.host.write(INI, b"[options]\n[iot.box]\nremote_server = https://db.example\ndb_uuid = 100%\n")
    made.box.odoo.signal(signal.SIGHUP)
    made.box.sleep(3)
    assert made.get("/hw_posbox_homepage/data").status == 500


def test_edited_credentials_show_at_once_and_an_edited_link_after_a_restart() -> None:
    made = lab("rw_ini", ALL, tends=False)
    assert data(made)["server_status"] == "https://db.example"
    made.box.host.write(INI, made.box.host.read(INI).replace(b"db.example", b"new.example").replace(b"M210101", b"M2"))
    assert (data(made)["server_status"], data(made)["enterprise_code"]) == ("https://db.example", "M2")
    made.box.odoo.signal(signal.SIGHUP)
    made.box.sleep(3)
    assert data(made)["server_status"] == "https://new.example"


def test_edit_shows_only_after_a_restart_where_values_are_kept() -> None:
    made = lab("ro_ini", CREDENTIALS, tends=False)
    made.box.storage.make_writable()
    made.box.host.write(INI, made.box.host.read(INI).replace(b"M210101", b"M2"))
    assert data(made)["enterprise_code"] == "M210101"
    made.box.odoo.signal(signal.SIGHUP)
    made.box.sleep(3)
    assert data(made)["enterprise_code"] == "M2"


@pytest.mark.parametrize(("long_poll", "seconds"), [(False, 0.03), (True, 45.0)])
def test_restart_is_answered_before_it_begins(*, long_poll: bool, seconds: float) -> None:
    made = lab("rw_ini")
    made.box.odoo.long_poll = long_poll
    assert json.loads(made.get("/iot_drivers/restart_odoo_service").body)["status"] == "success"
    made.box.sleep(seconds - 0.02)
    up = data(made)["odoo_uptime_seconds"]
    made.box.sleep(0.03)
    with pytest.raises(ConnectionRefusedError):
        data(made)
    made.box.sleep(1.5)
    after = data(made)
    assert after["odoo_uptime_seconds"] < up
    assert after["system_uptime_seconds"] > after["odoo_uptime_seconds"]


@pytest.mark.parametrize(
    ("kind", "method", "path", "pattern"),
    [
        ("ro_flat", "POST", "/hw_posbox_homepage/password", r"[a-z]{12}"),
        ("ro_ini", "GET", "/hw_posbox_homepage/generate_password", r"[a-z]{12}"),
        ("ro_ini_18", "GET", "/hw_posbox_homepage/generate_password", r"[a-z]{12}"),
        ("rw_ini", "POST", "/iot_drivers/generate_password", r"[a-z-]{22}"),
    ],
)
def test_password_is_new_each_time(kind: LayoutKind, method: str, path: str, pattern: str) -> None:
    made = lab(kind)
    seen = set()
    for _ in range(2):
        answer: Any = json.loads((ask(made.box, "GET", path) if method == "GET" else call(made.box, path, {})).body)
        answer = answer.get("result", answer)
        password = answer if isinstance(answer, str) else answer["password"]
        assert re.fullmatch(pattern, password)
        assert made.box.vendor.password == password
        seen.add(password)
    assert len(seen) == 2


@pytest.mark.parametrize(("kind", "status"), [("rw_ini", 405), ("ro_oldest", 404)])
def test_password_cannot_be_had_by_a_page_where_it_is_a_call_or_missing(kind: LayoutKind, status: int) -> None:
    made = lab(kind)
    assert made.get(f"{prefix(made)}/generate_password").status == status


@pytest.mark.parametrize(("kind", "path"), [("ro_flat", "/iot_restart_odoo_or_reboot"), ("ro_ini_18", None)])
def test_reboot_loses_what_was_only_in_memory(kind: LayoutKind, path: str | None) -> None:
    made = lab(kind)
    made.box.host.write("/etc/resolv.conf", b"nameserver 9.9.9.9\n")
    if path:
        call(made.box, path, {"action": "reboot"})
    else:
        made.get("/hw_posbox_homepage/restart_iotbox")
    made.box.sleep(20)
    assert b"9.9.9.9" not in made.box.host.read("/etc/resolv.conf")
    assert made.get("/hw_proxy/hello").body == b"ping"


@pytest.mark.parametrize("kind", [*OLDER, *NEWER])
def test_log_is_shown(kind: LayoutKind) -> None:
    made = lab(kind)
    made.box.odoo.log("WARNING", "odoo.test", "seen from outside")
    answer = json.loads(made.get(f"{prefix(made)}/iot_logs").body)
    assert answer["status"] == "success"
    assert "seen from outside" in answer["logs"]


@pytest.mark.parametrize("kind", list(IMAGES))
def test_foreign_paths_are_404_and_missing_ones_say_so(kind: LayoutKind) -> None:
    made = lab(kind)
    assert made.get("/nowhere").status == 404
    for path in NOT_SIMULATED[made.box.spec.image.code.homepage]:
        assert made.get(path).status == 501
    others = {"/iot_drivers/ping", "/hw_posbox_homepage/ping", "/list_credential"}
    assert sum(made.get(path).status == 200 for path in others) == 1


def test_documentation_lists_what_is_missing() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (`/.+) \|$", DOCS.read_text(), re.MULTILINE)
    assert {kind: set(re.findall(r"`([^`]+)`", paths)) for kind, paths in rows} == {
        kind: set(paths) for kind, paths in NOT_SIMULATED.items()
    }


@pytest.mark.parametrize(
    ("headers", "body"),
    [({}, b"{}"), ({"content-type": "application/json"}, b"{"), ({"content-type": "application/json"}, b"[]")],
)
def test_call_that_is_none_is_a_bad_request(headers: Mapping[str, str], body: bytes) -> None:
    made = lab("rw_ini")
    assert made.box.network.answers is not None
    reply = made.box.network.answers(8069, WebRequest("POST", "/iot_drivers/save_credential", headers, body))
    assert reply.status == 400


def test_nginx_stands_in_front_and_says_when_nobody_is_behind() -> None:
    made = lab("rw_ini")
    for port in (HTTP_PORT, HTTPS_PORT):
        assert ask(made.box, "GET", "/iot_drivers/ping", port=port).status == 200
    made.box.run(("systemctl", "stop", "odoo"), 60)
    assert ask(made.box, "GET", "/iot_drivers/ping", port=HTTPS_PORT).status == 502
    made.box.nginx.stop()
    with pytest.raises(ConnectionRefusedError):
        ask(made.box, "GET", "/iot_drivers/ping", port=HTTPS_PORT)


@pytest.mark.parametrize(("path", "status"), [("/hw_drivers/check_certificate", 200), ("/hw_proxy/hello", 404)])
def test_port_80_of_the_oldest_image_passes_little_on(path: str, status: int) -> None:
    made = lab("ro_oldest")
    assert ask(made.box, "GET", path, port=HTTP_PORT).status == status
    assert ask(made.box, "GET", path, port=HTTPS_PORT).status == 200


def test_dead_manager_leaves_the_homepage_answering() -> None:
    made = lab("rw_ini", ALL, tends=False)
    pair = issue_wildcard_pair(CA, "d73e7513", now=NOW)
    install_pair(made.box, mismatched(pair))
    made.box.vendor.restarts()
    made.box.sleep(5)
    assert made.box.odoo.manager_dead
    assert data(made)["certificate_end_date"] == f"{pair.not_after:%Y-%m-%d %H:%M:%S}"
    assert not made.box.nginx.running


def test_copied_box_answers_for_itself() -> None:
    made = lab("rw_ini", tends=False)
    other = made.box.clone()
    link(other, LINK)
    assert json.loads(ask(other, "GET", "/iot_drivers/data").body)["server_status"] == "https://db.example"
    assert other.network.answers is not None
    assert b"db.example" in other.network.answers(8069, WebRequest("GET", "/iot_drivers/data")).body
    assert data(made)["server_status"] == ""
