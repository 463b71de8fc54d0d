"""A box that is visited over the network lives in the true time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from iotbox_simulator.boxes.arrange import small_world
from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.live import LiveBox
from iotbox_simulator.machine.spec import BoxSpec
from iotbox_simulator.pki import make_authority
from reconciler.model import wire
from reconciler.model.desired import Desired, Request

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Now:
    """A clock that a test sets."""

    time: datetime = NOW

    def __call__(self) -> datetime:
        return self.time


def live(now: Now) -> LiveBox:
    world = small_world(make_authority("Test", now=NOW))
    return LiveBox("till-1", SimulatedBox(BoxSpec(clock=NOW), world), now)


def test_what_was_due_happens_when_somebody_comes() -> None:
    now = Now()
    one = live(now)
    happened: list[str] = []
    one.box.clock.later(3600, happened.append, "midnight")
    with one.caught_up():
        assert not happened
    now.time = NOW + timedelta(hours=2)
    with one.caught_up() as box:
        assert happened == ["midnight"]
        assert box.now() == now.time


def test_a_box_that_waited_is_not_set_back() -> None:
    one = live(Now())
    with one.caught_up() as box:
        box.sleep(30)
        later = box.now()
    with one.caught_up() as box:
        assert box.now() == later


def test_the_program_runs_and_frees_the_box_for_the_next() -> None:
    one = live(Now())
    request = json.dumps(wire.encode(Request(desired=Desired(name="till-1"), sent_at=NOW))).encode()
    for _ in range(2):
        head, body = one.run_program(request).strip().split(b"\n", 1)
        assert head.startswith(b"IOT-HTTPS-REPLY ")
        assert json.loads(body)["result"]["name"] == "till-1"
