"""`--authority-at-once` bounds whoever asks, whatever for: a repair, a diagnosis, a box, the control machine."""

from __future__ import annotations

import string
import threading
from dataclasses import dataclass, field
from typing import NoReturn

import pytest

from reconciler.authority import Issued, Question
from reconciler.engine.authority.relay import Relay
from reconciler.engine.authority.turns import Turns
from reconciler.engine.settings import Settings
from reconciler.model.desired import CertificateSource
from reconciler.model.secret import Secret
from reconciler.model.target import Target
from reconciler.net.network import Network
from reconciler.results.fleet import BoxState

from .world import FETCH, Fleet, Scene, states, target

BOUND = 2
VERBS = pytest.mark.parametrize("verb", ["reconcile", "diagnose"])


def twenty_databases(source: CertificateSource) -> list[Target]:
    return [target(f"till-{each}", database=each, certificate_source=source) for each in string.ascii_lowercase[:20]]


def scene_of(boxes: list[Target]) -> Scene:
    plans = {each.name: FETCH for each in boxes}
    return Scene(Fleet(plans=plans), boxes, settings=Settings(authority_at_once=BOUND, max_changed=None))


@VERBS
def test_boxes_of_twenty_databases_ask_so_many_at_a_time(verb: str) -> None:
    scene = scene_of(twenty_databases(CertificateSource.DIRECT))
    assert BoxState.NOT_ATTEMPTED not in states(getattr(scene, verb)()).values()
    assert scene.fleet.most_asking == BOUND


@VERBS
def test_boxes_without_credentials_of_their_own_are_no_exception(verb: str) -> None:
    boxes = [target(f"till-{each}", database=None, server_url="https://bakery.example") for each in range(20)]
    scene = scene_of(boxes)
    getattr(scene, verb)()
    assert scene.fleet.most_asking == BOUND


@dataclass
class Authority:
    """Counts who is inside; nobody gets out before as many are inside as are let in, or have been waited for."""

    inside: int = 0
    most: int = 0
    asked: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)
    full: threading.Barrier = field(default_factory=lambda: threading.Barrier(BOUND, timeout=60))

    def ask(self, _: Network, __: Question) -> Issued:
        with self.lock:
            self.inside, self.asked = self.inside + 1, self.asked + 1
            self.most = max(self.most, self.inside)
        self.full.wait()
        with self.lock:
            self.inside -= 1
        return Issued("*.a.odoo-iot.com", "certificate", Secret("key"))


@VERBS
def test_the_control_machine_that_asks_for_its_boxes_keeps_to_it_too(verb: str) -> None:
    scene, authority = scene_of(twenty_databases(CertificateSource.RELAY)), Authority()
    scene.relay = Relay(None, authority.ask)  # type: ignore[arg-type]
    getattr(scene, verb)()
    assert (authority.asked, authority.most) == (20, BOUND)


@VERBS
def test_a_defect_over_turns_leaves_nobody_waiting(verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def called(*_: object) -> NoReturn:
        raise RuntimeError("canary: a secret of the box")

    monkeypatch.setattr(Turns, "called", called)
    report = getattr(scene_of(twenty_databases(CertificateSource.DIRECT)), verb)()
    assert set(states(report).values()) == {BoxState.FAILED}
    assert "canary" not in str(report)
