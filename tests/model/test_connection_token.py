"""What Odoo shows to connect a box, pasted whole where one part of it belongs, is refused without repeating any."""

from __future__ import annotations

import base64
from urllib.parse import quote

import pytest

from reconciler.model.connection_token import refusal
from reconciler.model.validate import desired_from_variables

HOST, TOKEN, UUID, CODE = (
    "bakery.example",
    "t0k3n-of-the-link",
    "0f5c2d1e-8a3b-4c6d-9e7f-1a2b3c4d5e6f",
    "M2603021234567",
)
OLD = f"https://{HOST}|{TOKEN}|{UUID}|{CODE}"
NEW = f"https://{HOST}?token={TOKEN}&db_uuid={UUID}&enterprise_code={CODE}"
ENCODED = base64.b64encode(OLD.encode()).decode()
WHOLE: dict[str, tuple[str, tuple[str, ...]]] = {
    "parameters": (NEW, ("server_url (before the ?)", "token (behind token=)", "db_uuid", "enterprise_code")),
    "parameters and a name": (f"{NEW}&db_name=bakery", ("server_url", "token", "db_uuid", "db_name (behind db_name=)")),
    "parameters with a path": (NEW.replace("?", "/odoo?"), ("server_url", "token", "db_uuid", "enterprise_code")),
    "parameters without values": (f"https://{HOST}/?token=&db_uuid=", ("server_url", "token", "db_uuid")),
    "only a token": (f"http://{HOST}?token={TOKEN}", ("server_url", "token")),
    "only a UUID": (f"https://{HOST}?db_uuid={UUID}", ("server_url", "db_uuid")),
    "bars": (OLD, ("server_url (the first, between bars)", "token (the second", "db_uuid", "enterprise_code")),
    "bars, as 15.0 shows two parts": (f"https://{HOST}|{TOKEN}", ("server_url", "token")),
    "bars in capitals": (f"HTTPS://{HOST}|{TOKEN}", ("server_url", "token")),
    "base64": (ENCODED, ("server_url", "token", "db_uuid", "enterprise_code")),
    "base64 without its end": (ENCODED.rstrip("="), ("server_url", "token")),
    "base64 as a parameter of a URL": (quote(ENCODED), ("server_url", "token")),
}
FIELDS = ("server_url", "token", "db_name", "db_uuid", "enterprise_code")


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(("text", "places"), WHOLE.values(), ids=WHOLE)
def test_a_whole_token_is_refused_with_the_places_of_its_parts(field: str, text: str, places: tuple[str, ...]) -> None:
    values = {"iot_https_server_url": "https://shop.example", f"iot_https_{field}": text}
    desired, (problem,) = desired_from_variables("box-1", {"iot_https_connection": "local", **values})
    assert desired is None
    assert problem.startswith(f"iot_https_{field} is the whole connection token of Odoo")
    assert not [place for place in places if f"iot_https_{place}" not in problem]
    assert not [part for part in (HOST, TOKEN, UUID, CODE, ENCODED[:8]) if part in problem]


@pytest.mark.parametrize(
    "text",
    [
        TOKEN,
        "abcd|efgh",
        CODE,
        UUID,
        f"https://{HOST}",
        f"https://{HOST}/odoo?debug=1",
        f"https://{HOST}/odoo?debug=1&tokens=5",
        base64.b64encode(b"nothing of that kind").decode(),
        base64.b64encode(b"\xff\xfe").decode(),
        "https://[broken?token=x",
        "\u00e4\u00f6\u00fc",
        "",
    ],
)
def test_what_is_no_whole_token_is_none(text: str) -> None:
    assert refusal(text) is None
