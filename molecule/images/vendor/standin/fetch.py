"""Asks www.odoo.com for a certificate and installs it: with codes up to 18.0, with retries and log lines later."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

import requests
import urllib3

from .disk import restart_nginx, writable, write_pair
from .generations import Generation
from .remote import AGENT
from .store import Store

URL = "https://www.odoo.com/odoo-enterprise/iot/x509"
TRIES = 6
TIMEOUT = 95.0
_old = logging.getLogger("odoo.addons.hw_drivers.tools.helpers")
_new = logging.getLogger("odoo.addons.iot_drivers.tools.certificate")


def fetch_with_codes(generation: Generation, store: Store) -> str:
    """Up to 18.0: install a certificate and return nothing, or return the error text."""
    uuid = store.get("db_uuid")
    if not uuid:
        return "ERR_IOT_HTTPS_LOAD_NO_CREDENTIAL"
    try:
        response = _ask_unverified(uuid, store.get("enterprise_code") or "")
    except Exception as error:  # noqa: BLE001 - whatever happens has this one code
        _old.exception("An error occurred while trying to reach odoo.com servers.")
        return f"ERR_IOT_HTTPS_LOAD_REQUEST_EXCEPTION\n\n{error}"
    if response.status != 200:  # noqa: PLR2004
        return f"ERR_IOT_HTTPS_LOAD_REQUEST_STATUS {response.status}\n\n{response.reason}"
    body = json.loads(response.data)
    if refusal := _refusal(generation, body):
        _old.error("An error received from odoo.com while trying to get the certificate: %s", refusal)
        return "ERR_IOT_HTTPS_LOAD_REQUEST_NO_RESULT"
    install(generation, store, body["result"])
    return ""


def fetch_with_retries(store: Store) -> None:
    """19.0: up to six requests without a pause; an unexpected answer raises and ends the caller's thread."""
    uuid = store.get("db_uuid")
    if not uuid:
        return
    body = _ask_repeatedly({"db_uuid": uuid, "enterprise_code": store.get("enterprise_code") or ""})
    if body is None:
        return
    if body.get("error"):
        _new.error("Server error received from odoo.com while trying to get the certificate: %s", body["error"])
        return
    result = body["result"]
    if result.get("error"):
        _new.warning("Error received from odoo.com while trying to get the certificate: %s", result["error"])
        return
    store.save({"subject": result["subject_cn"]})
    if not result["x509_pem"] or not result["private_key_pem"]:
        _new.error("The certificate received from odoo.com is not valid.")
        return
    write_pair(result["x509_pem"], result["private_key_pem"])
    restart_nginx()


def install(generation: Generation, store: Store, result: dict[str, Any]) -> None:
    """Subject first, then the four files, then nginx."""
    store.save({"subject": result["subject_cn"]})
    with writable(remounts=generation.remounts):
        write_pair(result["x509_pem"], result["private_key_pem"])
    time.sleep(generation.pause_before_nginx_restart)
    restart_nginx()


def _ask_unverified(uuid: str, enterprise_code: str) -> Any:
    urllib3.disable_warnings()
    pool = urllib3.PoolManager(cert_reqs="CERT_NONE", retries=urllib3.Retry(4))
    return pool.request(
        "POST",
        URL,
        body=json.dumps({"params": {"db_uuid": uuid, "enterprise_code": enterprise_code}}),
        headers={"Content-type": "application/json", "Accept": "text/plain"},
    )


def _refusal(generation: Generation, body: dict[str, Any]) -> object:
    if generation.name == "flat" and body.get("error"):
        return body["error"]
    return body.get("result", {}).get("error")


def _ask_repeatedly(params: dict[str, str]) -> Any:
    for attempt in range(1, TRIES + 1):
        try:
            response = requests.post(URL, json={"params": params}, headers={"User-Agent": AGENT}, timeout=TIMEOUT)
            response.raise_for_status()
            return response.json()
        except requests.RequestException as error:
            text = "An error occurred while trying to reach odoo.com to get a new certificate: %s"
            _new.warning(text, error)
            if attempt == TRIES:
                _new.exception("Maximum attempt to download the odoo.com certificate reached")
    return None
