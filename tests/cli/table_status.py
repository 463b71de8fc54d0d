"""What can become of a box or a run, and for each what command, service and play say of it: `docs/exit-status.md`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from iotbox_simulator.boxes.arrange import NAMES
from iotbox_simulator.machine.network import DnsServer
from reconciler.box.paths import LOCK
from reconciler.model.desired import DECLARING
from tests.simulator import diagnosing as act
from tests.support import runs

Arrange = Callable[[runs.Fleet], object]


@dataclass(frozen=True, slots=True)
class Ends:
    """How the three ways in end.

    Args:
        check, reconcile: exit status of the command, `None` where it does not come to that.
        fails: whether a play fails the host, with `--check` and without; `None` where a play does not know this.
    """

    check: int | None
    reconcile: int | None
    fails: tuple[bool, bool] | None = None


FINE = Ends(0, 0, fails=(False, False))
REPAIRED = Ends(2, 2, fails=(False, False))
NOT_REPAIRED = Ends(2, 14, fails=(False, True))
FOR_A_PERSON = Ends(10, 10, fails=(True, True))
NOT_JUDGED = Ends(4, 4, fails=(True, True))


@dataclass(frozen=True, slots=True)
class Case:
    """One line of the table.

    Args:
        arrange: what is done to a managed box before; its certificate is good for 90 days.
        want: further variables of the box.
        options: of the command.
        scene: what happens around the box, by a name that the test knows.
    """

    what: str
    ends: Ends
    arrange: Arrange = lambda _: None
    want: Mapping[str, object] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    scene: str = ""


def both(*acts: Arrange) -> Arrange:
    """Do one after the other."""

    def arrange(fleet: runs.Fleet) -> None:
        for each in acts:
            each(fleet)

    return arrange


def nothing_newer(days: float) -> Arrange:
    """A certificate that ends in so many days, and an authority that has just said that it has no other."""

    def arrange(fleet: runs.Fleet) -> None:
        fleet.box.clock.advance((90 - days) * 86400)
        fleet.authority.mode = "same"
        runs.reconcile(fleet.box)

    return arrange


def no_new_certificate(fleet: runs.Fleet) -> None:
    """The card takes no new certificate any more."""
    fleet.box.clock.advance(84 * 86400)
    act.takes_no_certificate(fleet)


def dies_when_asked(fleet: runs.Fleet) -> None:
    """The DNS server that the inventory names dies when the box begins to use it."""
    fleet.box.world.dns["9.9.9.9"] = DnsServer(NAMES)
    act.dies_when_put_in_place(fleet, "9.9.9.9")


EXPIRED = act.fault("expired")
NOTHING = {f"iot_https_{name}": None for name in DECLARING}

CASES = (
    Case("In sync", FINE),
    Case("In sync, with a warning that nobody can fix here", FINE, arrange=act.untrusted),
    Case("The certificate has expired, and www.odoo.com gives a new one", REPAIRED, arrange=EXPIRED),
    Case(
        "The certificate has expired, and www.odoo.com refuses",
        NOT_REPAIRED,
        arrange=both(EXPIRED, act.mode("refuse")),
    ),
    Case(
        "The certificate is due for renewal, and www.odoo.com has nothing newer yet",
        REPAIRED,
        arrange=nothing_newer(7),
    ),
    Case("The same, and the certificate is overdue", FOR_A_PERSON, arrange=nothing_newer(4)),
    Case("Another box answers at the address", FOR_A_PERSON, want={"iot_https_serial": "another"}),
    Case("The box is linked to another customer's database", FOR_A_PERSON, arrange=act.fault("other_customer")),
    Case("The disk is full, and the certificate has expired", FOR_A_PERSON, arrange=both(EXPIRED, act.full)),
    Case("The configuration of nginx is broken", FOR_A_PERSON, arrange=act.fault("nginx_broken")),
    Case("A repair failed", NOT_REPAIRED, arrange=no_new_certificate),
    Case(
        "A repair made it worse and was undone",
        NOT_REPAIRED,
        arrange=dies_when_asked,
        want={"iot_https_resolvers": ["9.9.9.9"]},
    ),
    Case("A part of the box could not be looked at", NOT_JUDGED, arrange=act.no_ip),
    Case(
        "Another run is at work on the box",
        Ends(0, 4, fails=(False, True)),
        arrange=lambda fleet: fleet.box.hold_lock(LOCK, "4711"),
    ),
    Case(
        "The same, for the second run in a row of `--missed-runs 2`",
        Ends(4, 4),
        arrange=lambda fleet: fleet.box.hold_lock(LOCK, "4711"),
        options=("--missed-runs", "2"),
        scene="busy before",
    ),
    Case("The inventory entry cannot be used", NOT_JUDGED, want={"iot_https_resolvers": "nowhere"}),
    Case(
        "The inventory names whose the box is, and declares nothing for it (beside managed ones)",
        NOT_JUDGED,
        want=NOTHING,
        scene="beside another",
    ),
    Case(
        "The inventory says that the host is no box: `iot_https_managed: false` (beside boxes)",
        FINE,
        want={"iot_https_managed": False},
        scene="beside another",
    ),
    Case("The run ended before the box had its turn", Ends(4, 4), scene="no time"),
    Case("The box does not answer", Ends(16, 16), scene="offline"),
    Case(
        "The box does not answer, for the second run in a row of `--missed-runs 3`",
        Ends(0, 0),
        options=("--missed-runs", "3"),
        scene="offline before",
    ),
    Case(
        "The box lets nobody in, or shows another host key, for the first run of `--missed-runs 3`",
        Ends(16, 16),
        options=("--missed-runs", "3"),
        scene="offline, another host key",
    ),
    Case(
        "The box stopped answering when it was to be changed",
        Ends(None, 16),
        arrange=EXPIRED,
        scene="offline in between",
    ),
    Case("`--max-changed` held the run back", Ends(None, 10), arrange=EXPIRED, options=("--max-changed", "0")),
    Case("Somebody was asked and said no", Ends(None, 2), arrange=EXPIRED, scene="no"),
    Case("The limit matches no box", Ends(1, 1), options=("--limit", "nobody")),
    Case("Another run holds the lock of the inventory", Ends(0, 1), scene="locked"),
)
