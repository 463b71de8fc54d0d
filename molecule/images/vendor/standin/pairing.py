"""Asks for a pairing code while the box is not linked; each time in vain puts a traceback of 5 KiB into the log."""

from __future__ import annotations

import logging
import threading
import time

import requests

from .generations import Generation
from .remote import AGENT
from .store import Store

URL = "https://iot-proxy.odoo.com/odoo-enterprise/iot/connect-box"
TIMEOUT = 5.0
EVERY = 10.0
TRIES = 30
"""Five minutes; newer code goes on for two hours, ever more slowly."""


def start(generation: Generation, store: Store) -> None:
    """Ask in a thread of its own, which ends when the box is linked or it has asked often enough."""
    if not store.get("remote_server"):
        threading.Thread(target=_ask, args=[generation, store], name="pairing", daemon=True).start()


def _ask(generation: Generation, store: Store) -> None:
    logger = logging.getLogger(f"odoo.addons.{generation.module}.connection_manager")
    for _ in range(TRIES):
        if store.get("remote_server"):
            return
        try:
            requests.post(URL, json={"params": {}}, headers={"User-Agent": AGENT}, timeout=TIMEOUT).raise_for_status()
        except requests.RequestException:
            logger.exception("Failed to reach iot-proxy.odoo.com for a pairing code")
        time.sleep(EVERY)
