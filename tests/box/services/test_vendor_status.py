"""What a status page of the vendor says of the certificate, and when it is not read at all."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from pathlib import Path

import pytest

from iotbox_simulator.machine.web import WebReply, WebRequest
from reconciler.box.services.vendor_status import details, reading_is_harmless
from reconciler.model.statement import say

from ...support import runs
from ...support.observed import NOW, certificate, changed, healthy, pair, temporary

RECORDED = Path(__file__).parents[2] / "recorded"


@pytest.mark.parametrize(
    ("page", "begins"),
    [
        ("17.0-late/data_ok.json", "Your certificate "),
        ("17.0-late/data_status_503.json", "ERR_IOT_HTTPS_LOAD_REQUEST_STATUS 503"),
        ("17.0-late/data_refuse.json", "ERR_IOT_HTTPS_LOAD_REQUEST_NO_RESULT"),
        ("17.0-late/data_no_server.json", "ERR_IOT_HTTPS_CHECK_NO_SERVER"),
        ("17.0-late/data_err.html", ""),
        ("15.0/home_ok.html", "Your certificate "),
        ("15.0/home_no_credential.html", "ERR_IOT_HTTPS_LOAD_NO_CREDENTIAL"),
        ("15.0/home_status_404.html", "ERR_IOT_HTTPS_LOAD_REQUEST_STATUS 404"),
        ("15.0/home_unresolvable.html", "ERR_IOT_HTTPS_LOAD_REQUEST_EXCEPTION"),
        ("15.0/home_err.html", ""),
    ],
)
def test_pages_that_real_boxes_showed_are_understood(page: str, begins: str) -> None:
    said = details((RECORDED / page).read_text())
    assert said.startswith(begins)
    assert bool(said) is bool(begins)


@pytest.mark.parametrize("page", ["", "[]", "null", "{", '{"certificate_details": null}', "[" * 5000])
def test_a_page_without_details_says_nothing_or_little(page: str) -> None:
    assert details(page) in ("", "None")


@pytest.mark.parametrize(
    ("harmless", "changes"),
    [
        (True, {}),
        (False, {"certificates.served": "cd" * 32}),
        (False, {"certificates.served": None}),
        (False, {"certificates.live": pair(temporary()), "certificates.served": temporary().fingerprint}),
        (False, {"certificates.live": pair(certificate(NOW, 10.5))}),
        (False, {"certificates.live": pair(certificate(NOW, -1))}),
        (False, {"odoo.answers": False}),
    ],
)
def test_a_page_is_read_only_after_a_handshake_with_a_certificate_that_is_not_due(
    changes: dict[str, object], harmless: object
) -> None:
    assert reading_is_harmless(changed(healthy(NOW), changes), NOW) is harmless


def test_a_page_that_answers_with_an_error_is_survived() -> None:
    fleet = runs.managed("ro_ini")
    real = fleet.box.network.answers
    assert real is not None

    def answers(port: int, request: WebRequest) -> WebReply:
        return WebReply(500, (), b"<h1>Internal Server Error</h1>") if "data" in request.target else real(port, request)

    fleet.box.network.answers = answers
    result = runs.diagnose(fleet.box)
    assert result.inquiry is not None
    assert result.inquiry.own_unread == say("page_status", status=500)
    assert result.after == ()


def test_what_is_due_within_a_day_of_the_vendors_ten_is_left_alone() -> None:
    leaf = certificate(NOW, 11)
    seen = changed(healthy(NOW), {"certificates.live": pair(leaf)})
    assert not reading_is_harmless(seen, NOW)
    assert reading_is_harmless(seen, NOW - timedelta(seconds=1))


@pytest.mark.parametrize(
    "piece",
    [
        "error occurred while trying to reach odoo.com 500 ",
        "Maximum attempt to download ",
        "Ignoring the function certificate ",
        "ERR_IOT_HTTPS_A ",
    ],
)
def test_a_page_of_one_sentence_over_and_over_costs_no_more_than_its_length(piece: str) -> None:
    words = piece * ((1 << 17) // len(piece))
    began = time.process_time()
    assert details(json.dumps({"certificate_details": words}))
    assert details(f"HTTPS certificate<code>{words}</code>")
    assert time.process_time() - began < 1
