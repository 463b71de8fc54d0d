"""The catalogue of repairs: what is known of every way in which a run may change a box.

Plan, box, reports and documentation read it here, so that a new one is written down once, beside its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from ..model.repair import RepairKind
from ..model.step_name import StepName


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
        alone: it is planned wherever a code that it mends is found, whatever else is.
        step: of the diagnosis, which stands still where it fails.
        sentences: what may be said of how it ended, by name (see `sentences`); a name says the same of each kind.
    """

    does: str
    did: str
    holds_odoo: bool = False
    needs_space: bool = True
    restarts_odoo: bool = False
    alone: bool = False
    tills: str = "nothing"
    step: StepName = StepName.FILES
    sentences: Mapping[str, str] = field(default_factory=dict)


_RESTARTED: Final = {"restarted": "restarted {way:word restart_way}, Odoo answers"}
_NOT_READ: Final = {"page_not_read": "not done: which box this is stands on its status page, which was not read"}
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

_ENTRIES: Final = {
    RepairKind.RESUME_ODOO: RepairEntry(
        does="resume Odoo",
        did="Odoo resumed",
        alone=True,
        needs_space=False,
        tills="a stopped Odoo, which answers no till, comes back by a restart",
        step=StepName.ODOO,
        sentences={"woken": "woken, to be restarted at the end", **_RESTARTED},
    ),
    RepairKind.ENABLE_NTP: RepairEntry(
        does="switch on time synchronisation",
        did="NTP on",
        alone=True,
        needs_space=False,
        step=StepName.CLOCK,
        sentences={
            "synchronised": "the clock is synchronised",
            "switched_on": "switched on; the clock is not synchronised yet",
            "not_switched_on": "timedatectl: {reason}",
        },
    ),
    RepairKind.SET_RESOLVERS: RepairEntry(
        does="set DNS resolvers",
        did="DNS set",
        alone=True,
        step=StepName.BOX_DNS,
        sentences={
            "set": "{servers} in {path}",
            "none_answers": "none of {servers} answers for {host}",
            "not_set": "they could not be set: {reason}",
            "resolved_no_longer": "the box no longer resolved {silence}",
            "not_written_back": "what was there before could not be written back: {reason}",
        },
    ),
    RepairKind.FETCH_CERTIFICATE: RepairEntry(
        does="fetch a certificate",
        did="certificate fetched",
        sentences={
            "fetched": "{name:or without a name}, valid until {until:first 10}",
            "nothing_newer": "the authority has nothing newer yet",
            "still_good": "the box presents {name:or one without a name}, valid until {until:first 10}, as before",
            "by_box": "the box's own software fetched {name:or one without a name}, valid until {until:first 10}",
            "by_wrong_clock": "by the box's clock, which is wrong,",
            "found": "{code}:",
            **_NOT_READ,
        },
    ),
    RepairKind.COPY_CERTIFICATE: RepairEntry(
        does="copy the certificate between live and mirror",
        did="certificate copied",
        holds_odoo=True,
        tills="Odoo answers a moment later; open connections are kept",
        sentences={"staged": "from the {tree} copy", **_PLACED},
    ),
    RepairKind.INSTALL_CERTIFICATE: RepairEntry(
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
    RepairKind.WRITE_STORE: RepairEntry(
        does="write link, credentials and subject",
        did="settings written",
        holds_odoo=True,
        tills="Odoo answers a moment later",
        step=StepName.LINK,
        sentences={"wrote": "wrote {keys}", "same_values": "the box has these values already", **_NOT_READ},
    ),
    RepairKind.SET_PERMISSIONS: RepairEntry(
        does="give the certificate files back to the box",
        did="file owners set",
        alone=True,
        sentences={"given": "{paths}", "same_owners": "owner and mode are right already", **OBSTACLES},
    ),
    RepairKind.LOAD_NGINX: RepairEntry(
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
    RepairKind.RESTART_ODOO: RepairEntry(
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
            "not_to_ask": "it would only ask www.odoo.com, which is not to be asked now",
            "no_route": "this generation has no route that restarts Odoo",
            "no_pair": "Odoo starts nginx, which needs a pair that it can load: {problem:word pair_problem}",
            **_NOT_READ,
            **_RESTARTED,
        },
    ),
}

REPAIRS: Final[Mapping[RepairKind, RepairEntry]] = MappingProxyType(_ENTRIES)
SENTENCES: Final[Mapping[str, str]] = MappingProxyType(
    {name: text for entry in REPAIRS.values() for name, text in entry.sentences.items()}
)
"""Those of all kinds, for what is found while one is done."""
