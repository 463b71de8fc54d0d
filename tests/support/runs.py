"""Run the box program on simulated boxes, and say in what state a box is."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from iotbox_simulator.boxes.arrange import small_world
from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.authority import AuthorityModel, subdomain_of
from iotbox_simulator.machine.filesystem import BYPASS
from iotbox_simulator.machine.image import CERTIFICATE, KEY
from iotbox_simulator.machine.spec import FRESH_RESOLVERS, BoxSpec, LayoutKind
from iotbox_simulator.pki import Pair, TestAuthority, issue_wildcard_pair, make_authority
from reconciler.box.pair.parse import BadPair, parse_pair
from reconciler.box.run import run
from reconciler.model.desired import Desired, Mode, Refusal, Relayed, Request
from reconciler.model.secret import Secret
from reconciler.model.statement import Statement
from reconciler.results.result import Result

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DB_UUID = "11111111-2222-3333-4444-555555555555"
SUBJECT = f"*.{subdomain_of(DB_UUID)}.odoo-iot.com"
KINDS: tuple[LayoutKind, ...] = ("ro_flat", "ro_ini", "rw_ini", "rw_newest")
CANARIES = ("canary-token", DB_UUID, "CANARY210101", "PRIVATE KEY")
DESIRED = Desired(
    name="till-1",
    server_url="https://db.example",
    token=Secret("canary-token"),
    db_uuid=Secret(DB_UUID),
    enterprise_code=Secret("CANARY210101"),
    resolvers=("1.1.1.1", "8.8.8.8"),
)
CA: TestAuthority = make_authority("Simulated", now=NOW - timedelta(days=400))


@dataclass(frozen=True)
class Fleet:
    """One box and the authority that it asks."""

    box: SimulatedBox
    authority: AuthorityModel


def fresh(kind: LayoutKind) -> Fleet:
    """Return a box as it comes out of its carton; the resolver that it was born with is dead."""
    return copy.deepcopy(_unpacked(kind))


def managed(kind: LayoutKind) -> Fleet:
    """Return a box that a first run has mended."""
    return copy.deepcopy(_mended(kind))


def due(kind: LayoutKind) -> Fleet:
    """Return a mended box whose certificate ends in six days, and an authority that has a newer one."""
    fleet = managed(kind)
    fleet.box.clock.advance(84 * 86400)
    return fleet


@cache
def _unpacked(kind: LayoutKind) -> Fleet:
    """Make a box that only its copies are used of: its image is the same for every test."""
    authority = AuthorityModel(CA)
    world = small_world(CA, authority)
    for server in FRESH_RESOLVERS:
        world.dns[server].alive = False
    return Fleet(SimulatedBox(BoxSpec(kind=kind, clock=NOW), world), authority)


@cache
def _mended(kind: LayoutKind) -> Fleet:
    fleet = fresh(kind)
    result = reconcile(fleet.box)
    assert not result.after, result.after
    return fleet


def check(box: SimulatedBox, desired: Desired = DESIRED) -> Result:
    """Look only; the tool's process ends afterwards."""
    return _run(box, Mode.CHECK, desired)


def reconcile(box: SimulatedBox, desired: Desired = DESIRED, deadline: float = 240.0) -> Result:
    """Look and mend; the tool's process ends afterwards."""
    return _run(box, Mode.RECONCILE, desired, deadline)


def diagnose(
    box: SimulatedBox,
    desired: Desired = DESIRED,
    deadline: float = 240.0,
    *,
    refusal: Refusal | None = None,
    granted: tuple[Statement, ...] = (),
) -> Result:
    """Look and ask on; the tool's process ends afterwards."""
    request = Request(desired=desired, mode=Mode.DIAGNOSE, deadline_seconds=deadline, refusal=refusal, granted=granted)
    return _send(box, request)


def reconcile_with(
    box: SimulatedBox, desired: Desired, *, refusal: Refusal | None = None, relayed: Relayed | None = None
) -> Result:
    """Look and mend with what the control machine learnt or fetched; the tool's process ends afterwards."""
    return _send(box, Request(desired=desired, mode=Mode.RECONCILE, refusal=refusal, relayed=relayed))


def _run(box: SimulatedBox, mode: Mode, desired: Desired, deadline: float = 240.0) -> Result:
    return _send(box, Request(desired=desired, mode=mode, deadline_seconds=deadline))


def _send(box: SimulatedBox, request: Request) -> Result:
    request = replace(request, sent_at=box.now() - timedelta(seconds=box.clock.skew))
    try:
        return run(box, request)
    finally:
        box.kill()


def codes(result: Result) -> list[str]:
    """Return the codes of the findings that are left."""
    return [each.code for each in result.after]


def leaf_of(box: SimulatedBox, tree: str) -> str:
    """Return the fingerprint of the pair in one tree.

    Raises:
        BadPair: the files do not belong together, or cannot be read.
    """
    return parse_pair(box.host.read(tree + CERTIFICATE), box.host.read(tree + KEY)).leaf.fingerprint


def is_loadable(box: SimulatedBox, tree: str) -> bool:
    """Tell whether nginx could start with the pair of one tree."""
    try:
        leaf_of(box, tree)
    except (BadPair, OSError):
        return False
    return True


def renewed(fleet: Fleet, days: int = 90) -> Pair:
    """Let the authority have a new pair, and return it."""
    now = fleet.box.now()
    subdomain = subdomain_of(DB_UUID)
    pair = issue_wildcard_pair(CA, subdomain, now=now, not_after=now + timedelta(days=days))
    fleet.authority.current[subdomain] = pair
    return pair


def plain_pair(fleet: Fleet) -> None:
    """Make the links to a generation files of root's again, as a box has them that this program never changed."""
    host = fleet.box.host
    for tree in TREES:
        for path in (CERTIFICATE, KEY):
            content = host.read(tree + path)
            host.remove(tree + path)
            host.create(tree + path, content, 0o600, 0, 0)


Arrange = Callable[[LayoutKind], Fleet]
TREES = ("", BYPASS)
