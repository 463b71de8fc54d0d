"""The control machine asks once per database and run, and hands on what it got."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from reconciler.authority import Issued, Question, Refused
from reconciler.codes import CodeName, Variant
from reconciler.engine.authority.relay import Relay
from reconciler.engine.authority.verdict import Granted
from reconciler.engine.journal import Journal
from reconciler.model.desired import CertificateSource, Desired, Mode, Refusal, Relayed
from reconciler.model.reveal import reveal
from reconciler.model.secret import Secret
from reconciler.model.statement import say, told
from reconciler.net.network import Network
from reconciler.results.fleet import BoxState

from .world import FETCH, RESOLVERS, Fleet, Scene, states, target

RELAY = CertificateSource.RELAY
KEY = "key of"


class Authority:
    """Counts questions; `refuses` are first letters of database UUIDs."""

    def __init__(self, refuses: str = "") -> None:
        self.asked: list[str] = []
        self._refuses = refuses

    def ask(self, _: Network, question: Question) -> Issued | Refused:
        assert question.db_uuid is not None
        first = reveal(question.db_uuid)[0]
        self.asked.append(first)
        if first in self._refuses:
            return Refused(CodeName.LOAD_REQUEST_NO_RESULT, (told("refused: copy of a database"),))
        return Issued(f"*.{first}.odoo-iot.com", "certificate", Secret(f"{KEY} {first}"))


def scene(authority: Authority, plans: dict[str, tuple[object, ...]], journal: Journal | None = None) -> Scene:
    boxes = [target(name, database=name[0], certificate_source=RELAY) for name in plans]
    relay = Relay(None, authority.ask)  # type: ignore[arg-type]
    return Scene(Fleet(plans=plans), boxes, relay=relay, journal=journal)  # type: ignore[arg-type]


def brought(scene: Scene) -> dict[str, object]:
    return {
        each.desired.name: each.relayed or each.refusal for each in scene.fleet.requests if each.mode is Mode.RECONCILE
    }


def test_one_question_for_each_database_and_its_answer_for_each_box() -> None:
    authority = Authority()
    run = scene(authority, {"a1": FETCH, "a2": FETCH, "b1": FETCH})
    run.reconcile()
    assert sorted(authority.asked) == ["a", "b"]
    subjects = {name: each.subject for name, each in brought(run).items() if isinstance(each, Relayed)}
    assert subjects == {"a1": "*.a.odoo-iot.com", "a2": "*.a.odoo-iot.com", "b1": "*.b.odoo-iot.com"}


def test_a_box_that_needs_no_certificate_asks_for_none() -> None:
    authority = Authority()
    run = scene(authority, {"a1": RESOLVERS})
    run.reconcile()
    assert authority.asked == []
    assert brought(run) == {"a1": None}


def test_a_refusal_is_handed_on_and_says_who_asked() -> None:
    run = scene(Authority(refuses="a"), {"a1": FETCH, "a2": FETCH})
    report = run.reconcile()
    evidence = {each.findings[0].evidence for each in report.boxes}
    assert evidence == {"asked by the control machine: refused: copy of a database"}


@pytest.mark.parametrize(
    ("refused", "variant"),
    [
        (Refused(CodeName.LOAD_REQUEST_EXCEPTION, (told("www.odoo.com: timed out"),)), Variant.CONTROL_MACHINE),
        (Refused(CodeName.ANSWER_NOT_FROM_ODOO, (told("the answer is not JSON"),)), Variant.CONTROL_MACHINE),
        (Refused(CodeName.LOAD_REQUEST_STATUS, (told("404 Not Found"),)), None),
        (
            Refused(CodeName.LOAD_REQUEST_NO_RESULT, (told("refused: x"),), Variant.NOT_PRODUCTION),
            Variant.NOT_PRODUCTION,
        ),
    ],
    ids=lambda each: str(each.code) if isinstance(each, Refused) else "",
)
def test_what_is_the_control_machines_own_trouble_is_called_so(refused: Refused, variant: Variant | None) -> None:
    relay = Relay(None, lambda _, __: refused)  # type: ignore[arg-type]
    told = relay.verdict(target("a1", certificate_source=RELAY).desired, Mode.DIAGNOSE)
    assert isinstance(told, Refusal)
    assert (told.code, told.variant) == (refused.code, variant)


def test_a_look_asks_for_nothing() -> None:
    authority = Authority()
    scene(authority, {"a1": FETCH}).check()
    assert authority.asked == []


def test_a_run_that_is_ended_while_the_authority_is_asked_begins_no_box(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "j")
    run = scene(Authority(), {"a1": FETCH}, journal)
    answer = Relayed(subject="*.a.odoo-iot.com", certificate_pem="certificate", key_pem=Secret("key"))

    class Interrupting(Relay):
        def verdict(self, _: Desired, __: Mode) -> Granted:
            run.stop.ask("interrupted by SIGINT")
            return Granted(seen=(), pair=answer)

    run.relay = Interrupting(None)  # type: ignore[arg-type]
    assert states(run.reconcile()) == {"a1": BoxState.NOT_ATTEMPTED}
    assert run.fleet.mended() == []
    assert journal.unfinished == ()


def test_a_diagnosis_asks_once_for_each_database_and_keeps_no_pair() -> None:
    authority = Authority(refuses="b")
    run = scene(authority, {"a1": FETCH, "a2": FETCH, "b1": FETCH})
    run.diagnose()
    assert sorted(authority.asked) == ["a", "b"]
    told = {each.desired.name: each.granted or each.refusal for each in run.fleet.requests}
    assert told["a1"] == told["a2"] == (say("granted_to_control_machine"),)
    assert isinstance(told["b1"], Refusal)
    assert run.relay is not None
    assert not [each for each in gc.get_objects() if isinstance(each, Issued | Relayed) and KEY in reveal(each.key_pem)]


def test_the_key_is_in_no_report() -> None:
    report = scene(Authority(), {"a1": FETCH}).reconcile()
    assert KEY not in repr(report)
