"""What the vendor's program does to a box by itself: renew, save its values, make the root read-only.

It writes four files one after the other, as its own user, in place and without any sync. Each write is a step of its
own, so that a test can let the tool, or a signal, come between any two.
"""

from __future__ import annotations

import configparser
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from reconciler.box.system import Network
from reconciler.model.desired import DEFAULT_AUTHORITY_URL

from ..pki import Pair
from .filesystem import BYPASS
from .image import CERTIFICATE, KEY
from .odoo import Odoo

READ_ONLY_GAP = 0.014
"""Seconds between the remount of the root and that of cups, in which the whole disk is read-only."""
_SECONDS = 95.0
_LIMIT = 1 << 18
Step = tuple[Callable[..., object], tuple[object, ...]]


@dataclass(slots=True)
class Vendor:
    """The vendor's own writes. While the program is held by a signal, they wait."""

    odoo: Odoo
    network: Network
    _steps: list[Step] = field(default_factory=list)

    def renews(self, pair: Pair | None = None, *, pause: float = 0.0) -> None:
        """Renew as the program does at its start and at midnight.

        Args:
            pair: what the authority is to answer; None asks the authority of the network.
            pause: seconds between two writes; 0 does all at once.
        """
        self.odoo.do(self._renew, pair, pause)

    def saves(self, key: str = "six_payment_terminal", value: str = "1") -> None:
        """Save one value, and on some branches much more with it."""
        self.odoo.do(self._save_alone, key, value)

    def flips_read_only(self) -> None:
        """Make the root read-only, as after each of its own writes."""
        if not self.odoo.image.flips_read_only:
            raise AssertionError(f"branch {self.odoo.image.branch} never makes its root read-only")
        self.odoo.do(self._close)

    def _renew(self, pair: Pair | None, pause: float) -> None:
        new = pair or self._ask()
        if new is None:
            return
        certificate, key = new.certificate_pem.encode(), new.private_key_pem.encode()
        write = self.odoo.store.files.write
        self._steps = [
            (self._save, ("subject", new.subject)),
            (self._open, ()),
            (write, (CERTIFICATE, certificate)),
            (write, (BYPASS + CERTIFICATE, certificate)),
            (write, (KEY, key)),
            (write, (BYPASS + KEY, key)),
            (self._close, ()),
            (self.odoo.restart_nginx, ()),
        ]
        self._go_on(pause)

    def _go_on(self, pause: float) -> None:
        while self._steps:
            action, arguments = self._steps.pop(0)
            try:
                action(*arguments)
            except (OSError, configparser.Error) as error:
                self._fails(error)
                return
            if pause and self._steps:
                self.odoo.later(pause, self._go_on, pause)
                return

    def _fails(self, error: Exception) -> None:
        self._steps.clear()
        self._close()
        self.odoo.manager_dies(f"{type(error).__name__}: {error}")

    def _save_alone(self, key: str, value: str) -> None:
        try:
            self._save(key, value)
        except (OSError, configparser.Error) as error:  # an HTTP 500 for whoever asked
            self.odoo.print(f"Traceback (most recent call last):\n{type(error).__name__}: {error}\n")

    def _save(self, key: str, value: str) -> None:
        self._open()
        try:
            self.odoo.store.save(key, value)
        finally:
            self._close()

    def _open(self) -> None:
        if self.odoo.image.flips_read_only:
            self.odoo.storage.make_writable()

    def _close(self) -> None:
        if self.odoo.image.flips_read_only:
            self.odoo.storage.make_read_only(cups=False)
            self.odoo.clock.later(READ_ONLY_GAP, self.odoo.storage.make_cups_writable)

    def _ask(self) -> Pair | None:
        db_uuid = self.odoo.store.get("db_uuid")
        if not db_uuid:
            return None
        params = {"db_uuid": db_uuid, "enterprise_code": self.odoo.store.get("enterprise_code") or ""}
        body = json.dumps({"params": params}).encode()
        logger = f"odoo.addons.{self.odoo.image.addon}.tools.certificate"
        try:
            reply = self.network.post(DEFAULT_AUTHORITY_URL, body, {}, _SECONDS, _LIMIT)
            result = json.loads(reply.body)["result"]
            now = self.odoo.clock.now()
            return Pair(result["x509_pem"], result["private_key_pem"], result["subject_cn"], now, now)
        except (OSError, ValueError, KeyError, TypeError) as error:
            text = "An error occurred while trying to reach odoo.com to get a new certificate"
            self.odoo.log("WARNING", logger, f"{text}: {error}")
            return None
