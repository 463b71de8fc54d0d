"""Options of Odoo that decide who reaches it, as the process has read them at its start."""

from __future__ import annotations

import configparser
from dataclasses import dataclass
from typing import Final

from .image import FLAT_OPTIONS, INI
from .log_levels import LogLevels
from .spec import Image
from .view import FileView
from .web import HOMEPAGE_PORT

ANY: Final = "0.0.0.0"  # noqa: S104 - nothing is bound
_LOCAL = ("127.0.0.1", "localhost")
_LOCAL_BY_DEFAULT = ("saas-19.1",)


@dataclass(frozen=True, slots=True)
class Bound:
    """Where the process listens, and whether it serves the routes of a box."""

    interface: str = ANY
    port: int = HOMEPAGE_PORT
    is_box: bool = True

    @property
    def asked_by_nginx(self) -> bool:
        """Say whether nginx reaches it, which asks 127.0.0.1."""
        return self.port == HOMEPAGE_PORT and self.interface in (ANY, *_LOCAL)

    @property
    def address(self) -> str:
        """Return the address of its socket."""
        return "127.0.0.1" if self.interface in _LOCAL else self.interface


def log_levels(files: FileView) -> LogLevels:
    """Read what is logged from the start on."""
    return LogLevels.of(_options(files).get("log_handler", ""))


def bound(files: FileView, image: Image) -> Bound:
    """Read them; what cannot be read stops the program elsewhere."""
    values = _options(files)
    default = "127.0.0.1" if image.branch in _LOCAL_BY_DEFAULT else ANY
    modules = values.get("server_wide_modules")
    return Bound(
        interface=values.get("http_interface", default) or ANY,
        port=0 if values.get("http_enable") == "False" else int(values.get("http_port", HOMEPAGE_PORT)),
        is_box=modules is None or "hw_drivers" in modules or "iot_drivers" in modules,
    )


def _options(files: FileView) -> dict[str, str]:
    parser = configparser.RawConfigParser()
    for path in (FLAT_OPTIONS, INI):
        try:
            parser.read_string(files.read(path).decode())
        except (OSError, UnicodeDecodeError, configparser.Error):
            continue
    return dict(parser.items("options")) if parser.has_section("options") else {}
