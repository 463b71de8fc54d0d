"""Questions to the authority to which there was no verdict: after three of a kind nobody waits for a fourth.

They say nothing about a database, but something about a shop's network, or about the authority. So three of a kind
from one store count for that store; three of a kind from as many stores count for all, as long as nobody was answered.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from ..codes import CodeName
from ..model.desired import Desired, Refusal
from ..model.result import RepairKind, RepairStatus, Result

ENOUGH: Final = 3
_KINDS: Final = (CodeName.LOAD_REQUEST_EXCEPTION, CodeName.LOAD_REQUEST_STATUS, CodeName.ANSWER_NOT_FROM_ODOO)

Store = tuple[str | None, str | None]
"""Customer and store; boxes of a customer without a store count as one."""


@dataclass(frozen=True, slots=True)
class _Failure:
    box: str
    store: Store
    evidence: str
    variant: str | None


@dataclass(slots=True)
class _Authority:
    has_answered: bool = False
    failures: dict[CodeName, list[_Failure]] = field(default_factory=dict)

    def enough(self, kind: CodeName, store: Store) -> list[_Failure]:
        """Return the failures of a kind that are reason enough for a box of this store, none where they are not."""
        failures = self.failures.get(kind, [])
        here = [each for each in failures if each.store == store]
        if len(here) >= ENOUGH:
            return here
        of_stores = list({each.store: each for each in failures}.values())
        return of_stores if len(of_stores) >= ENOUGH and not self.has_answered else []


@dataclass(frozen=True, slots=True)
class AskedInVain:
    """What is remembered of a run, by the address of the authority."""

    _authorities: dict[str, _Authority] = field(default_factory=dict)

    def reason_for(self, desired: Desired) -> Refusal | None:
        """Return why a box need not ask, None where it should."""
        known = self._of(desired)
        for kind in _KINDS:
            if enough := known.enough(kind, _store(desired)):
                names = ", ".join(each.box for each in enough[:ENOUGH])
                evidence = f"not asked, since {names} got: {enough[-1].evidence}"
                return Refusal(code=kind, evidence=evidence, variant=enough[-1].variant)
        return None

    def learn(self, desired: Desired, result: Result) -> None:
        """Note what came of a box that was let ask."""
        known = self._of(desired)
        known.has_answered = known.has_answered or was_granted(result)
        for found in result.after:
            if found.code in _KINDS:
                failure = _Failure(desired.name, _store(desired), found.evidence, found.variant)
                known.failures.setdefault(CodeName(found.code), []).append(failure)

    def _of(self, desired: Desired) -> _Authority:
        return self._authorities.setdefault(desired.authority_url, _Authority())


def was_granted(result: Result) -> bool:
    """Tell whether the authority gave a certificate, be it the same as before."""
    return any(
        each.repair.kind is RepairKind.FETCH_CERTIFICATE and each.status in (RepairStatus.DONE, RepairStatus.UNCHANGED)
        for each in result.outcomes
    )


def _store(desired: Desired) -> Store:
    return desired.customer, desired.store
