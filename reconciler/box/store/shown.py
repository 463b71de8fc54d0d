"""The store as a file that may be sent away: line by line, without the value of anything that is secret.

What is shown of section `[iot.box]` is a list, since newer branches keep further secrets there; of Odoo's own options
everything is shown but what is called like a secret. Comments go: people keep old passwords there.
"""

from __future__ import annotations

import re
from typing import Final

from ...model.secret import MASK

_SHOWN: Final = frozenset(
    {
        "remote_server",
        "db_name",
        "subject",
        "iotbox_version",
        "screen_orientation",
        "iot_handlers_etag",
        "log_level_reset_timestamp",
    }
)
"""Keys of `[iot.box]` that hold no secret; `browser_url` may hold one."""
_SECRET: Final = re.compile(r"pass|secret|token|key|uuid|code|cred|auth|user|smtp|identifier", re.IGNORECASE)
_SECTION: Final = re.compile(r"\s*\[([^\]\n]{1,80})\]\s*$")
_OPTION: Final = re.compile(r"([^\s=:#;][^=:]{0,80}?)\s*[=:]\s*(.*)$")
_FLAT_SHOWN: Final = frozenset({"odoo-remote-server.conf", "odoo-subject.conf"})
_BOX: Final = "iot.box"


def shown_ini(content: bytes) -> str:
    """Return `odoo.conf` with the values of secrets masked, whatever is in the file."""
    section, masks, lines = "", False, []
    for line in content.decode("utf-8", errors="replace").splitlines():
        if (head := _SECTION.match(line)) is not None:
            section, masks = head[1].strip().lower(), False
            lines.append(f"[{head[1]}]")
        elif not line.strip():
            lines.append("")
        elif line.lstrip()[0] in "#;":
            lines.append("# (comment left out)")
        elif line[0].isspace():
            lines.append(f"    {MASK}" if masks or section == _BOX else line)
        elif (option := _OPTION.match(line)) is not None:
            key = option[1].strip()
            masks = _is_masked(section, key.lower())
            lines.append(f"{key} = {MASK if masks and option[2].strip() else option[2]}")
        else:
            masks = True
            lines.append("(line without a value left out)")
    return "\n".join(lines) + "\n"


def hidden_values(content: bytes) -> tuple[str, ...]:
    """Return the values of section `[iot.box]` that are not shown: they may stand in the log as well."""
    section, found = "", []
    for line in content.decode("utf-8", errors="replace").splitlines():
        if (head := _SECTION.match(line)) is not None:
            section = head[1].strip().lower()
        elif section == _BOX and (option := _OPTION.match(line)) is not None and _is_masked(section, option[1].lower()):
            found += [option[2].strip(), option[2].strip().replace("%%", "%")]
    return tuple(filter(None, found))


def shown_flat(name: str, content: bytes | None) -> str:
    """Return one file of the oldest branches, with the value of a secret masked."""
    if content is None:
        return f"{name}: not there\n"
    if name in _FLAT_SHOWN:
        return f"{name}: {content.decode('utf-8', errors='replace').strip()}\n"
    return f"{name}: {MASK if content.strip() else '(empty)'}\n"


def _is_masked(section: str, key: str) -> bool:
    return key not in _SHOWN if section == _BOX else _SECRET.search(key) is not None
