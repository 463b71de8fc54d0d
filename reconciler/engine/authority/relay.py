"""The control machine as messenger: it asks the authority itself, and what it is told goes to its boxes.

The private key is in the memory of this process and in what goes through the SSH connection, nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable

from ...authority import Issued, Question, Refused, ask
from ...codes import Variant, known_variant
from ...model.desired import Desired, Mode, Refusal, Relayed
from ...model.statement import say
from ...net.network import Network
from .verdict import Granted, Verdict

Ask = Callable[[Network, Question], Issued | Refused]


class Relay:
    """Asks, and waits for the answer; who asks how often is decided elsewhere.

    Args:
        network: of the control machine.
        ask: the question, replaced in tests.
    """

    def __init__(self, network: Network, ask: Ask = ask) -> None:
        self._network = network
        self._ask = ask

    def verdict(self, desired: Desired, mode: Mode) -> Verdict:
        """Ask for the database of a box; the pair that a diagnosis is given is kept nowhere."""
        answer = self._ask(self._network, _question(desired))
        if isinstance(answer, Refused):
            return _refusal(answer)
        if mode is Mode.DIAGNOSE:
            return Granted(seen=(say("granted_to_control_machine"),))
        pair = Relayed(subject=answer.subject, certificate_pem=answer.certificate_pem, key_pem=answer.key_pem)
        return Granted(pair=pair)


def _question(desired: Desired) -> Question:
    return Question(
        url=desired.authority_url,
        db_uuid=desired.db_uuid,
        enterprise_code=desired.enterprise_code,
        ca_file=desired.ca_file,
        proxy=desired.proxy,
    )


def _refusal(answer: Refused) -> Refusal:
    """Return it with what the network of the control machine does to it, and not that of any shop."""
    own = known_variant(answer.code, Variant.CONTROL_MACHINE)
    return Refusal(code=answer.code, seen=(say("by_control_machine"), *answer.seen), variant=own or answer.variant)
