"""Lines of the vendor's log stand for its six codes, on branches that name them and on those that do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.box.services.vendor_log import MOST, TAIL, code_of, entries, read
from reconciler.codes import CodeName
from reconciler.model.secret import MASK, Secret

from ...support import runs

C = CodeName
RECORDED = Path(__file__).parents[2] / "recorded"
STAMP = "2026-11-23 22:07:57,527 84 WARNING ? odoo.addons.iot_drivers.tools.certificate: "
REACH = "An error occurred while trying to reach odoo.com to get a new certificate: "


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (f"{REACH}503 Server Error: Service Unavailable for url: https://www.odoo.com/x", C.LOAD_REQUEST_STATUS),
        (f"{REACH}404 Client Error: Not Found for url: https://www.odoo.com/x", C.LOAD_REQUEST_STATUS),
        (f"{REACH}Expecting value: line 1 column 1 (char 0)", C.LOAD_REQUEST_NO_RESULT),
        (f"{REACH}HTTPSConnectionPool(host='www.odoo.com', port=443): Max retries", C.LOAD_REQUEST_EXCEPTION),
        ("Maximum attempt to download the odoo.com certificate reached", C.LOAD_REQUEST_EXCEPTION),
        (
            "Server error received from odoo.com while trying to get the certificate: {'code': 200}",
            C.LOAD_REQUEST_NO_RESULT,
        ),
        ("Error received from odoo.com while trying to get the certificate: No", C.LOAD_REQUEST_NO_RESULT),
        ("An error received from odoo.com while trying to get the certificate: No", C.LOAD_REQUEST_NO_RESULT),
        ("The certificate received from odoo.com is not valid.", C.LOAD_REQUEST_NO_RESULT),
        ("Unable to read certificate file.", C.CHECK_CERT_READ_EXCEPTION),
        ("Ignoring the function ensure_validity without a connected database", C.CHECK_NO_SERVER),
        ("Please note: certificate received from odoo.com is not valid, says the box", C.LOAD_REQUEST_NO_RESULT),
        ("[iot] Error received from Odoo.com while trying to get the certificate of 3: No", C.LOAD_REQUEST_NO_RESULT),
        ("An error happened when trying: ERR_IOT_HTTPS_LOAD_REQUEST_STATUS 404", C.LOAD_REQUEST_STATUS),
        ("Error code: ERR_IOT_HTTPS_LOAD_NO_CREDENTIAL (see help)", C.LOAD_NO_CREDENTIAL),
        ("ERR_IOT_HTTPS_SOMETHING_NEW", None),
        ("SSL certificate '*.x.odoo-iot.com' is valid until 2026", None),
        ("Could not reach configured server to inform about the certificate status", None),
        ("", None),
    ],
)
def test_a_line_stands_for_a_code(line: str, code: CodeName | None) -> None:
    assert code_of(line) == code


@pytest.mark.parametrize(
    ("log", "codes"),
    [
        ("log_err", [C.LOAD_REQUEST_NO_RESULT]),
        ("log_garbage", [C.LOAD_REQUEST_NO_RESULT]),
        ("log_refuse", [C.LOAD_REQUEST_NO_RESULT]),
        ("log_status_404", [C.LOAD_REQUEST_EXCEPTION]),
        ("log_status_503", [C.LOAD_REQUEST_STATUS]),
        ("log_unresolvable", [C.LOAD_REQUEST_EXCEPTION]),
    ],
)
def test_logs_that_real_boxes_wrote_are_understood(log: str, codes: list[CodeName]) -> None:
    path = next(RECORDED.glob(f"**/{log}.txt"), None)
    assert path is not None
    assert [each.code for each in entries(path.read_text())] == codes


def test_the_newest_line_of_each_code_comes_first_and_has_its_time() -> None:
    old = f"{STAMP}Error received from odoo.com while trying to get the certificate: old"
    new = old.replace("22:07", "23:59").replace(": old", ": new")
    found = entries(f"{old}\n{STAMP}Unable to read certificate file.\nTraceback\n{new}\n")
    assert [each.code for each in found] == [C.LOAD_REQUEST_NO_RESULT, C.CHECK_CERT_READ_EXCEPTION]
    assert (found[0].at, found[0].text.rpartition(" ")[2]) == ("2026-11-23 23:59:57", "new")


def test_secrets_in_a_line_are_masked() -> None:
    (entry,) = entries(f"{REACH}refused for db canary-1234", Secret("canary-1234"))
    assert "canary" not in entry.text
    assert MASK in entry.text


def test_however_long_the_log_only_its_end_is_read() -> None:
    fleet = runs.managed("rw_ini")
    path = "/var/log/odoo/odoo-server.log"
    early = f"{STAMP}Unable to read certificate file.\n".encode()
    fleet.box.host.write(path, early + b"x" * TAIL + f"\n{STAMP}{REACH}timed out\n".encode())
    assert [each.code for each in read(fleet.box)] == [C.LOAD_REQUEST_EXCEPTION]


def test_a_box_without_a_log_says_nothing() -> None:
    fleet = runs.managed("rw_ini")
    fleet.box.host.remove("/var/log/odoo/odoo-server.log")
    assert read(fleet.box) == ()


def test_no_more_than_a_few_lines_come_out() -> None:
    assert len(entries("\n".join(map(str, CodeName)))) <= MOST
