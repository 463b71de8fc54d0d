"""One task of the role on the control machine: refuse, or ask the box, and believe of its answer what is evidence.

A box gets a request and answers with a reply, both in the program's own wire format, as over the command's SSH
connection. Whatever else a module may return to Ansible (facts, warnings, texts to be templated) is not even looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..connections import reply
from ..model.desired import Mode, Request
from ..model.fleet import BoxReport, BoxState, FleetReport
from ..model.names import printable_name
from . import answer, arguments


@dataclass(frozen=True, slots=True)
class Said:
    """What came back: a framed reply within whatever was printed, and what was said instead of one."""

    output: bytes
    errors: str = ""


def run(
    params: Mapping[str, Any], ask: Callable[[Request], Said], *, check_mode: bool, diff: bool, now: datetime
) -> dict[str, Any]:
    """Look at a box, mend it unless in check mode, and return what the task is to say.

    Args:
        params: as `arguments.ARGUMENT_SPEC` says, absent ones None.
        ask: sends a request to the box and waits; not called for a box whose entry cannot be used.
        diff: add what each repair changes.
        now: when it began.
    """
    mode = Mode.CHECK if check_mode else Mode.RECONCILE
    request, problems = arguments.request(params, mode)
    if request is None:
        box = BoxReport(name=printable_name(params["name"]), state=BoxState.INVALID, problems=problems)
        return answer.of_refusal(FleetReport(mode=mode, started_at=now, seconds=0.0, boxes=(box,)))
    said = ask(request)
    return answer.of_run(request, reply.read(said.output, request, now, said.errors), diff=diff, now=now)
