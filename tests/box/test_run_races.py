"""The vendor's program writes while we do: at every call of ours, nothing is lost and nothing is mixed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest

from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.authority import subdomain_of
from iotbox_simulator.machine.filesystem import BYPASS
from iotbox_simulator.machine.image import CERTIFICATE
from iotbox_simulator.machine.odoo import Odoo
from iotbox_simulator.machine.recorder import Call, CallKind
from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.pki import Pair, issue_wildcard_pair
from reconciler.box.layout import observe_layout
from reconciler.box.store.files import StoreFiles

from ..support import runs
from ..support.calls import calls_of
from ..support.points import at_each
from ..support.runs import Fleet
from ..support.tally import count

Act = Callable[[Fleet], object]
ACTS: dict[str, tuple[Act, tuple[LayoutKind, ...]]] = {
    "renews at once": (lambda fleet: fleet.box.vendor.renews(), ("ro_ini", "rw_ini")),
    "renews slowly": (lambda fleet: fleet.box.vendor.renews(pause=0.3), ("ro_ini", "rw_ini")),
    "saves a value": (lambda fleet: fleet.box.vendor.saves("six_payment_terminal", "42"), ("ro_ini", "rw_ini")),
    "makes its root read-only": (lambda fleet: fleet.box.vendor.flips_read_only(), ("ro_flat", "ro_ini")),
}
RUNS: dict[str, runs.Arrange] = {"first reconcile": runs.fresh, "renewal": runs.due}
CASES = [
    pytest.param(name, kind, run, marks=() if i == j else pytest.mark.soak)
    for name, (_, kinds) in ACTS.items()
    for i, kind in enumerate(kinds)
    for j, run in enumerate(RUNS)
]
"""Each act meets both kinds of box and both runs; the long form has all four of these."""
CONF = "/home/pi/odoo.conf"
SAVED = b"six_payment_terminal = 42"
STEP_SECONDS = 0.2
SIGNALS_OF_ONE_HOLD = 3
"""STOP, then HUP and CONT of the restart; more where Odoo was let go for a moment, since it was writing."""
STEP = 3
"""Every third call: with the other cases of the table each kind of call is met."""


@pytest.mark.parametrize(("name", "kind", "arranged"), CASES)
def test_nothing_is_lost_or_mixed(name: str, kind: LayoutKind, arranged: str) -> None:
    start = RUNS[arranged](kind)
    act, _ = ACTS[name]
    kept: list[Call] = []

    def loses_and_mixes_nothing(call: Call) -> None:
        fleet = Fleet(start.box.clone(), start.authority)
        saved: list[bool] = []

        def interfere() -> None:
            act(fleet)
            # what it was asked to do while it was held still, its restart forgets, as any restart does
            saved.append(name == "saves a value" and SAVED in fleet.box.host.read(CONF))

        fleet.box.recorder.at(call.number, interfere)
        runs.reconcile(fleet.box)
        fleet.box.sleep(30)
        for tree in runs.TREES:
            runs.leaf_of(fleet.box, tree)
        assert runs.codes(runs.reconcile(fleet.box)) == []
        fleet.box.reboot()
        assert runs.codes(runs.check(fleet.box)) == []
        if saved == [True]:
            assert SAVED in fleet.box.host.read(CONF)
            kept.append(call)
        store = StoreFiles(fleet.box, observe_layout(fleet.box)).observe()
        assert (store.malformed, store.warnings) == ((), ())

    calls = calls_of(start.box.clone(), runs.reconcile)[::STEP]
    count("races", at_each(calls, loses_and_mixes_nothing))
    assert name != "saves a value" or kept, "no save was ever done, so this showed nothing"


@dataclass(frozen=True)
class Moment:
    """When the box begins to renew by itself: seconds before our run, or after its begin where that is negative."""

    ahead: float

    def __str__(self) -> str:
        return f"begun {abs(self.ahead):.1f} s {'before' if self.ahead > 0 else 'after'} the run"


def other_pair(fleet: Fleet) -> Pair:
    """A pair of the box's own name that the tool does not get: keys that must never meet those of another pair."""
    now = fleet.box.clock.true_time()
    return issue_wildcard_pair(runs.CA, subdomain_of(runs.DB_UUID), now=now, not_after=now + timedelta(days=80))


