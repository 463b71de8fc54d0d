"""The thread that does everything but answer pages; an exception ends it, and the pages go on as if all were well."""

from __future__ import annotations

import logging
import queue
import subprocess
import threading

from . import machine, remote
from .certificate import ensure_validity, status
from .disk import remount, restart_nginx
from .fetch import fetch_with_codes, fetch_with_retries
from .generations import Generation
from .store import Store

CHECK_NAME_EVERY = 3.0
"""Newer code reports a changed name within seconds."""


class Manager(threading.Thread):
    """Must be the first thread of the process: its name in the log is then Thread-1, as on a box."""

    def __init__(self, generation: Generation, store: Store) -> None:
        super().__init__(daemon=True)
        self._generation = generation
        self._store = store
        self._forced: queue.SimpleQueue[None] = queue.SimpleQueue()

    def renew_now(self) -> None:
        """Fetch a certificate whether one is due or not; nothing happens when the thread is dead."""
        self._forced.put(None)

    def run(self) -> None:
        """Start nginx, look after the certificate, report, then wait for work."""
        if self._generation.needs_database_at_start:
            self._start_new()
        else:
            self._start_old()
        remote.report(self._generation, self._store)
        if self._store.get("remote_server") and self._generation.threads_of_log:
            threading.Thread(target=threading.Event().wait, name="websocket", daemon=True).start()
        while True:
            self._wait()

    def _start_old(self) -> None:
        try:
            restart_nginx()
        except subprocess.CalledProcessError:
            if self._generation.nginx_failure_is_fatal:
                raise
        ok, details = status(self._generation, self._store)
        if not ok and details != "ERR_IOT_HTTPS_CHECK_NO_SERVER":
            logger = logging.getLogger("odoo.addons.hw_drivers.main")
            logger.warning("An error happened when trying to get the HTTPS certificate: %s", details)

    def _start_new(self) -> None:
        remount("rw", "/", "/root_bypass_ramdisks/")
        restart_nginx()
        remote.check_branch(self._generation, self._store)
        remote.inform(self._generation, self._store, ensure_validity(self._generation, self._store))

    def _wait(self) -> None:
        before = machine.domain(self._store.get("subject"))
        try:
            self._forced.get(timeout=CHECK_NAME_EVERY)
        except queue.Empty:
            pass
        else:
            self._renew()
        if self._generation.reports_by_serial and machine.domain(self._store.get("subject")) != before:
            remote.report(self._generation, self._store)

    def _renew(self) -> None:
        try:
            if self._generation.reports_by_serial:
                fetch_with_retries(self._store)
            else:
                fetch_with_codes(self._generation, self._store)
        except Exception:  # the daily run, whose place this takes, is inside a catch-all there, too
            logging.getLogger(f"odoo.addons.{self._generation.module}.main").exception("Daily check failed")
