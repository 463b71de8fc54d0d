"""Names of repairs and of what may be known better of them, apart from all texts: messages carry names."""

from __future__ import annotations

from enum import StrEnum

from .repair_kind import RepairKind

__all__ = [
    "CopyDirection",
    "NginxLoad",
    "RepairKind",
    "RestartCondition",
    "RestartWay",
    "StoreKey",
    "Undertaking",
]


class StoreKey(StrEnum):
    """The values of a box that this program reads or writes, by one name for all branches, in the order of writing."""

    SERVER_URL = "server_url"
    TOKEN = "token"  # noqa: S105 - the name of a value, not a value
    DB_NAME = "db_name"
    DB_UUID = "db_uuid"
    ENTERPRISE_CODE = "enterprise_code"
    SUBJECT = "subject"


class CopyDirection(StrEnum):
    """Which of the two trees of a box the other one is made equal to."""

    MIRROR_TO_LIVE = "mirror_to_live"
    LIVE_TO_MIRROR = "live_to_mirror"


class RestartCondition(StrEnum):
    """What a planned restart depends on that is known only when the repairs before it are done.

    `subject_changes`: a fetched certificate with the name of the one before makes it needless. `answer_allows`: Odoo
    asks the authority at its start, and some answers would end it again. `status_shows`: what is stored is read only
    then, since reading it may change the box.
    """

    SUBJECT_CHANGES = "subject_changes"
    ANSWER_ALLOWS = "answer_allows"
    STATUS_SHOWS = "status_shows"


class Undertaking(StrEnum):
    """What is not begun where too little time is left to finish or undo it."""

    FETCH = "fetch"
    REPLACE = "replace"
    RESTART = "restart"


class NginxLoad(StrEnum):
    """How nginx was made to read its pair again."""

    RELOADED = "reloaded"
    STARTED = "started"


class RestartWay(StrEnum):
    """How Odoo was restarted: what more than the first costs tills more than two seconds.

    `told_twice`: the first signal was lost. `by_homepage`: by a route of its own. `by_write`: it restarted itself over
    what was written.
    """

    AT_ONCE = "at_once"
    TOLD_TWICE = "told_twice"
    BY_SYSTEMD = "by_systemd"
    BY_HOMEPAGE = "by_homepage"
    BY_WRITE = "by_write"
