"""The Ansible module as a function: it always returns a result, whatever happens on the machine."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..box import ending
from ..box.run import run as run_program
from ..box.system import System
from ..codes import CodeName, finding
from ..model.desired import Mode, Request
from ..model.fleet import BoxReport, BoxState, FleetReport
from ..model.result import Result
from . import answer, arguments, unmanaged


def run(params: Mapping[str, Any], system: System, *, check_mode: bool, diff: bool) -> dict[str, Any]:
    """Look at the box, mend it unless in check mode, and return what the module is to say.

    Args:
        params: as `arguments.ARGUMENT_SPEC` says, absent ones None.
        diff: add what each repair changes.
    """
    mode = Mode.CHECK if check_mode else Mode.RECONCILE
    request, problems = arguments.request(params, mode)
    if request is None:
        box = BoxReport(name=params["name"], state=BoxState.INVALID, problems=problems)
        return answer.of_refusal(FleetReport(mode=mode, started_at=system.now(), seconds=0.0, boxes=(box,)))
    if not request.desired.declares_something:
        return unmanaged.not_managed(request.desired, mode, system.now())
    return answer.of_run(request, _result(request, system), diff=diff)


def _result(request: Request, system: System) -> Result:
    started = system.now()
    try:
        return run_program(system, request)
    except (Exception, ending.Stopped) as error:  # noqa: BLE001 - the last line of defence, without values
        why = finding(CodeName.NOT_OBSERVED, f"the box program reports: {ending.why_no_result(error)}")
        return Result.unobserved(request.desired.name, request.mode, started, why)
