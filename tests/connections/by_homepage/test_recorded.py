"""Answers that were recorded on running boxes, in the place of the simulated ones: 15.0, late 17.0 and 19.0."""

from __future__ import annotations

from pathlib import Path

import pytest

from iotbox_simulator.machine.web import WebReply, WebRequest
from iotbox_simulator.pki import TestAuthority
from reconciler.codes import CodeName
from reconciler.model.desired import Mode

from ...support.page_boxes import linux

C = CodeName
RECORDED = Path(__file__).parents[2] / "recorded"
_GENERATIONS = {
    "15.0": ("ro_oldest", {"/list_credential": "list_credential.html", "/hw_proxy/get_version": "get_version.txt"}),
    "17.0-late": (
        "ro_ini",
        {
            "/hw_posbox_homepage/ping": "ping.json",
            "/hw_proxy/get_version": "get_version.txt",
            "/hw_posbox_homepage/data": "data_ok.json",
        },
    ),
    "19.0": ("rw_ini", {"/iot_drivers/ping": "ping.json", "/iot_drivers/data": "data_ok.json"}),
}


def _reply(generation: str, name: str) -> WebReply:
    body = (RECORDED / generation / name).read_bytes()
    status = 500 if b"Internal Server Error" in body else 200
    return WebReply(status, (("Content-Type", "text/html; charset=utf-8"),), body)


@pytest.mark.parametrize("generation", _GENERATIONS)
def test_a_box_that_answers_as_recorded_is_in_sync(generation: str, ca: TestAuthority) -> None:
    kind, files = _GENERATIONS[generation]
    box = linux(kind, ca)
    box.heal()

    def between(request: WebRequest) -> WebReply | None:
        name = files.get(request.parts.path)
        return None if name is None else _reply(generation, name)

    box.between = between
    result = box.visit(Mode.RECONCILE)
    assert (result.after, result.plan, result.changed) == ((), (), False)
    assert result.observed is not None
    assert result.observed.store.db_uuid is not None


@pytest.mark.parametrize(
    ("generation", "name", "code"),
    [
        ("17.0-late", "data_no_server.json", C.CHECK_NO_SERVER),
        ("17.0-late", "data_no_credential.json", C.LOAD_NO_CREDENTIAL),
        ("17.0-late", "data_err.html", C.STATUS_PAGE_FAILS),
        ("19.0", "data_no_server.json", C.CHECK_NO_SERVER),
        ("19.0", "data_no_credential.json", C.LOAD_NO_CREDENTIAL),
    ],
)
def test_a_recorded_fault_is_found(generation: str, name: str, code: CodeName, ca: TestAuthority) -> None:
    kind, _ = _GENERATIONS[generation]
    box = linux(kind, ca)
    box.heal()
    box.between = lambda request: _reply(generation, name) if request.parts.path.endswith("/data") else None
    assert code in {each.code for each in box.visit().after}
