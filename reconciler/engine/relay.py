"""The control machine as messenger: it asks the authority once per database and hands the answer to its boxes.

The private key is in the memory of this process and in what goes through the SSH connection, nowhere else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from ..authority import Issued, Question, Refused, ask
from ..codes import Variant, known_variant
from ..model.desired import Desired, Refusal, Relayed
from ..model.digests import Concern, concern_digest
from ..model.statement import say
from ..net.network import Network

Ask = Callable[[Network, Question], Issued | Refused]
_Answer = TypeVar("_Answer")
_Key = tuple[str, str]
"""The authority, and a digest of the credentials."""


class Relay:
    """One for a run.

    Args:
        network: of the control machine.
        ask: the question, replaced in tests.
    """

    def __init__(self, network: Network, ask: Ask = ask) -> None:
        self._network = network
        self._ask = ask
        self._answers: dict[_Key, asyncio.Task[Relayed | Refusal]] = {}
        self._refusals: dict[_Key, asyncio.Task[Refusal | None]] = {}

    async def answer_for(self, desired: Desired) -> Relayed | Refusal:
        """Return the pair for a box, asking for its database only if nobody did before in this run."""
        return await _once(self._answers, desired, self._question)

    async def refusal_for(self, desired: Desired) -> Refusal | None:
        """Return why a box would get no pair, None where it would; the pair that answered this is kept nowhere."""
        return await _once(self._refusals, desired, self._refusal)

    def _refusal(self, desired: Desired) -> Refusal | None:
        answer = self._question(desired)
        return answer if isinstance(answer, Refusal) else None

    def _question(self, desired: Desired) -> Relayed | Refusal:
        question = Question(
            url=desired.authority_url,
            db_uuid=desired.db_uuid,
            enterprise_code=desired.enterprise_code,
            ca_file=desired.ca_file,
            proxy=desired.proxy,
        )
        answer = self._ask(self._network, question)
        if isinstance(answer, Refused):
            return _refusal(answer)
        return Relayed(subject=answer.subject, certificate_pem=answer.certificate_pem, key_pem=answer.key_pem)


def _refusal(answer: Refused) -> Refusal:
    """Return it with what the network of the control machine does to it, and not that of any shop."""
    own = known_variant(answer.code, Variant.CONTROL_MACHINE)
    return Refusal(code=answer.code, seen=(say("by_control_machine"), *answer.seen), variant=own or answer.variant)


async def _once(
    answers: dict[_Key, asyncio.Task[_Answer]], desired: Desired, question: Callable[[Desired], _Answer]
) -> _Answer:
    """Return what is known for the database of a box, asking in a thread where nothing is."""
    key = (desired.authority_url, concern_digest(desired, Concern.CREDENTIALS))
    if key not in answers:
        answers[key] = asyncio.create_task(asyncio.to_thread(question, desired))
    # shielded: a box that is given up must not take the answer from the others
    return await asyncio.shield(answers[key])
