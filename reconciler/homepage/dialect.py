"""What each generation of the homepage calls things, and how it takes them: one row a generation.

The image does not matter for it, nor whether the box is a Linux or a Windows one, except where a row says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class Dialect(StrEnum):
    """A generation of the homepage.

    `flat_15`: 15.0. `flat_16`: 16.0 and early 17.0. `owl`: late 17.0, 18.0 and up to saas-18.2. `owl_18_3`: saas-18.3,
    whose status is a mere look. `newest`: saas-18.4, 19.0 and later.
    """

    FLAT_15 = "flat_15"
    FLAT_16 = "flat_16"
    OWL = "owl"
    OWL_18_3 = "owl_18_3"
    NEWEST = "newest"


class Manner(StrEnum):
    """How a route is asked: GET, a form by POST, or JSON-RPC by POST."""

    GET = "get"
    FORM = "form"
    RPC = "rpc"


class LinkForm(StrEnum):
    """How a connection token holds its parts: between bars, or as the parameters of a URL."""

    BARS = "bars"
    URL = "url"


@dataclass(frozen=True, slots=True)
class PageRoute:
    """One route.

    Args:
        reads: it changes nothing and asks nobody, so a check may use it.
        fixed: fields that are sent with it, always the same.
    """

    path: str
    manner: Manner = Manner.GET
    reads: bool = False
    fixed: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DialectEntry:
    """What is known of one generation.

    Args:
        status: what the box says of itself and its certificate; where it does not merely read, asking for it may make
            the box ask www.odoo.com, write its certificate and restart nginx.
        credentials: shows the credentials, where the status does not.
        save_credentials: stores `db_uuid` and `enterprise_code`, and restarts.
        clear_credentials: deletes both, and restarts.
        link: stores a connection token, and restarts.
        unlink: deletes the link, and restarts only where `unlink_restarts`.
        restart: restarts the vendor's program; `None` where only a write does.
        reboot: restarts the whole box; not on Windows.
        password: gives the user `pi` another password and shows it; not on Windows.
        password_survives: that password is still valid after a reboot.
        check_certificate: has the box judge its certificate and fetch one if it is due.
        logs: the log as text or in JSON; `logs_in_json` says which.
        logs_windows: the same on Windows, where the first looks at a path of Linux.
        log_levels: shows them.
        set_log_level: sets one.
        levels_in_names: a level is sent as a field with the logger's name, not as `name` and `value`.
        level_saves_options: a changed level writes `odoo.conf` anew from what the program read at its start.
        doubles_percent: `%` has to be sent doubled, since the box reads its file with interpolation.
        link_forms: in which forms it takes a token; the first is preferred.
        knows_db_name: a token may name the database.
        ping: answers that the page is there, and tells the generation by its path.
    """

    status: PageRoute
    credentials: PageRoute | None = None
    save_credentials: PageRoute
    clear_credentials: PageRoute
    link: PageRoute
    unlink: PageRoute
    unlink_restarts: bool = False
    restart: PageRoute | None
    reboot: PageRoute | None = None
    password: PageRoute | None
    password_survives: bool = True
    check_certificate: PageRoute | None = None
    logs: PageRoute
    logs_windows: PageRoute
    logs_in_json: bool = False
    log_levels: PageRoute | None
    set_log_level: PageRoute | None
    levels_in_names: bool = False
    level_saves_options: bool = False
    doubles_percent: bool = False
    link_forms: tuple[LinkForm, ...]
    knows_db_name: bool = False
    ping: PageRoute | None = None

    @property
    def is_flat(self) -> bool:
        """Whether its pages are HTML made on the box, with forms."""
        return self.credentials is not None


_VERSION: Final = PageRoute("/hw_proxy/get_version", reads=True)
_CHECK: Final = PageRoute("/hw_drivers/check_certificate")
_DOWNLOAD: Final = PageRoute("/hw_drivers/download_logs", reads=True)
_BLANK_NAME: Final = (("iotname", ""),)
"""Has to be sent; an empty one leaves the box's name alone, another one renames and reboots it."""


