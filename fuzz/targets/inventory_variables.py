"""The variables of one host, as JSON, through the validation of the inventory to a desired state and a connection."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from reconciler.inventory.options import Resolver
from reconciler.inventory.ssh import ssh_from_options
from reconciler.model import wire
from reconciler.model.desired import Desired
from reconciler.model.plain import to_plain
from reconciler.model.reveal import reveal
from reconciler.model.urls import origin
from reconciler.model.validate import desired_from_variables
from reconciler.model.variables import VARIABLES

from ..oracle import CANARY, check_refusal, check_secret, planted

_SECRET = (*(each.name for each in VARIABLES.values() if each.secret), "ansible_password", "ansible_become_password")
_GOOD = {
    "iot_https_server_url": "https://db.example",
    "iot_https_token": "1234567890",
    "iot_https_db_uuid": "11111111-2222-3333-4444-555555555555",
    "iot_https_enterprise_code": "M210101",
    "iot_https_resolvers": ["1.1.1.1", "8.8.8.8"],
    "iot_https_proxy": "http://u:p@proxy.example:3128",
    "iot_https_serial": "10000000abcdef01",
    "ansible_host": "192.0.2.1",
    "ansible_port": 2222,
    "ansible_ssh_common_args": "-J gate",
    "ansible_become_password": "x",
}


@cache
def _resolver() -> Resolver:
    return Resolver()


def seeds() -> list[bytes]:
    """A good entry, and one for each way of being wrong."""
    wrong: list[dict[str, object]] = [
        {"iot_https_tokken": 1, "iot_https_\n": None, "iot_https_https_port": 10**20},
        {"iot_https_server_url": "https://.", "iot_https_authority_url": "http://[::1]/", "iot_https_proxy": "x"},
        {"iot_https_resolvers": [["1.1.1.1"], "224.0.0.1", "fe80::1%eth0"], "iot_https_renew_before_days": True},
        {"iot_https_certificate_source": "relay", "iot_https_window": {}, "iot_https_ca_file": "x"},
        {"ansible_port": "x", "ansible_become": "maybe", "ansible_host": "-x", "ansible_python_interpreter": "a b"},
        {"iot_https_server_url": "https://xn--a.example:0", "iot_https_connection": "homepage"},
    ]
    return [json.dumps(each).encode() for each in (_GOOD, *({**_GOOD, **each} for each in wrong))]


def one_input(data: bytes) -> None:
    """A desired state that survives the wire, or problems in one line each."""
    values = _entry(planted(data.replace(b"@@", b"")))
    if values is None:
        return
    desired, problems = desired_from_variables("till-1", values)
    assert (desired is None) is bool(problems)
    options, wrong = _resolver().resolve({**values, "inventory_hostname": "till-1"})
    ssh, refused = ssh_from_options("till-1", options)
    for problem in (*problems, *wrong, *refused):
        check_refusal(problem)
    check_secret(repr((desired, ssh)))
    if desired is not None:
        assert wire.decode(Desired, json.loads(json.dumps(wire.encode(desired, secret=reveal)))) == desired
        assert desired.server_url is None or origin(desired.server_url) == desired.server_url


def _entry(data: bytes) -> dict[str, Any] | None:
    """Return the variables, with the canary in every secret that is text."""
    try:
        values = to_plain(json.loads(data))
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    return {
        name: f"{CANARY}{value}" if name in _SECRET and isinstance(value, str) else value
        for name, value in values.items()
    }
