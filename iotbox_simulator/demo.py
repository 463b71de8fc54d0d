"""The main job on a small simulated fleet: look, mend, look again, and after a reboot once more.

No root, no network, nothing outside this process. It checks its own end state: the exit status is 0 only when every
box that software can mend is mended and the one that only a person can mend is named.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reconciler.box.run import run
from reconciler.model.desired import Desired, Mode, Request
from reconciler.model.result import Result
from reconciler.model.secret import Secret
from reconciler.report import text

from .machine.arrange import install_pair, link, small_world
from .machine.authority import AuthorityModel, subdomain_of
from .machine.box import SimulatedBox
from .machine.network import World
from .machine.spec import BoxSpec, LayoutKind
from .pki import TestAuthority, issue_wildcard_pair, make_authority

_DB_UUID = "11111111-2222-3333-4444-555555555555"
_CODE = "M210101"
_SERVER = "https://db.example"


@dataclass(frozen=True)
class _Case:
    name: str
    kind: LayoutKind
    spoil: Callable[[SimulatedBox, TestAuthority, datetime], None]
    mendable: bool = True


def main() -> int:
    """Tell the story; return the exit status."""
    now = datetime.now(UTC)
    ca = make_authority("Demo", now=now - timedelta(days=400))
    boxes = [(case, _box(case, small_world(ca, AuthorityModel(ca)), ca, now)) for case in _CASES]

    _say("Four simulated IoT boxes, each with a fault. What a check finds:\n")
    _show(_each(boxes, Mode.CHECK))
    _say("\nReconcile mends what software can mend:\n")
    _show(_each(boxes, Mode.RECONCILE))
    _say("\nEvery box is rebooted, which loses what was only in its ramdisks, and is checked again:\n")
    for _, box in boxes:
        box.reboot()
    final = _each(boxes, Mode.CHECK)
    _show(final)
    again = _each(boxes, Mode.RECONCILE)
    good = all(
        any(each.counts for each in result.after) is not case.mendable
        for (case, _), result in zip(boxes, final, strict=True)
    )
    idle = not any(result.changed for result in again)
    _say(f"\nA second reconcile changed {'nothing' if idle else 'something: this is a defect'}.")
    _say("Next: README.md, 'On one box of your own'." if good and idle else "This is not how the story should end.")
    return 0 if good and idle else 1


def _box(case: _Case, world: World, ca: TestAuthority, now: datetime) -> SimulatedBox:
    world.dns["192.0.2.53"].alive = False
    box = SimulatedBox(BoxSpec(kind=case.kind, clock=now), world)
    case.spoil(box, ca, now)
    return box


def _fresh(box: SimulatedBox, ca: TestAuthority, now: datetime) -> None:
    """A box as it comes out of its carton."""


def _expired(box: SimulatedBox, ca: TestAuthority, now: datetime) -> None:
    _linked(box)
    start, end = now - timedelta(days=92), now - timedelta(days=2)
    install_pair(box, issue_wildcard_pair(ca, subdomain_of(_DB_UUID), now=now, not_before=start, not_after=end))


def _lost_at_reboot(box: SimulatedBox, ca: TestAuthority, now: datetime) -> None:
    _linked(box)
    install_pair(box, issue_wildcard_pair(ca, subdomain_of(_DB_UUID), now=now), trees=("",))


def _other_customer(box: SimulatedBox, _: TestAuthority, __: datetime) -> None:
    link(box, {"remote_server": "https://other-customer.example", "db_uuid": "99999999-2222-3333-4444-555555555555"})


def _linked(box: SimulatedBox) -> None:
    values = {"remote_server": _SERVER, "token": "tok123", "db_uuid": _DB_UUID, "enterprise_code": _CODE}
    link(box, {**values, "subject": f"*.{subdomain_of(_DB_UUID)}.odoo-iot.com"})


_CASES = (
    _Case("hanoi-till-1", "ro_flat", _fresh),
    _Case("hanoi-till-2", "ro_ini", _expired),
    _Case("hue-till-1", "rw_ini", _lost_at_reboot),
    _Case("hue-till-2", "rw_newest", _other_customer, mendable=False),
)


def _each(boxes: list[tuple[_Case, SimulatedBox]], mode: Mode) -> list[Result]:
    results = []
    for case, box in boxes:
        request = Request(desired=_desired(case.name), mode=mode, sent_at=box.now())
        results.append(run(box, request))
        box.kill()
    return results


def _desired(name: str) -> Desired:
    return Desired(
        name=name,
        customer="customer-a",
        store=name.partition("-")[0],
        server_url=_SERVER,
        token=Secret("tok123"),
        db_uuid=Secret(_DB_UUID),
        enterprise_code=Secret(_CODE),
        resolvers=("1.1.1.1", "8.8.8.8"),
    )


def _show(results: list[Result]) -> None:
    _say(text.render(results))


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    sys.exit(main())
