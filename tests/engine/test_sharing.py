"""Customers that share a contract share no certificate: what is fetched, granted or refused goes by the UUID."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.authority import Issued, Question, Refused
from reconciler.codes import CodeName
from reconciler.engine.authority.relay import Relay
from reconciler.model.desired import CertificateSource, Mode, Relayed
from reconciler.model.reveal import reveal
from reconciler.model.secret import Secret
from reconciler.model.statement import told
from reconciler.model.target import Target
from reconciler.net.network import Network
from reconciler.results.fleet import BoxState

from .world import FETCH, Fleet, Scene, states, target

ONE_CONTRACT = Secret("M210101")
OF = {"lotus-1": "a", "lotus-2": "a", "atlas-1": "b", "atlas-2": "b", "none-1": "c", "none-2": "d"}


def boxes(contract: Secret | None, source: CertificateSource = CertificateSource.DIRECT) -> list[Target]:
    """Boxes of two customers and of nobody; they share all but their database."""
    made = (
        target(name, database=uuid, enterprise_code=contract, certificate_source=source) for name, uuid in OF.items()
    )
    return [replace(each, desired=replace(each.desired, customer=each.name.split("-", maxsplit=1)[0])) for each in made]


def answer(_: Network, question: Question) -> Issued | Refused:
    """Issue a pair that tells for which UUID it is."""
    assert question.db_uuid is not None
    first = reveal(question.db_uuid)[0]
    return Issued(f"*.{first}.odoo-iot.com", f"certificate {first}", Secret(f"key {first}"))


@pytest.mark.parametrize("contract", [ONE_CONTRACT, None], ids=["one contract", "no contract"])
def test_a_pair_goes_to_boxes_of_the_uuid_for_which_it_was_fetched(contract: Secret | None) -> None:
    fleet = Fleet(plans=dict.fromkeys(OF, FETCH))
    relay = Relay(None, answer)  # type: ignore[arg-type]
    Scene(fleet, boxes(contract, CertificateSource.RELAY), relay=relay).reconcile()
    brought = {each.desired.name: each.relayed for each in fleet.requests if each.mode is Mode.RECONCILE}
    keys = {name: reveal(each.key_pem) for name, each in brought.items() if isinstance(each, Relayed)}
    assert keys == {name: f"key {uuid}" for name, uuid in OF.items()}


@pytest.mark.parametrize("contract", [ONE_CONTRACT, None], ids=["one contract", "no contract"])
def test_a_refusal_of_one_uuid_is_none_of_another(contract: Secret | None) -> None:
    refused = {name for name, uuid in OF.items() if uuid == "a"}
    scene = Scene(Fleet(plans=dict.fromkeys(OF, FETCH), refused=refused), boxes(contract))
    ended = {name: BoxState.DIFFERS if name in refused else BoxState.CHANGED for name in OF}
    assert states(scene.reconcile()) == ended
    told = {each.desired.name for each in scene.fleet.requests if each.refusal is not None}
    assert told <= refused


def test_a_verdict_of_one_uuid_is_none_of_another() -> None:
    """A diagnosis by the control machine asks for each UUID, whatever else they share."""
    asked: list[str] = []

    def ask(network: Network, question: Question) -> Issued | Refused:
        assert question.db_uuid is not None
        asked.append(reveal(question.db_uuid)[0])
        no = Refused(CodeName.LOAD_REQUEST_NO_RESULT, (told("no"),))
        return no if asked[-1] == "a" else answer(network, question)

    fleet = Fleet(plans=dict.fromkeys(OF, FETCH))
    Scene(fleet, boxes(ONE_CONTRACT, CertificateSource.RELAY), relay=Relay(None, ask)).diagnose()  # type: ignore[arg-type]
    assert sorted(asked) == sorted(set(OF.values()))
    assert {each.desired.name for each in fleet.requests if each.refusal} == {"lotus-1", "lotus-2"}
