"""Refuse replies with values that the box program never sends: something else sent them.

A diagnosis or report that calculates with a reply may rely on this.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import Final

from ..checks.clock import judged_at
from ..model.errors import WireError
from ..model.marks import Marks
from ..model.observed import Certificate, Observed
from ..model.repair import RepairKind
from ..model.sealing import LONGEST_SEALED
from ..results.result import Result

_MOST_SKEW: Final = 1e10
"""Seconds: more than from the first to the last year of a four-digit calendar that a box can be set to."""
_MOST_FINDINGS: Final = 64
"""In one list: each check and each part that cannot be read gives at most one, and there are fewer of them."""
_MOST_REPAIRS: Final = 2 * len(RepairKind)
"""In one list: a kind is planned once, or twice for both trees of certificates."""
_MOST_LINES: Final = 256
"""Of the diffs, keys and DNS servers of one list of repairs; a whole store and its resolvers have some thirty."""
_FINGERPRINT: Final = re.compile(r"[0-9a-f]{64}")
_SEALED: Final = re.compile(rf"[A-Za-z0-9+/=]{{{LONGEST_SEALED}}}")
_MARK: Final = re.compile(r"[0-9a-f]{16}")


def check(result: Result) -> Result:
    """Return a result whose values can be reckoned with.

    Raises:
        WireError: names the field that cannot be.
    """
    wrongs = (*_much(result), *_observed(result.observed), *_asked(result), *_marked(result.marks))
    for wrong in (*wrongs, *_sealed(result.sealed)):
        raise WireError(f"reply.{wrong}")
    return result


def _much(result: Result) -> Iterator[str]:
    if max(len(result.before), len(result.after)) > _MOST_FINDINGS:
        yield f"after or before has more than {_MOST_FINDINGS} findings"
    for repairs in (result.plan, [each.repair for each in result.outcomes]):
        lines = sum(len(each.diff) + len(each.keys) + len(each.resolvers) for each in repairs)
        if len(repairs) > _MOST_REPAIRS or lines > _MOST_LINES:
            yield f"plan or outcomes has more than {_MOST_REPAIRS} repairs or {_MOST_LINES} changed lines"
        if not all(map(_is_address, (server for each in repairs for server in each.resolvers))):
            yield "plan or outcomes has a DNS server that is not an address"


def _observed(observed: Observed | None) -> Iterator[str]:
    if observed is None:
        return
    skew = observed.clock.skew_seconds
    if skew is not None and abs(skew) > _MOST_SKEW:
        yield "observed.clock.skew_seconds is more than a clock can be off"
    elif not _can_be_judged(observed):
        yield "observed.observed_at is not a time that such a clock shows"
    if observed.identity.address is not None and not _is_address(observed.identity.address):
        yield "observed.identity.address is not an address"
    trees = (observed.certificates.live, observed.certificates.mirror)
    if any(not _is_leaf(tree.certificate) for tree in trees if tree is not None and tree.certificate is not None):
        yield "observed.certificates has a fingerprint that is not one of SHA-256"
    if not all(map(_is_address, (*(observed.nginx.listens or ()), *(observed.odoo.listens or ())))):
        yield "observed has something that listens on what is not an address"
    if not all(map(_is_address, (each for answer in observed.client_dns for each in answer.addresses))):
        yield "observed.client_dns has an answer that is not an address"


def _marked(marks: Marks | None) -> Iterator[str]:
    shown = () if marks is None else (marks.serial, marks.server, marks.database, marks.name)
    if not all(each is None or _MARK.fullmatch(each) for each in shown):
        yield "marks has one that is not 16 hexadecimal digits"


def _sealed(text: str | None) -> Iterator[str]:
    if text is not None and not _SEALED.fullmatch(text):
        yield "sealed is not Base64 of the length that it has"


def _asked(result: Result) -> Iterator[str]:
    answers = result.inquiry.dns if result.inquiry is not None else ()
    if not all(map(_is_address, (each for answer in answers for each in answer.addresses))):
        yield "inquiry.dns has an answer that is not an address"


def _can_be_judged(observed: Observed) -> bool:
    """Tell whether the time of a look, put right by its skew, is in the calendar: every report reckons with it."""
    try:
        judged_at(observed)
    except OverflowError:
        return False
    return True


def _is_leaf(leaf: Certificate) -> bool:
    return _FINGERPRINT.fullmatch(leaf.fingerprint) is not None


def _is_address(text: str) -> bool:
    """Tell whether it is an address and nothing else: behind a `%` anything may stand, which Python calls a scope."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return "%" not in text
