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


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One line of the table.

    Args:
        check, reconcile: exit status of the command, `None` where it does not come to that.
        play_check, play: whether a play fails the host, `None` where a play does not know this.
        arrange: what is done to a managed box before; its certificate is good for 90 days.
        want: further variables of the box.
        options: of the command.
        scene: what happens around the box, by a name that the test knows.
    """

    what: str
    check: int | None
    reconcile: int | None
    play_check: bool | None
    play: bool | None
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
    Case(what="In sync", check=0, reconcile=0, play_check=False, play=False),
    Case(
        what="In sync, with a warning that nobody can fix here",
        check=0,
        reconcile=0,
        play_check=False,
        play=False,
        arrange=act.untrusted,
    ),
    Case(
        what="The certificate has expired, and www.odoo.com gives a new one",
        check=2,
        reconcile=2,
        play_check=False,
        play=False,
        arrange=EXPIRED,
    ),
    Case(
        what="The certificate has expired, and www.odoo.com refuses",
        check=2,
        reconcile=14,
        play_check=False,
        play=True,
        arrange=both(EXPIRED, act.mode("refuse")),
    ),
    Case(
        what="The certificate is due for renewal, and www.odoo.com has nothing newer yet",
        check=2,
        reconcile=2,
        play_check=False,
        play=False,
        arrange=nothing_newer(7),
    ),
    Case(
        what="The same, and the certificate is overdue",
        check=10,
        reconcile=10,
        play_check=True,
        play=True,
        arrange=nothing_newer(4),
    ),
    Case(
        what="Another box answers at the address",
        check=10,
        reconcile=10,
        play_check=True,
        play=True,
        want={"iot_https_serial": "another"},
    ),
    Case(
        what="The box is linked to another customer's database",
        check=10,
        reconcile=10,
        play_check=True,
        play=True,
        arrange=act.fault("other_customer"),
    ),
    Case(
        what="The disk is full, and the certificate has expired",
        check=10,
        reconcile=10,
        play_check=True,
        play=True,
        arrange=both(EXPIRED, act.full),
    ),
    Case(
        what="The configuration of nginx is broken",
        check=10,
        reconcile=10,
        play_check=True,
        play=True,
        arrange=act.fault("nginx_broken"),
    ),
    Case(
        what="A repair failed",
        check=2,
        reconcile=14,
        play_check=False,
        play=True,
        arrange=no_new_certificate,
    ),
    Case(
        what="A repair made it worse and was undone",
        check=2,
        reconcile=14,
        play_check=False,
        play=True,
        arrange=dies_when_asked,
        want={"iot_https_resolvers": ["9.9.9.9"]},
    ),
    Case(
        what="A part of the box could not be looked at",
        check=4,
        reconcile=4,
        play_check=True,
        play=True,
        arrange=act.no_ip,
    ),
    Case(
        what="Another run is at work on the box",
        check=0,
        reconcile=4,
        play_check=False,
        play=True,
        arrange=lambda fleet: fleet.box.hold_lock(LOCK, "4711"),
    ),
    Case(
        what="The same, for the second run in a row of `--missed-runs 2`",
        check=4,
        reconcile=4,
        play_check=None,
        play=None,
        arrange=lambda fleet: fleet.box.hold_lock(LOCK, "4711"),
        options=("--missed-runs", "2"),
        scene="busy before",
    ),
    Case(
        what="The inventory entry cannot be used",
        check=4,
        reconcile=4,
        play_check=True,
        play=True,
        want={"iot_https_resolvers": "nowhere"},
    ),
    Case(
        what="The inventory names whose the box is, and declares nothing for it (beside managed ones)",
        check=4,
        reconcile=4,
        play_check=True,
        play=True,
        want=NOTHING,
        scene="beside another",
    ),
    Case(
        what="The inventory says that the host is no box: `iot_https_managed: false` (beside boxes)",
        check=0,
        reconcile=0,
        play_check=False,
        play=False,
        want={"iot_https_managed": False},
        scene="beside another",
    ),
    Case(
        what="The run ended before the box had its turn",
        check=4,
        reconcile=4,
        play_check=None,
        play=None,
        scene="no time",
    ),
    Case(
        what="The box does not answer",
        check=16,
        reconcile=16,
        play_check=None,
        play=None,
        scene="offline",
    ),
    Case(
        what="The box does not answer, for the second run in a row of `--missed-runs 3`",
        check=0,
        reconcile=0,
        play_check=None,
        play=None,
        scene="offline before",
        options=("--missed-runs", "3"),
    ),
    Case(
        what="The box lets nobody in, or shows another host key, for the first run of `--missed-runs 3`",
        check=16,
        reconcile=16,
        play_check=None,
        play=None,
        scene="offline, another host key",
        options=("--missed-runs", "3"),
    ),
    Case(
        what="The box stopped answering when it was to be changed",
        check=None,
        reconcile=16,
        play_check=None,
        play=None,
        arrange=EXPIRED,
        scene="offline in between",
    ),
    Case(
        what="`--max-changed` held the run back",
        check=None,
        reconcile=10,
        play_check=None,
        play=None,
        arrange=EXPIRED,
        options=("--max-changed", "0"),
    ),
    Case(
        what="Somebody was asked and said no",
        check=None,
        reconcile=2,
        play_check=None,
        play=None,
        arrange=EXPIRED,
        scene="no",
    ),
    Case(
        what="The limit matches no box",
        check=1,
        reconcile=1,
        play_check=None,
        play=None,
        options=("--limit", "nobody"),
    ),
    Case(
        what="Another run holds the lock of the inventory",
        check=0,
        reconcile=1,
        play_check=None,
        play=None,
        scene="locked",
    ),
)
