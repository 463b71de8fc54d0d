"""What may be seen while a support bundle is collected, on a box and on the way to it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SUPPORT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "nothing_done": "nothing was done on the box:",
        "busy": "another run is at work on it{process:aside}",
        "closed": "{code}: {seen}",
        "late": "there was too little time left",
        "reads": "{reason}",
        "portion_unread": "{path} cannot be read: {reason}",
        "no_level_given": "no level was named",
        "level_raised": "log level: {level} (it was {before})",
        "level_put_back": "log level: {before} again",
        "level_as_wanted": "log level: {level} already",
        "nothing_to_put_back": "no log level has to be put back",
        "level_has_no_page": "the log level stays as it is: iot-https changes it by the page of late 17.0 and newer, "
        "and this box has {branch:or an older one}; set it on the box's homepage",
        "level_would_undo": "the log level stays as it is: {path} was changed since Odoo read it, and its page would "
        "write back what it read; restart Odoo when the shop is closed, then run again",
        "level_start_unknown": "the log level stays as it is: when Odoo read {path} is not known, and its page would "
        "write back what it read",
        "level_no_answer": "the log level cannot be changed: Odoo on the box answers {said}",
        "level_not_taken": "the log level cannot be changed: the page says {said}",
        "level_note_unwritten": "the log level stays as it is: it could not be noted before: {reason}",
        "level_left": "the log level is still {level}: {why}",
        "level_undid": "Odoo's page wrote other values of {keys:and} than there were; they were written back, and Odoo "
        "has to be restarted",
        "level_undid_and_stays": "Odoo's page wrote other values of {keys:and} than there were, and they could not be "
        "written back: {reason}",
    }
)
