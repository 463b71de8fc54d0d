"""What may be seen while a box is repaired: sentences that several codes share."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .. import repairs
from .asking import TOO_LATE
from .store import STORE
from .support import SUPPORT

_BY: Final = {"repair": "{repair:word repair}:"}
"""Leads in what a repair met."""

OFFERED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "unusable_pair": "unusable: {problem:word pair_problem} ({reason})",
        "other_name": "unusable: the answer says {subject}, the certificate is valid for {names:or no name}",
        "not_in_time": "unusable: valid from {begins:minute} to {ends:minute} UTC",
        "narrowed_by": "(the certificate and {subjects})",
        "refused_by_clients": "unusable: every client refuses it: {reason:or no further reason}",
        "not_whole": "not installed: {reason:or no further reason}",
        "not_trusted": "not installed, since the box has one that is trusted: {reason:or no further reason}",
        "the_same": "the authority returned the same certificate, valid until {until:first 10}",
        "without_common_name": "the new certificate has no common name, which {branch:or the branch} reads: kept, "
        "valid until {until:first 10}",
    }
)
"""Of a certificate that www.odoo.com gave and that is not put in place."""
KEPT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "none_answers": repairs.SENTENCES["none_answers"],
        "left_as_they_are": "left as they are, since they work",
    }
)
"""Of DNS servers that are not set."""
FAILED: Final[Mapping[str, str]] = MappingProxyType(
    {
        **_BY,
        **STORE,
        **SUPPORT,
        "nothing_brought": "the control machine brought no certificate along, since none was due when it looked: "
        "run again",
        "no_restart": "no restart was seen within {seconds:whole} s after what was written",
        "unanswered": "{host} port {port}: {reason:or no answer}",
        "not_tidied": "old certificates cannot be removed: {reason}",
        "not_swept": "what an interrupted run left cannot be removed: {reason}",
        "not_noted_before": "not changed, since that could not be noted before: {reason}",
        "not_woken": "Odoo could not be woken, a timer does it within {seconds:short} s: {reason}",
        "timer_left": "the timer that wakes Odoo could not be taken back: {reason}",
        "not_noted": "cannot note what was done: {reason}",
    }
)
UNDONE: Final[Mapping[str, str]] = MappingProxyType(
    {
        **repairs.SENTENCES,
        "with_resolvers": "with {servers} as DNS servers,",
        "not_taken": "nginx did not take the new certificate:",
        "nginx_not_told": "the old one is in place again, but nginx could not be told: {reason}",
    }
)
RAN_OUT: Final[Mapping[str, str]] = MappingProxyType({**_BY, **TOO_LATE})
