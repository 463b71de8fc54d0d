"""Chains as authorities and people leave them, and what clients make of each of them.

Time counts from the moment of the test, in days. `found` is what a check says of a box that serves such a pair.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from iotbox_simulator.pki import (
    Pair,
    TestAuthority,
    cross_signed,
    issue_wildcard_pair,
    make_authority,
)
from reconciler.codes import CodeName as C

from ...support import runs

DOMAIN = runs.SUBJECT.removeprefix("*.")
Made = tuple[Pair, tuple[str, ...]]
"""The pair, and the roots that the box trusts beside its own."""


@dataclass(frozen=True)
class Chain:
    """`installed`: whether it is put in place when the authority answers with it."""

    title: str
    made: Callable[[datetime], Made]
    found: tuple[C, ...]
    evidence: str = ""
    installed: bool = False


def day(now: datetime, days: float) -> datetime:
    """Return the moment so many days from now."""
    return now + timedelta(days=days)


def below(begins: float, ends: float, *, trusted: bool = True) -> Callable[[datetime], Made]:
    """Issue below an intermediate with such dates; the leaf is 20 days old and has 60 left."""

    def made(now: datetime) -> Made:
        ca = make_authority("Shop", now=day(now, -500), dated=(day(now, begins), day(now, ends)))
        return _leaf(ca, now), (ca.root_pem,) if trusted else ()

    return made


def with_old_root(now: datetime) -> Made:
    """Append the root as an older root vouched for it until two days ago, for clients that know only that one."""
    ca = make_authority("Shop", now=day(now, -500))
    older = make_authority("Older", now=day(now, -3000), intermediate=False)
    appended = cross_signed(ca, older, dated=(day(now, -2000), day(now, -2)))
    pair = _leaf(ca, now)
    return replace(pair, certificate_pem=pair.certificate_pem + appended), (ca.root_pem,)


def by_old_root_alone(now: datetime) -> Made:
    """Do the same where the box knows the older root only: without what has ended there is no way to it."""
    ca = make_authority("Shop", now=day(now, -500), intermediate=False)
    older = make_authority("Older", now=day(now, -3000), intermediate=False)
    pair = _leaf(ca, now)
    appended = cross_signed(ca, older, dated=(day(now, -2000), day(now, -2)))
    return replace(pair, certificate_pem=pair.certificate_pem + appended), (older.root_pem,)


def by_hand(now: datetime) -> Made:
    """Issue by an authority of the shop's own that the box does not know and tills may."""
    ca = make_authority("Home", now=day(now, -500))
    return _leaf(ca, now), ()


def leaf_alone(now: datetime) -> Made:
    """Leave the intermediate out."""
    subdomain = DOMAIN.partition(".")[0]
    return issue_wildcard_pair(runs.CA, subdomain, now=now, include_chain=False), ()


def _leaf(ca: TestAuthority, now: datetime) -> Pair:
    subdomain = DOMAIN.partition(".")[0]
    return issue_wildcard_pair(ca, subdomain, now=now, not_before=day(now, -20), not_after=day(now, 60))


CHAINS = (
    Chain("as it should be", below(-400, 900), (), installed=True),
    Chain("intermediate ended", below(-400, -2), (C.EXPIRED,), "the intermediate certificate CN=Shop R1 above"),
    Chain("intermediate begins later", below(2, 900), (C.NOT_YET_VALID,), "the intermediate certificate CN=Shop R1"),
    Chain("intermediate ends in 3 days", below(-400, 3), (C.RENEWAL_OVERDUE,), "the intermediate", installed=True),
    Chain("intermediate ends in 7 days", below(-400, 7), (C.RENEWAL_DUE,), "the intermediate", installed=True),
    Chain("intermediate ends before the leaf", below(-400, 30), (), installed=True),
    Chain("intermediate is younger than the leaf", below(-10, 900), (), installed=True),
    Chain("unknown intermediate ended", below(-400, -2, trusted=False), (C.EXPIRED, C.CHAIN_UNTRUSTED)),
    Chain("old root beside it ended", with_old_root, (), installed=True),
    Chain("old root ended and is needed", by_old_root_alone, (C.EXPIRED,), "CN=Shop Root"),
    Chain("of a shop's own authority", by_hand, (C.CHAIN_UNTRUSTED,), "unable to get local issuer"),
    Chain("leaf alone", leaf_alone, (C.CHAIN_INCOMPLETE,)),
)
