"""A Windows box: the same homepage, without what only Linux has."""

from __future__ import annotations

import json

import pytest

from iotbox_simulator.boxes.arrange import small_world
from iotbox_simulator.boxes.windows import WINDOWS_IMAGES, WindowsBox, WindowsSpec
from iotbox_simulator.machine.authority import AuthorityModel
from iotbox_simulator.machine.image import CERTIFICATE
from iotbox_simulator.machine.web import HTTP_PORT, HTTPS_PORT

from .boxes import CA, DB_UUID, ask, call

TOKEN = f"https://db.example|1234567890|{DB_UUID}|M210101"


def windows(branch: str) -> tuple[WindowsBox, AuthorityModel, str]:
    authority = AuthorityModel(CA)
    box = WindowsBox(WindowsSpec(branch=branch), small_world(CA, authority))
    return box, authority, f"/{box.odoo.image.code.homepage}"


def connect(box: WindowsBox) -> None:
    """Link it by the route of its branch."""
    if box.odoo.image.code.homepage == "html":
        ask(box, "GET", f"/server_connect?iotname=&token={TOKEN.replace('|', '%7C')}")
    else:
        call(box, f"/{box.odoo.image.code.homepage}/connect_to_server", {"token": TOKEN})


@pytest.mark.parametrize("branch", list(WINDOWS_IMAGES))
def test_linking_brings_a_certificate_that_nginx_serves_after_a_restart(branch: str) -> None:
    box, authority, prefix = windows(branch)
    before = box.nginx.served
    connect(box)
    box.clock.advance(2.5 if branch != "16.0" else 6.5)
    assert authority.count == 1
    box.clock.advance(15)
    assert box.nginx.served not in (None, before)
    assert box.nginx.loaded is not None
    assert box.nginx.loaded.certificate == box.host.read(CERTIFICATE)
    if branch == "16.0":
        assert all(word in ask(box, "GET", "/").body for word in (b"W22.11", b"<summary>OK</summary>"))
        return
    status = json.loads(ask(box, "GET", f"{prefix}/data").body)
    assert (status["system"], status["version"]) == ("Windows", "W23_11")
    assert status.get("is_certificate_ok", True) is True
    assert status.get("certificate_end_date", "none yet") is not None


def test_a_password_of_16_0_is_an_error_in_place_of_a_missing_route() -> None:
    box, _, _ = windows("16.0")
    assert ask(box, "GET", "/hw_posbox_homepage/password").status == 405
    assert "error" in json.loads(call(box, "/hw_posbox_homepage/password", {}).body)


@pytest.mark.parametrize("branch", [branch for branch in WINDOWS_IMAGES if branch != "16.0"])
def test_what_only_linux_has_is_not_found(branch: str) -> None:
    box, _, prefix = windows(branch)
    assert ask(box, "GET", f"{prefix}/ping").status == 200
    assert ask(box, "GET", f"{prefix}/generate_password").status == 404
    assert call(box, f"{prefix}/generate_password", {}).status == 404
    assert ask(box, "GET", f"{prefix}/restart_iotbox").status == 404


def test_only_https_is_served_by_nginx() -> None:
    box, _, prefix = windows("19.0")
    assert ask(box, "GET", f"{prefix}/ping", port=HTTPS_PORT).status == 200
    with pytest.raises(ConnectionRefusedError):
        ask(box, "GET", f"{prefix}/ping", port=HTTP_PORT)


def test_reboot_keeps_every_file() -> None:
    box, _, prefix = windows("19.0")
    connect(box)
    box.clock.advance(20)
    box.reboot()
    status = json.loads(ask(box, "GET", f"{prefix}/data").body)
    assert status["server_status"] == "https://db.example"
    assert status["system_uptime_seconds"] == pytest.approx(5.0)