def _flat(
    *, restart: PageRoute | None, password: PageRoute | None, levels: PageRoute | None, set_level: PageRoute | None
) -> DialectEntry:
    return DialectEntry(
        status=PageRoute("/"),
        credentials=PageRoute("/list_credential", reads=True),
        save_credentials=PageRoute("/save_credential", Manner.FORM),
        clear_credentials=PageRoute("/clear_credential"),
        link=PageRoute("/server_connect", Manner.FORM, fixed=_BLANK_NAME),
        unlink=PageRoute("/server_clear"),
        restart=restart,
        password=password,
        check_certificate=_CHECK,
        logs=_DOWNLOAD,
        logs_windows=_DOWNLOAD,
        log_levels=levels,
        set_log_level=set_level,
        levels_in_names=True,
        level_saves_options=True,
        link_forms=(LinkForm.BARS,),
    )


def _owl(*, status_reads: bool) -> DialectEntry:
    base = "/hw_posbox_homepage"
    return DialectEntry(
        status=PageRoute(f"{base}/data", reads=status_reads),
        save_credentials=PageRoute(f"{base}/save_credential", Manner.RPC),
        clear_credentials=PageRoute(f"{base}/clear_credential"),
        link=PageRoute(f"{base}/connect_to_server", Manner.RPC),
        unlink=PageRoute(f"{base}/server_clear"),
        restart=PageRoute(f"{base}/restart_odoo_service"),
        password=PageRoute(f"{base}/generate_password"),
        check_certificate=None if status_reads else _CHECK,
        logs=PageRoute(f"{base}/iot_logs", reads=True),
        logs_windows=_DOWNLOAD,
        logs_in_json=True,
        log_levels=PageRoute(f"{base}/log_levels", reads=True),
        set_log_level=PageRoute(f"{base}/log_levels_update", Manner.RPC),
        level_saves_options=True,
        doubles_percent=True,
        link_forms=(LinkForm.URL, LinkForm.BARS),
        ping=PageRoute(f"{base}/ping", reads=True),
    )


_NEWEST: Final = DialectEntry(
    status=PageRoute("/iot_drivers/data", reads=True),
    save_credentials=PageRoute("/iot_drivers/save_credential", Manner.RPC),
    clear_credentials=PageRoute("/iot_drivers/clear_credential"),
    link=PageRoute("/iot_drivers/connect_to_server", Manner.RPC),
    unlink=PageRoute("/iot_drivers/server_clear"),
    unlink_restarts=True,
    restart=PageRoute("/iot_drivers/restart_odoo_service"),
    password=PageRoute("/iot_drivers/generate_password", Manner.RPC),
    password_survives=False,
    logs=PageRoute("/iot_drivers/iot_logs", reads=True),
    logs_windows=PageRoute("/iot_drivers/iot_logs", reads=True),
    logs_in_json=True,
    log_levels=PageRoute("/iot_drivers/log_levels", reads=True),
    set_log_level=PageRoute("/iot_drivers/log_levels_update", Manner.RPC),
    link_forms=(LinkForm.URL, LinkForm.BARS),
    knows_db_name=True,
    ping=PageRoute("/iot_drivers/ping", reads=True),
)
VERSION_ROUTE: Final = _VERSION
"""Of every generation before the newest: the version of the image."""
DIALECTS: Final[Mapping[Dialect, DialectEntry]] = MappingProxyType(
    {
        Dialect.FLAT_15: _flat(restart=None, password=None, levels=None, set_level=None),
        Dialect.FLAT_16: _flat(
            restart=PageRoute("/iot_restart_odoo_or_reboot", Manner.RPC, fixed=(("action", "restart_odoo"),)),
            password=PageRoute("/hw_posbox_homepage/password", Manner.RPC),
            levels=PageRoute("/list_handlers", reads=True),
            set_level=PageRoute("/list_handlers", Manner.FORM),
        ),
        Dialect.OWL: _owl(status_reads=False),
        Dialect.OWL_18_3: _owl(status_reads=True),
        Dialect.NEWEST: _NEWEST,
    }
)
"""Every generation."""
