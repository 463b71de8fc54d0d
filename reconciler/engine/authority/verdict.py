"""What the authority said, in the one form in which it is remembered and told to a box that need not ask."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from ...codes import CodeName, Trait, known_variant, with_trait
from ...model.desired import Mode, Refusal, Relayed, Request
from ...model.repair import RepairKind
from ...model.statement import Statement, say
from ...results.result import RepairStatus, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Granted:
    """A database gets certificates.

    Args:
        seen: how that is known; nothing where the pair itself is there.
        pair: the one that the control machine got, for the box that is told.
    """

    seen: tuple[Statement, ...] = ()
    pair: Relayed | None = None


Verdict = Granted | Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a box that was let ask reports.

    Args:
        verdict: on its database; `None` where it reports none.
        in_vain: how its question ended otherwise.
    """

    verdict: Verdict | None = None
    in_vain: tuple[Refusal, ...] = ()


NOTHING: Final = Heard()


def heard(box: str, mode: Mode, result: Result) -> Heard:
    """Return what the answer of a box that was let ask says of its question."""
    return _of_diagnosis(box, result) if mode is Mode.DIAGNOSE else _of_repair(box, result)


def with_verdict(request: Request, verdict: Verdict | None) -> Request:
    """Return a request with what the box is told instead of asking; without a verdict it asks."""
    match verdict:
        case None:
            return request
        case Refusal():
            return replace(request, refusal=verdict)
        case Granted(pair=None):
            return replace(request, granted=verdict.seen)
        case Granted(pair=pair):
            return replace(request, relayed=pair)


def _of_diagnosis(box: str, result: Result) -> Heard:
    answer = result.inquiry.eligibility if result.inquiry else None
    if answer is None or not answer.asked:
        return NOTHING
    if answer.code is None:
        return Heard(verdict=_granted(box))
    if answer.code != CodeName.LOAD_REQUEST_NO_RESULT:
        return NOTHING
    variant = known_variant(answer.code, answer.variant)
    return Heard(verdict=Refusal(code=answer.code, seen=answer.seen, variant=variant))


def _of_repair(box: str, result: Result) -> Heard:
    ends = [Refusal(code=each.code, seen=each.seen, variant=each.variant) for each in result.after]
    refused = next((each for each in ends if each.code == CodeName.LOAD_REQUEST_NO_RESULT), None)
    in_vain = tuple(each for each in ends if each.code in with_trait(Trait.AUTHORITY_FAILS))
    return Heard(verdict=_granted(box) if _has_fetched(result) else refused, in_vain=in_vain)


def _granted(box: str) -> Granted:
    return Granted(seen=(say("granted_to", box=box),))


def _has_fetched(result: Result) -> bool:
    """Tell whether the authority gave a certificate, be it the same as before."""
    return any(
        each.repair.kind is RepairKind.FETCH_CERTIFICATE and each.status in (RepairStatus.DONE, RepairStatus.UNCHANGED)
        for each in result.outcomes
    )
