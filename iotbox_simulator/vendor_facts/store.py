"""Where the vendor's program keeps its link and credentials."""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from typing import Final, TypeVar

Values = Mapping[str, "str | None"]
"""What is saved; an empty value deletes."""
Parser = TypeVar("Parser", bound=configparser.RawConfigParser)

SECTION: Final = "iot.box"
FLAT_FILES: Final[Mapping[str, str]] = {
    "remote_server": "odoo-remote-server.conf",
    "token": "token",
    "db_uuid": "odoo-db-uuid.conf",
    "enterprise_code": "odoo-enterprise-code.conf",
    "subject": "odoo-subject.conf",
    "six_payment_terminal": "odoo-six-payment-terminal.conf",
}
"""Name of the file of each value, in the home of `pi`."""
_WRITTEN_BY_SHELL: Final = ("remote_server", "token")


def flat_text(key: str, value: str) -> str:
    """Return what the file of a value holds; a script of the box, which ends lines, writes two of them."""
    return f"{value}\n" if key in _WRITTEN_BY_SHELL else value


def updated(parser: Parser, values: Values, section: str = SECTION) -> Parser:
    """Put values into a section of a configuration that was read, and return it."""
    if not parser.has_section(section):
        parser.add_section(section)
    for key, value in values.items():
        if value:
            parser.set(section, key, value)
        else:
            parser.remove_option(section, key)
    return parser