@pytest.mark.parametrize(
    ("kind", "pause"),
    [
        ("ro_ini", 0.3),
        ("rw_ini", 1.0),
        pytest.param("ro_ini", 1.0, marks=pytest.mark.soak),
        pytest.param("rw_ini", 0.3, marks=pytest.mark.soak),
    ],
)
def test_two_renewals_with_different_keys_leave_no_mixed_pair(kind: LayoutKind, pause: float) -> None:
    """The box begins to renew by itself at any moment before or during our renewal, one file after the other."""
    start = runs.due(kind)
    twin = start.box.clone()
    began = twin.clock.elapsed
    runs.reconcile(twin)
    lasts = twin.clock.elapsed - began
    other, met = other_pair(start), list[Moment]()

    def leaves_one_pair(moment: Moment) -> None:
        box = start.box.clone()
        box.clock.later(max(0.0, -moment.ahead), _renews, box, other, pause)
        box.sleep(max(0.0, moment.ahead))
        signals = [call for call in calls_of(box, runs.reconcile) if call.kind is CallKind.SIGNAL]
        if len(signals) > SIGNALS_OF_ONE_HOLD:
            met.append(moment)
        box.sleep(60)
        for tree in runs.TREES:
            runs.leaf_of(box, tree)
        assert box.nginx.running
        assert not box.odoo.stopped
        runs.reconcile(box)
        assert runs.codes(runs.check(box)) == []

    steps = range(int((lasts + 8 * pause) / STEP_SECONDS))
    moments = [Moment(8 * pause - step * STEP_SECONDS) for step in steps]
    count("renewals of the box beside ours", at_each(moments, leaves_one_pair))
    assert met, "Odoo was never met in the middle of its own renewal, so this showed little"


def _renews(box: SimulatedBox, pair: Pair, pause: float) -> None:
    box.vendor.renews(pair, pause=pause)


def test_a_stale_save_does_not_undo_what_was_written() -> None:
    """17.0 late: the first save after its start writes back what it had read before (contract of the branch)."""
    fleet = runs.fresh("ro_ini")
    runs.reconcile(fleet.box)
    fleet.box.vendor.saves("six_payment_terminal", "42")
    fleet.box.sleep(5)
    assert runs.codes(runs.check(fleet.box)) == []


@pytest.mark.parametrize("kind", runs.KINDS)
@pytest.mark.parametrize("begins", [0.0, 0.15, 0.4, 0.8, 1.6, 3.0])
def test_that_odoo_restarts_nginx_at_its_own_start_is_no_fault(
    kind: LayoutKind, begins: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """nginx is away for a second, at a moment that depends on how busy the box is; the run ends after it."""
    fleet = runs.fresh(kind)  # before its program is slowed down: other tests get copies of the same box
    starts = Odoo._manager_starts

    def slowly(odoo: Odoo) -> None:
        odoo.nginx.stop()
        odoo.later(1.0, starts, odoo)

    monkeypatch.setattr(Odoo, "_manager_starts", slowly)
    monkeypatch.setattr("iotbox_simulator.machine.odoo.MANAGER_SECONDS", begins)
    assert runs.codes(runs.reconcile(fleet.box)) == []
    master = fleet.box.nginx.pid
    fleet.box.sleep(30)
    assert fleet.box.nginx.pid == master


@pytest.mark.parametrize("kind", runs.KINDS)
def test_afterwards_the_box_renews_by_itself_through_the_links(kind: LayoutKind) -> None:
    fleet = runs.due(kind)
    new = runs.renewed(fleet)
    runs.reconcile(fleet.box)
    fleet.box.clock.advance(84 * 86400)
    newer = runs.renewed(fleet)
    fleet.box.vendor.renews(newer)
    fleet.box.sleep(60)
    assert new.certificate_pem != newer.certificate_pem
    assert runs.codes(runs.check(fleet.box)) == []
    assert fleet.box.host.read(BYPASS + CERTIFICATE).decode() == newer.certificate_pem
    fleet.box.reboot()
    assert runs.codes(runs.check(fleet.box)) == []
