"""The routes of late 17.0 and of 19.0: JSON for a page that runs in the browser."""

from __future__ import annotations

import time
from collections.abc import Callable

from . import machine
from .certificate import end_date, status
from .facts import answers, link
from .facts import status as facts
from .generations import Generation
from .password import new_password
from .store import Store
from .web import Answer, Route

POLL_SECONDS = 50.0
"""How long a till's request for events is held open."""
STARTED = time.monotonic()


class IotBoxOwlHomePage:
    """Named as on the box, since the name shows in its error messages."""

    def __init__(self, generation: Generation, store: Store, restart: Callable[[float], None]) -> None:
        self._generation = generation
        self._store = store
        self._restart = restart

    def table(self) -> dict[str, Route]:
        """Every path of this generation."""
        common = self._common()
        if self._generation.module == "iot_drivers":
            return common | {
                "/iot_drivers/data": Route(self.new_data),
                "/iot_drivers/event": Route(self.event, rpc=True),
            }
        return common | {
            "/hw_posbox_homepage/data": Route(self.old_data),
            "/hw_posbox_homepage/log_levels_update": Route(self.log_levels_update, rpc=True),
            "/hw_drivers/check_certificate": Route(self.check_certificate),
            "/hw_drivers/event": Route(self.event, rpc=True),
            "/hw_proxy/get_version": Route(machine.version),
        }

    def _common(self) -> dict[str, Route]:
        prefix = "/iot_drivers" if self._generation.module == "iot_drivers" else "/hw_posbox_homepage"
        newer = self._generation.module == "iot_drivers"
        routes = {
            "generate_password": Route(self.generate_password, rpc=newer),
            "ping": Route(lambda: answers.success("pong")),
            "restart_odoo_service": Route(self.restart_odoo_service),
            "save_credential": Route(self.save_credential, rpc=True),
            "clear_credential": Route(self.clear_credential),
            "connect_to_server": Route(self.connect_to_server, rpc=True),
            "server_clear": Route(self.server_clear),
        }
        table = {f"{prefix}/{name}": route for name, route in routes.items()}
        return table | {"/hw_proxy/hello": Route(lambda: "ping"), "/": Route(lambda: "<html>IoT box</html>")}

    def save_credential(self, db_uuid: str, enterprise_code: str) -> Answer:
        """Store and restart at once."""
        self._store.save({"db_uuid": db_uuid, "enterprise_code": enterprise_code})
        return self._success(answers.SAVED)

    def clear_credential(self) -> Answer:
        """Forget both and restart."""
        self._store.save({"db_uuid": None, "enterprise_code": None})
        return self._success(answers.CLEARED)

    def connect_to_server(self, token: str = "", iotname: str = "") -> Answer:  # noqa: ARG002 - never renamed here
        """Store the link and restart a second later; newer code restarts even after a bad token."""
        newer = self._generation.module == "iot_drivers"
        try:
            if token:
                self._store.save(link.parse(token, knows_db_name=newer))
        except (ValueError, TypeError) as error:
            failure = answers.failure(answers.BAD_URL if isinstance(error, ValueError) else answers.NOT_CONNECTED)
            return Answer(failure, (lambda: self._restart(answers.RESTART_AFTER_LINKING)) if newer else None)
        return self._success(answers.CONNECTED, after=answers.RESTART_AFTER_LINKING)

    def server_clear(self) -> Answer:
        """Forget the link; the subject is never forgotten. Only newer code restarts."""
        newer = self._generation.module == "iot_drivers"
        keys = ["remote_server", "token", "db_uuid", *(["enterprise_code", "db_name"] if newer else [])]
        self._store.save(dict.fromkeys(keys))
        return Answer(answers.success(answers.DISCONNECTED), (lambda: self._restart(0.0)) if newer else None)

    def restart_odoo_service(self) -> Answer:
        """Restart in the same process."""
        return self._success(answers.RESTARTED)

    def generate_password(self) -> dict[str, str]:
        """Set another password for `pi` and tell it to whoever asks."""
        return {"password": new_password(self._generation)}

    def log_levels_update(self, name: str = "", value: str = "") -> dict[str, str]:  # noqa: ARG002
        """Saving a log level writes the file back as it was at the start."""
        self._store.save_as_started()
        return answers.success("Logger level updated")

    def check_certificate(self) -> str:
        """The route of the daily job: check, and fetch if needed."""
        status(self._generation, self._store)
        return ""

    def event(self, **_listener: object) -> dict[str, object]:
        """Hold the request open, as a till's long poll is."""
        time.sleep(POLL_SECONDS)
        return {}

    def old_data(self) -> dict[str, object]:
        """Status of 17.0; asking may fetch a certificate."""
        ok, details = status(self._generation, self._store)
        return facts.old(self._box(), hostname="iotbox", ok=ok, details=details)

    def new_data(self) -> dict[str, object]:
        """Status of 19.0; asking changes nothing."""
        now = time.monotonic()
        return facts.new(
            self._box(),
            serial=machine.serial_number(),
            end_date=end_date(self._generation),
            odoo_seconds=now - STARTED,
            system_seconds=now,
        )

    def _box(self) -> facts.Box:
        get = self._store.get
        return facts.Box(
            address=machine.address(),
            mac=machine.mac_address(),
            version=machine.version(),
            server=get("remote_server"),
            db_uuid=get("db_uuid"),
            enterprise_code=get("enterprise_code"),
            six_terminal=get("six_payment_terminal"),
        )

    def _success(self, message: str, after: float = 0.0) -> Answer:
        return Answer(answers.success(message), lambda: self._restart(after))
