"""From what came back on standard output to a result, whatever came back."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from ..box.__main__ import MARKER
from ..codes import CodeName, finding
from ..model import wire
from ..model.desired import Request
from ..model.errors import WireError
from ..model.result import Finding, Result
from ..model.secret import Secret, masked, redact

_FRAME = re.compile(rb"^" + MARKER.encode() + rb" (\d{1,9})\n", re.MULTILINE)

_LONGEST_TEXT = 4096
"""Characters of one text of a reply; evidence is cut at 600 where it is made."""
_SHORTEST_MASKED = 8
"""Characters; a shorter secret may be part of any word."""


def read(
    output: bytes, request: Request, started: datetime, errors: str = "", *, also: Sequence[Secret | None] = ()
) -> Result:
    """Return the box program's result, or one that says why there is none.

    Args:
        started: when the request was sent.
        errors: what came on standard error, shown when nothing else explains the silence.
        also: secrets of the way to the box, such as a password for `sudo`, which must not come back either.
    """
    known = (*also, *secrets_of(request))
    found = _FRAME.search(output)
    if found is None:
        # A box whose Python is no Python prints what it was sent.
        last = redact((errors.strip().splitlines() or ["nothing was printed"])[-1], *known)
        return without(request, started, finding(CodeName.NOT_OBSERVED, f"the box program did not answer: {last}"))
    body = output[found.end() : found.end() + int(found[1])]
    if len(body) != int(found[1]):
        evidence = f"the reply was cut off after {len(body)} of {int(found[1])} bytes"
        return without(request, started, finding(CodeName.NOT_OBSERVED, evidence))
    return _decode(body, request, started, tuple(each for each in known if each and len(each) >= _SHORTEST_MASKED))


def _decode(body: bytes, request: Request, started: datetime, known: tuple[Secret, ...]) -> Result:
    try:
        reply = _fit(json.loads(body), known)
        if "unsupported_python" in reply:
            evidence = f"the box has Python {redact(str(reply['unsupported_python']))[:20]}"
            return without(request, started, finding(CodeName.UNSUPPORTED_PYTHON, evidence))
        if "result" in reply:
            result = wire.decode(Result, reply["result"], "reply")
            return replace(result, name=request.desired.name, mode=request.mode)
        evidence = f"the box program reports: {redact(str(reply['error']))}"
    except (ValueError, KeyError, TypeError, RecursionError, WireError) as error:
        evidence = f"the reply cannot be read: {error}"
    return without(request, started, finding(CodeName.NOT_OBSERVED, evidence))


def secrets_of(request: Request) -> tuple[Secret, ...]:
    """Return what went to the box and must not come back in a text that people see."""
    desired = request.desired
    key = request.relayed.key_pem if request.relayed else None
    known = (desired.token, desired.db_uuid, desired.enterprise_code, desired.proxy, key)
    return tuple(each for each in known if each)


def _fit(value: Any, secrets: tuple[Secret, ...]) -> Any:
    """Leave no secret in the texts of a reply, and nothing that a terminal would act on: who answers may be anybody."""
    if isinstance(value, str):
        # a single word is the name of a field or a state, which may begin as a secret does
        text = masked(value[:_LONGEST_TEXT], *secrets, cut=" " in value)
        return "".join(each if each.isprintable() else " " for each in text)
    if isinstance(value, list):
        return [_fit(each, secrets) for each in value]
    if isinstance(value, dict):
        return {_fit(key, secrets): _fit(each, secrets) for key, each in value.items()}
    return value


def end(output: bytes | bytearray, begin: int = 0) -> int | None:
    """Return where the reply in this output ends or will end, or None where none has begun.

    Args:
        begin: where to look, for who has looked at what is before it.
    """
    found = _FRAME.search(output, begin)
    return None if found is None else found.end() + int(found[1])


def without(request: Request, started: datetime, only: Finding) -> Result:
    """Return the result of a run that came to nothing but this finding."""
    return Result.unobserved(request.desired.name, request.mode, started, only)
