"""Parse what came back on standard output into a result, whatever came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from ..codes import CodeName
from ..model import framing, wire
from ..model.bounded_json import Bounds, loads
from ..model.desired import Request
from ..model.errors import WireError
from ..model.secret import Mask, Secret, redact
from ..model.statement import Statement, say, told
from ..results.finding import Finding, finding
from ..results.restate import legible, restated
from ..results.result import Result
from . import plausible

BOUNDS: Final = Bounds(size=128 << 10, values=1024, depth=16)
"""Of a reply: the largest of two thousand in tests had 8.4 KB and 283 values, 7 deep."""
_LONGEST_TEXT = 1000
"""Characters of one text of a reply, as of a line of the vendor's log; evidence is cut at 600 where it is made."""
_SHORTEST_MASKED = 8
"""Characters; a shorter secret may be part of any word."""
_UNFIT: Final = (ValueError, KeyError, TypeError, RecursionError, WireError)


def read(
    output: bytes,
    request: Request,
    started: datetime,
    errors: str | Statement = "",
    *,
    also: Sequence[Secret | None] = (),
) -> Result:
    """Return the box program's result, or one that says why there is none.

    Args:
        started: when the request was sent.
        errors: what came on standard error, shown when nothing else explains the silence; or why nothing was read.
        also: secrets of the way to the box, such as a password for `sudo`, which must not come back either.
    """
    known = (*also, *secrets_of(request))
    found = framing.find(output)
    if found is None:
        # A box whose Python is no Python prints what it was sent.
        seen = (say("no_reply"), last_words(errors, *known))
        return without(request, started, finding(CodeName.NOT_OBSERVED, *seen))
    begin, ends = found
    body = output[begin:ends]
    if len(body) != ends - begin:
        cut = say("cut_off", size=len(body), announced=ends - begin)
        return without(request, started, finding(CodeName.NOT_OBSERVED, cut))
    mask = Mask(*(each for each in known if each and len(each) >= _SHORTEST_MASKED))
    return _decode(body, request, started, mask)


def _decode(body: bytes, request: Request, started: datetime, mask: Mask) -> Result:
    try:
        reply = _fit(loads(body, BOUNDS), mask, {})
        if "unsupported_python" in reply:
            has = say("has", version=redact(str(reply["unsupported_python"]))[:20])
            return without(request, started, finding(CodeName.UNSUPPORTED_PYTHON, has))
        if "result" in reply:
            result = restated(plausible.check(wire.decode(Result, legible(reply["result"]), "reply")))
            return replace(result, name=request.desired.name, mode=request.mode)
        seen = say("reports", error=redact(str(reply["error"])))
    except _UNFIT as error:
        seen = say("unreadable_reply", reason=str(error))
    return without(request, started, finding(CodeName.NOT_OBSERVED, seen))


def last_words(errors: str | Statement, *known: Secret | None) -> Statement:
    """Return what was said last in place of a reply, or that nothing was.

    Args:
        known: secrets that it must not show.
    """
    if isinstance(errors, Statement):
        return errors
    lines = errors.strip().splitlines()
    return told(redact(lines[-1], *known)) if lines else say("nothing_printed")


def secrets_of(request: Request) -> tuple[Secret, ...]:
    """Return what went to the box and must not come back in a text that people see."""
    desired = request.desired
    key = request.relayed.key_pem if request.relayed else None
    known = (desired.token, desired.db_uuid, desired.enterprise_code, desired.proxy, key)
    return tuple(each for each in known if each)


def fitted(body: bytes | bytearray, known: Sequence[Secret]) -> Any:
    """Return the JSON of a reply, bounded, without secrets and without anything that a terminal would act on.

    Raises:
        ValueError: it is no JSON within the bounds.
    """
    return _fit(loads(bytes(body), BOUNDS), Mask(*(each for each in known if len(each) >= _SHORTEST_MASKED)), {})


def _fit(value: Any, mask: Mask, seen: dict[str, str]) -> Any:
    """Leave no secret in the texts of a reply, and nothing that a terminal would act on: who answers may be anybody.

    Args:
        seen: texts that were made fit already, above all the names of fields.
    """
    if isinstance(value, str):
        if value not in seen:
            # a single word is the name of a field or a state, which may begin as a secret does
            text = mask.of(value[:_LONGEST_TEXT], cut=" " in value)
            seen[value] = text if text.isprintable() else "".join(each if each.isprintable() else " " for each in text)
        return seen[value]
    if isinstance(value, list):
        return [_fit(each, mask, seen) for each in value]
    if isinstance(value, dict):
        return {_fit(key, mask, seen): _fit(each, mask, seen) for key, each in value.items()}
    return value


def without(request: Request, started: datetime, only: Finding) -> Result:
    """Return the result of a run that came to nothing but this finding."""
    return Result.unobserved(request.desired.name, request.mode, started, only)
