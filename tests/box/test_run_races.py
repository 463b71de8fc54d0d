"""The vendor's program writes while we do: at every call of ours, nothing is lost and nothing is mixed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from iotbox_simulator.machine.authority import subdomain_of
from iotbox_simulator.machine.box import SimulatedBox
from iotbox_simulator.machine.filesystem import BYPASS
from iotbox_simulator.machine.image import CERTIFICATE
from iotbox_simulator.machine.odoo import Odoo
from iotbox_simulator.machine.spec import LayoutKind
from iotbox_simulator.pki import Pair, issue_wildcard_pair
from reconciler.box.layout import observe_layout
from reconciler.box.store.files import StoreFiles

from ..support import runs
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
STEP_SECONDS = 0.2
SIGNALS_OF_ONE_HOLD = 3
"""STOP, then HUP and CONT of the restart; more where Odoo was let go for a moment, since it was writing."""
STEP = 3
"""Every third call: with the other cases of the table each kind of call is met."""


def number_of_calls(fleet: Fleet) -> int:
    box = fleet.box.clone()
    seen: list[int] = []
    box.recorder.after.append(lambda call: seen.append(call.number))
    runs.reconcile(box)
    return max(seen)


@pytest.mark.parametrize(("name", "kind", "arranged"), CASES)
def test_nothing_is_lost_or_mixed(name: str, kind: LayoutKind, arranged: str) -> None:
    start = RUNS[arranged](kind)
    act, _ = ACTS[name]
    kept = 0
    for number in range(1, number_of_calls(start) + 1, STEP):
        fleet = Fleet(start.box.clone(), start.authority)
        saved: list[bool] = []

        def interfere(fleet: Fleet = fleet, saved: list[bool] = saved) -> None:
            act(fleet)
            # what it was asked to do while it was held still, its restart forgets, as any restart does
            saved.append(name == "saves a value" and b"six_payment_terminal = 42" in fleet.box.host.read(CONF))

        fleet.box.recorder.at(number, interfere)
        runs.reconcile(fleet.box)
        fleet.box.sleep(30)
        assert runs.is_loadable(fleet.box, "")
        assert runs.is_loadable(fleet.box, BYPASS)
        assert runs.codes(runs.reconcile(fleet.box)) == []
        fleet.box.reboot()
        assert runs.codes(runs.check(fleet.box)) == []
        if saved == [True]:
            assert b"six_payment_terminal = 42" in fleet.box.host.read(CONF)
            kept += 1
        store = StoreFiles(fleet.box, observe_layout(fleet.box)).observe()
        assert (store.malformed, store.warnings) == (None, ())
        count("races")
    assert name != "saves a value" or kept, "no save was ever done, so this showed nothing"


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
    other, met = other_pair(start), 0
    for step in range(int((lasts + 8 * pause) / STEP_SECONDS)):
        fleet = Fleet(start.box.clone(), start.authority)
        ahead = 8 * pause - step * STEP_SECONDS
        fleet.box.clock.later(max(0.0, -ahead), _renews, fleet.box, other, pause)
        fleet.box.sleep(max(0.0, ahead))
        names: list[str] = []
        fleet.box.recorder.after.append(lambda call, names=names: names.append(call.name))  # type: ignore[misc]
        first = runs.reconcile(fleet.box)
        met += names.count("signal") > SIGNALS_OF_ONE_HOLD
        fleet.box.sleep(60)
        for tree in runs.TREES:
            assert runs.is_loadable(fleet.box, tree), (step, tree, runs.codes(first))
        assert fleet.box.nginx.running
        assert not fleet.box.odoo.stopped
        runs.reconcile(fleet.box)
        assert runs.codes(runs.check(fleet.box)) == []
        count("renewals of the box beside ours")
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
