"""Read which options of Odoo decide whether a till reaches it, from the file with which the process was started."""

from __future__ import annotations

from configparser import Error as ConfigParserError
from configparser import RawConfigParser
from typing import Final

from ...machine.processes import Process
from ...machine.reading import read
from ...machine.system import Files
from ...model.observed import OPTIONS_OF_REACH, Layout, StoreFormat

_INI: Final = "/home/pi/odoo.conf"
_FLAT: Final = "/home/pi/odoo/addons/point_of_sale/tools/posbox/configuration/odoo.conf"
_LIMIT: Final = 1 << 18
_LONGEST: Final = 200
"""Characters of a value that are told; the list of modules of an image has 50."""
_OUTDATED: Final = {"xmlrpc": "http_enable", "xmlrpc_interface": "http_interface", "xmlrpc_port": "http_port"}
"""Names that Odoo up to 18.0 still takes, each for the newer one, whichever comes later."""


def reach(files: Files, layout: Layout, process: Process | None) -> dict[str, str]:
    """Return the options that matter and are set; none where the file cannot be read, which the store tells.

    Args:
        process: the running program; an image's unit may start an old branch with the new file.
    """
    content, _ = read(files, _file(layout, process), _LIMIT)
    return {} if content is None else parse(content)


def parse(content: bytes) -> dict[str, str]:
    """Return the same from the bytes of a file, as Odoo reads it: without expanding anything."""
    parser = RawConfigParser()
    try:
        parser.read_string(content.decode())
        items = parser.items("options") if parser.has_section("options") else []
    except (ConfigParserError, UnicodeDecodeError):
        return {}
    found = {_OUTDATED.get(name, name): value for name, value in items}
    return {name: found[name][:_LONGEST] for name in OPTIONS_OF_REACH if name in found}


def _file(layout: Layout, process: Process | None) -> str:
    """Return the file that the process was given; its command line is believed where it names one of the two known."""
    given = [each.rpartition("=")[2] for each in process.arguments] if process is not None else []
    named = next((each for each in given if each in (_INI, _FLAT)), None)
    return named or (_FLAT if layout.store_format is StoreFormat.FLAT else _INI)
