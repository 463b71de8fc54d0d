"""What may be seen in the files in which a box keeps its values, and why a value cannot be written there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_RESTORE: Final = "copy the file of another box with the same image, and leave its section [iot.box] out"
_NO_MODULES: Final = (
    "Odoo then shows a database selector in place of the box's homepage; put back the line of the image"
)
_DIES: Final = "so the vendor's manager thread dies on it; a plain % is written %%"

STORE: Final[Mapping[str, str]] = MappingProxyType(
    {
        "in_store": "{place}:",
        "store_empty": "the file is empty",
        "store_being_saved": "the file is empty, so the box may be saving it just now; read it again",
        "only_nul": f"it holds {{count}} NUL bytes and nothing else, as after a power cut: {_RESTORE}",
        "only_nul_in": "{file} holds {count} NUL bytes and nothing else, as after a power cut",
        "nul_line": "line {line}: it holds NUL bytes, as after a power cut; remove them",
        "nul_value": "{line:line}{key} holds NUL bytes, as after a power cut",
        "nul_in": "{file} holds NUL bytes, as after a power cut; write the value again",
        "no_utf8_line": "line {line}: it holds a byte that is not UTF-8; save the file as UTF-8",
        "no_utf8_in": "{file} holds a byte that is not UTF-8; write the value again as plain text",
        "byte_order_mark": "line 1: it begins with a byte order mark; save the file as UTF-8 without one",
        "byte_order_mark_in": "{file} begins with a byte order mark, which the box takes as part of the value; save it "
        "without one",
        "spaces_in": "{file} has spaces around its value, which the box takes as part of it; remove them",
        "blanks": "line {line}: it has more than 256 blanks in a row; remove them",
        "above_sections": "line {line}: there is no [section] above it; the file must begin with [options]",
        "no_key": "line {line}: it is not of the form key = value; remove it, or put # before it",
        "section_twice": "line {line}: this section is there already; put what is below it under the first one",
        "key_twice": "line {line}: {key:key} is there already (capitals make no difference); keep one of them",
        "vendor_cannot": "{error}: the vendor's program cannot read this file",
        "no_options": f"there is no section [options]; {_NO_MODULES}",
        "no_modules": f"server_wide_modules is missing in section [options]; {_NO_MODULES}",
        "indented": "line {line}: it is indented, so it is part of {key:key} above; remove the spaces",
        "comment_or_quotes": "{line:line}a comment or quotes behind {key} = belong to the value",
        "refers_to_nothing": f"{{line:line}}{{key}} refers with %(...)s to a key that is not there, {_DIES}",
        "refers_to_much": f"{{line:line}}{{key}} refers with %(...)s to more than fits into memory, {_DIES}",
        "refers_to_itself": f"{{line:line}}{{key}} refers with %(...)s to itself, {_DIES}",
        "single_percent": f"{{line:line}}{{key}} holds a single %, {_DIES}",
        "more_of_this": "and {more} more of this kind",
        "value_empty": "{key} is empty; give no value at all to remove it",
        "value_control": "{key} holds a line break or another control character; check what was pasted",
        "value_spaces": "{key} has spaces around it, which odoo.conf cannot keep; remove them",
        "depends": "{key} depends on what changes, or on [DEFAULT]; give it a value in the same edit",
        "in_default": "{key} is set in section [DEFAULT] too; remove it there",
        "would_change": "the edit would change values that it must not touch; write the file by hand",
    }
)
"""By name; a problem that a value has keeps the value to itself."""
