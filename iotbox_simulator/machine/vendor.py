"""What the vendor's program does to a box by itself: renew, save its values, make the root read-only.

It writes four files one after the other, as its own user, in place and without any sync. Each write is a step of its
own, so that a test can let the tool, or a signal, come between any two.
"""

from __future__ import annotations

import configparser
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ..pki import Pair
from ..vendor_facts.log_levels import KEPT_FOR
from ..vendor_facts.options import OPTIONS
from .certificate_check import State, check, end_date
from .fetch import CRASHES, Asking
from .filesystem import BYPASS
from .image import CERTIFICATE, FLAT_OPTIONS, INI, KEY
from .log_levels import LogLevels
from .network import BoxNetwork
from .odoo import Odoo

READ_ONLY_GAP = 0.014
"""Seconds between the remount of the root and that of cups, in which the whole disk is read-only."""
RESTART_SECONDS = 0.03
"""How long it goes on after it was told over HTTP to restart."""
LATE_RESTART_SECONDS = 45.0
"""The same while a till holds a request open."""
WINDOWS_RESTART_SECONDS = 3.0
GENERATED = "The HTTPS certificate was generated correctly"
NO_SERVER = "ERR_IOT_HTTPS_CHECK_NO_SERVER"
SHADOW = "/etc/shadow"
Step = tuple[Callable[..., object], tuple[object, ...]]
FAILURES = (*CRASHES, configparser.Error)


