"""Calls to the customer's database; the one for a certificate is in `fetch`."""

from __future__ import annotations

import logging
from typing import Any

import requests
import urllib3

from . import machine
from .generations import Generation
from .store import Store

AGENT = "OdooIoTBox/1.0"
TIMEOUT = 5.0


def check_branch(generation: Generation, store: Store) -> None:
    """Newer code asks the database for its version at start, and nothing there catches a failure."""
    if server := store.get("remote_server"):
        _post(generation, store, f"{server}/web/webclient/version_info", {}).raise_for_status()


def report(generation: Generation, store: Store) -> None:
    """Tell the database the box's name; failures are logged only."""
    server = store.get("remote_server")
    if not server:
        return
    identity = machine.serial_number() if generation.reports_by_serial else machine.mac_address()
    box = {
        "identifier": identity,
        "mac": machine.mac_address(),
        "ip": machine.domain(store.get("subject")),
        "token": store.get("token") or "",
        "version": machine.version(),
    }
    if not generation.reports_by_serial:
        box["name"] = "iotbox"
    _post_quietly(generation, store, f"{server}/iot/setup", {"iot_box": box, "devices": {}}, "main")


def inform(generation: Generation, store: Store, end_date: str | None) -> None:
    """Tell the database until when the certificate is valid."""
    server = store.get("remote_server")
    if server and end_date:
        params = {"identifier": machine.serial_number(), "ssl_certificate_end_date": end_date}
        url = f"{server}/iot/box/update_certificate_status"
        _post_quietly(generation, store, url, params, "tools.certificate")


def _post_quietly(generation: Generation, store: Store, url: str, params: dict[str, Any], source: str) -> None:
    try:
        _post(generation, store, url, params)
    except requests.RequestException:
        logger = logging.getLogger(f"odoo.addons.{generation.module}.{source}")
        logger.exception("Could not reach configured server to inform about the certificate status")


def _post(generation: Generation, store: Store, url: str, params: dict[str, Any]) -> requests.Response:
    headers = {"User-Agent": AGENT}
    if generation.verifies_tls:
        if name := store.get("db_name"):
            headers["X-Odoo-Database"] = name
    else:
        urllib3.disable_warnings()
    return requests.post(url, json={"params": params}, headers=headers, timeout=TIMEOUT, verify=generation.verifies_tls)
