"""The catalogue of repairs: every way in which a run may change a box, and what is known of each.

A repair is one member of `RepairKind`: its name for programs, its words for people, its place in the order, and what it
needs and does meanwhile. Plan, box, reports and documentation read it here, so that a new one is written down once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final, Self

from .step_name import StepName


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
    asks the authority at its start, and some answers would end it again.
    """

    SUBJECT_CHANGES = "subject_changes"
    ANSWER_ALLOWS = "answer_allows"


class NginxLoad(StrEnum):
    """How nginx was made to read its pair again."""

    RELOADED = "reloaded"
    STARTED = "started"


class RestartWay(StrEnum):
    """How Odoo was restarted: what more than the first costs tills more than two seconds.

    `told_twice`: the first signal was lost.
    """

    AT_ONCE = "at_once"
    TOLD_TWICE = "told_twice"
    BY_SYSTEMD = "by_systemd"


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairEntry:
    """What is known of one way of changing a box.

    Args:
        does: what it does, as it stands behind `would`.
        did: the same when it is done, short enough for a table.
        holds_odoo: Odoo is held still by a signal while files are exchanged that it writes, too.
        needs_space: it writes files, so it is not tried where the disk is full.
        restarts_odoo: an Odoo that runs is ended and started, which is asked about beforehand.
        tills: what a shop notices of it, for the documentation.
        step: of the diagnosis, which stands still where it fails.
        sentences: what may be said of how it ended, by name (see `codes.sentences`); a name says the same of each kind.
    """

    does: str
    did: str
    holds_odoo: bool = False
    needs_space: bool = True
    restarts_odoo: bool = False
    tills: str = "nothing"
    step: StepName = StepName.FILES
    sentences: Mapping[str, str] = field(default_factory=dict)


_RESTARTED: Final = {"restarted": "restarted {way:word restart_way}, Odoo answers"}
_REFUSES: Final = {"nginx_refuses": "nginx -t failed"}
_PLACED: Final = {
    **_REFUSES,
    "served": "{name} is served",
    "not_presented": "port {port} does not present the new certificate",
    "vanished": "the {tree} pair vanished while it was read",
    "changed_meanwhile": "the {tree} pair changed while it was read: {problem:word pair_problem}",
}
"""Of a pair that is put in place, wherever it comes from."""
OBSTACLES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "path_fails": "{path}: {reason}",
        "cannot_pass": "{user} cannot pass through {path}",
        "cannot_read": "{user} cannot read {path} (mode {mode}, owner id {owner})",
        "cannot_write": "{user} cannot write {path} (mode {mode}, owner id {owner})",
    }
)
"""Of what keeps somebody from reading or writing a file."""


class RepairKind(StrEnum):
    """Every way in which a run may change a box, in the order in which they are done."""

    _value_: str
    entry: RepairEntry

    def __new__(cls, name: str, entry: RepairEntry) -> Self:
        """Keep what is known of a repair with its name."""
        kind = str.__new__(cls, name)
        kind._value_ = name
        kind.entry = entry
        return kind

    RESUME_ODOO = (
        "resume_odoo",
        RepairEntry(
            does="resume Odoo",
            did="Odoo resumed",
            needs_space=False,
            tills="a stopped Odoo, which answers no till, comes back by a restart",
            step=StepName.ODOO,
            sentences={"woken": "woken, to be restarted at the end", **_RESTARTED},
        ),
    )
    ENABLE_NTP = (
        "enable_ntp",
        RepairEntry(
            does="switch on time synchronisation",
            did="NTP on",
            needs_space=False,
            step=StepName.CLOCK,
            sentences={
                "synchronised": "the clock is synchronised",
                "switched_on": "switched on; the clock is not synchronised yet",
                "not_switched_on": "timedatectl: {reason}",
            },
        ),
    )
    SET_RESOLVERS = (
        "set_resolvers",
        RepairEntry(
            does="set DNS resolvers",
            did="DNS set",
            step=StepName.BOX_DNS,
            sentences={
                "set": "{servers} in {path}",
                "none_answers": "none of {servers} answers for {host}",
                "not_set": "they could not be set: {reason}",
                "resolved_no_longer": "the box no longer resolved {silence}",
                "not_written_back": "what was there before could not be written back: {reason}",
            },
        ),
    )
    FETCH_CERTIFICATE = (
        "fetch_certificate",
        RepairEntry(
            does="fetch a certificate",
            did="certificate fetched",
            sentences={
                "fetched": "{name:or without a name}, valid until {until:first 10}",
                "nothing_newer": "the authority has nothing newer yet",
                "by_wrong_clock": "by the box's clock, which is wrong,",
                "found": "{code}:",
            },
        ),
    )
    COPY_CERTIFICATE = (
        "copy_certificate",
        RepairEntry(
            does="copy the certificate between live and mirror",
            did="certificate copied",
            holds_odoo=True,
            tills="Odoo answers a moment later; open connections are kept",
            sentences={"staged": "from the {tree} copy", **_PLACED},
        ),
    )
    INSTALL_CERTIFICATE = (
        "install_certificate",
        RepairEntry(
            does="put the certificate in place",
            did="new certificate",
            holds_odoo=True,
            tills="Odoo answers a moment later; open connections are kept",
            sentences={
                "not_fetched": "no usable certificate was fetched",
                "renewed_meanwhile": "the box renewed its certificate itself in the meantime",
                **_PLACED,
            },
        ),
    )
    WRITE_STORE = (
        "write_store",
        RepairEntry(
            does="write link, credentials and subject",
            did="settings written",
            holds_odoo=True,
            tills="Odoo answers a moment later",
            step=StepName.LINK,
            sentences={"wrote": "wrote {keys}", "same_values": "the box has these values already"},
        ),
    )
    SET_PERMISSIONS = (
        "set_permissions",
        RepairEntry(
            does="give the certificate files back to the box",
            did="file owners set",
            sentences={"given": "{paths}", "same_owners": "owner and mode are right already", **OBSTACLES},
        ),
    )
    LOAD_NGINX = (
        "load_nginx",
        RepairEntry(
            does="make nginx serve the certificate",
            did="nginx reloaded",
            needs_space=False,
            tills="HTTPS comes back where nginx was down; open connections are kept",
            step=StepName.SERVED,
            sentences={
                "loaded": "{how:word nginx_load}",
                "loaded_in_vain": "{how:word nginx_load}, but port {port} does not present the certificate in place",
                "no_certificate": "the certificate vanished",
                **_REFUSES,
            },
        ),
    )
    RESTART_ODOO = (
        "restart_odoo",
        RepairEntry(
            does="restart Odoo",
            did="Odoo restarted",
            needs_space=False,
            restarts_odoo=True,
            tills="they are cut off for seconds",
            step=StepName.ODOO,
            sentences={
                "needless": "nothing was changed that it reads at its start",
                "ended_by_answer": "Odoo asks www.odoo.com at its start, and what that answers now would end its "
                "manager again",
                "no_pair": "Odoo starts nginx, which needs a pair that it can load: {problem:word pair_problem}",
                **_RESTARTED,
            },
        ),
    )


SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {name: text for kind in RepairKind for name, text in kind.entry.sentences.items()}
)
"""Those of all kinds, for what is found while one is done."""