@dataclass(slots=True)
class Vendor:
    """The vendor's own writes. While the program is held by a signal, they wait.

    Args:
        password: of `pi`, as last set by the program; None is the one of the image.
    """

    odoo: Odoo
    network: BoxNetwork
    password: str | None = None
    _passwords: int = 0
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

    def stores(self, values: Mapping[str, str | None]) -> None:
        """Save values for a request; what is empty is deleted. What goes wrong is the caller's.

        Raises:
            OSError, ValueError, configparser.Error: as the vendor's code would.
        """
        self._open()
        try:
            self.odoo.store.save_all(values)
        finally:
            self._close()

    def logs_at(self, levels: LogLevels) -> None:
        """Log at other levels from now on, and write that down where this branch does.

        Raises:
            OSError, ValueError, configparser.Error: as for `stores`; the levels count all the same.
        """
        self.odoo.levels = levels
        store, until = self.odoo.store, str(self.odoo.clock.timestamp() + KEPT_FOR)
        all_options = OPTIONS | {"log_handler": levels.option}
        kept = self.odoo.image.code.levels_kept
        self._open()
        try:
            if kept == "memory":
                store.save_as_started(all_options, {"log_level_reset_timestamp": until})
            elif kept == "section":
                store.save_options({"log_level_reset_timestamp": until, "log_handler": levels.option})
            else:
                lines = "".join(f"{key} = {value}\n" for key, value in all_options.items())
                path = FLAT_OPTIONS if self.odoo.image.system == "Linux" else INI
                store.files.write(path, f"[options]\n{lines}".encode())
        finally:
            self._close()

    def status(self) -> tuple[bool, str]:
        """Check and, if a certificate is due, fetch one and check again: what reading the status of older code does.

        Raises:
            Exception: one of `FAILURES`, for which the route answers 500.
        """
        state, details = check(self.odoo)
        if state is not State.NEED_REFRESH:
            return state is State.OK, details
        loaded = self._asking.with_codes()
        if isinstance(loaded, str):
            return False, loaded
        self._install(loaded)
        state, details = check(self.odoo)
        return (True, GENERATED) if state is State.NEED_REFRESH else (state is State.OK, details)

    def tends(self) -> None:
        """Look after the certificate as at the start of the program; what it does not expect ends its manager."""
        try:
            if self.odoo.image.code.sets_password and self.odoo.store.get("remote_server"):
                self.new_password()
            self._tend()
        except FAILURES as error:
            self.odoo.manager_dies(f"{type(error).__name__}: {error}")
        self.odoo.later(_until_midnight(self.odoo.clock.now()), self._tends_at_midnight)

    def restarts(self, after: float = 0.0) -> None:
        """Restart in the same process, some seconds after this was asked for over HTTP."""
        late = LATE_RESTART_SECONDS if self.odoo.long_poll else RESTART_SECONDS
        self.odoo.later(after + late, self.odoo.restart_in_place)

    def new_password(self) -> str:
        """Set another password for `pi` and return it; it follows from the number of passwords before it."""
        self._passwords += 1
        digest = hashlib.sha256(f"{self.network.address} {self._passwords}".encode()).digest()
        letters = "".join("abcdefghijkmnopqrstuvwxyz"[byte % 25] for byte in digest)
        if self.odoo.image.code.homepage == "iot_drivers":
            self.password = f"{letters[:7]}-{letters[7:13]}-{letters[13:20]}"
        else:
            self.password = letters[:12]
        self._note_password(self.password)
        return self.password

    def lets_in(self, password: str) -> bool:
        """Tell whether this is the password of `pi` now; that of the image is known to nobody."""
        try:
            return self.odoo.storage.view().read(SHADOW) == _shadow(password)
        except FileNotFoundError:
            return False

    def _note_password(self, password: str) -> None:
        """Keep it where a login is checked; up to 18.0 also where it survives a reboot. Windows has no such account."""
        if self.odoo.image.system == "Windows":
            return
        self._open()
        try:
            kept = self.odoo.image.code.homepage != "iot_drivers"
            for root in ("", BYPASS) if kept else ("",):
                self.odoo.storage.view().write(f"{root}{SHADOW}", _shadow(password), 0o640)
        finally:
            self._close()

    @property
    def _asking(self) -> Asking:
        return Asking(self.odoo, self.network)

    @property
    def _has_codes(self) -> bool:
        return self.odoo.image.code.replies != "logged"

    def _tend(self) -> None:
        if self._has_codes:
            ok, details = self.status()
            if not ok and details != NO_SERVER:
                text = f"An error happened when trying to get the HTTPS certificate: {details}"
                self.odoo.log("WARNING", f"odoo.addons.{self.odoo.image.addon}.main", text)
        elif self.odoo.store.get("remote_server") and end_date(self.odoo) is None:
            pair = self._asking.with_retries()
            if pair is not None:
                self._install(pair)

    def _tends_at_midnight(self) -> None:
        if not self.odoo.manager_dead:
            try:
                self._tend()
            except FAILURES as error:  # the daily run is inside a catch-all
                self.odoo.print(f"Traceback (most recent call last):\n{type(error).__name__}: {error}\n")
        self.odoo.later(_until_midnight(self.odoo.clock.now()), self._tends_at_midnight)

    def _renew(self, pair: Pair | None, pause: float) -> None:
        try:
            new = pair or self._ask()
        except FAILURES as error:
            self.odoo.manager_dies(f"{type(error).__name__}: {error}")
            return
        if new is not None:
            self._steps = [*self._installing(new), (self.odoo.restart_nginx, ())]
            self._go_on(pause)

    def _ask(self) -> Pair | None:
        if not self._has_codes:
            return self._asking.with_retries()
        answer = self._asking.with_codes()
        if isinstance(answer, Pair):
            return answer
        text = f"An error happened when trying to get the HTTPS certificate: {answer}"
        self.odoo.log("WARNING", f"odoo.addons.{self.odoo.image.addon}.main", text)
        return None

    def _install(self, pair: Pair) -> None:
        """Write a pair at once, wait as this branch does, and let nginx read it; failures are the caller's."""
        try:
            for action, arguments in self._installing(pair):
                action(*arguments)
        except FAILURES:
            self._close()
            raise
        self.odoo.clock.advance(self.odoo.image.code.nginx_pause)
        if self.odoo.image.system == "Windows":
            self.odoo.later(WINDOWS_RESTART_SECONDS, self.odoo.restart_in_place)
        elif self.odoo.nginx.restart().status != 0:
            command = "['sudo', 'service', 'nginx', 'restart']"
            raise ChildProcessError(f"Command '{command}' returned non-zero exit status 1.")

    def _installing(self, new: Pair) -> list[Step]:
        certificate, key = new.certificate_pem.encode(), new.private_key_pem.encode()
        if not self._has_codes and not (certificate and key):
            return [(self._save, ("subject", new.subject)), (self._asking.refuse_empty, ())]
        write = self.odoo.store.files.write
        trees = ("", BYPASS) if self.odoo.image.mirrored else ("",)
        writes = [
            (write, (tree + path, text)) for path, text in ((CERTIFICATE, certificate), (KEY, key)) for tree in trees
        ]
        return [(self._save, ("subject", new.subject)), (self._open, ()), *writes, (self._close, ())]

    def _go_on(self, pause: float) -> None:
        while self._steps:
            action, arguments = self._steps.pop(0)
            try:
                action(*arguments)
            except FAILURES as error:
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
        except FAILURES as error:  # an HTTP 500 for whoever asked
            self.odoo.print(f"Traceback (most recent call last):\n{type(error).__name__}: {error}\n")

    def _save(self, key: str, value: str) -> None:
        self.stores({key: value})

    def _open(self) -> None:
        if self.odoo.image.flips_read_only:
            self.odoo.storage.make_writable()

    def _close(self) -> None:
        if self.odoo.image.flips_read_only:
            self.odoo.storage.make_read_only(cups=False)
            self.odoo.clock.later(READ_ONLY_GAP, self.odoo.storage.make_cups_writable)


def _until_midnight(now: datetime) -> float:
    tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return (tomorrow - now).total_seconds()


def _shadow(password: str) -> bytes:
    """Return the line of `pi`; the hash is none that crypt(5) knows."""
    return f"pi:$sim${hashlib.sha256(password.encode()).hexdigest()}:20000:0:99999:7:::\n".encode()
