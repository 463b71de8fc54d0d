"""What the last reconcile could not do, noted where the next reboot forgets it: a diagnosis that follows names it.

Without the note a diagnosis finds what is still wrong, but not that a repair was tried and why it failed.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress

from ...codes import CodeName, Trait
from ...codes.writing.sentences import UnknownSentence
from ...machine.durable import ROOT_DIRECTORY, ROOT_FILE, DurableDisk
from ...machine.system import System
from ...model import wire
from ...model.errors import WireError
from ...model.inquiry import Failure, LastRun
from ...results.finding import Finding, finding
from ...results.result import IN_VAIN, RepairOutcome
from ..paths import RUNTIME

NOTE = f"{RUNTIME}/last-failures.json"
_LIMIT = 1 << 16


def note(system: System, after: Sequence[Finding], outcomes: Sequence[RepairOutcome]) -> None:
    """Note the failures of a run, or that it had none; where that cannot be written, a diagnosis says less."""
    failures = {each.code: Failure(code=each.code, seen=each.seen) for each in after if each.has(Trait.EXPLAINS)}
    in_vain = [each.repair for each in outcomes if each.status in IN_VAIN]
    meant = {CodeName.ODOO_DOWN, *(code for repair in in_vain for code in repair.because)}
    left = tuple(dict.fromkeys(each.code for each in after if each.code in meant))
    disk = DurableDisk(system, ())
    with suppress(OSError):
        if failures:
            last = LastRun(at=system.now(), failures=tuple(failures.values()), left=left)
            disk.directory(RUNTIME, ROOT_DIRECTORY)
            disk.replace(NOTE, json.dumps(wire.encode(last)).encode(), ROOT_FILE)
        elif recall(system) is not None:
            disk.remove(NOTE)


def recall(system: System) -> LastRun | None:
    """Return what the last run noted, None where it had nothing to note, or notes what this version cannot say."""
    try:
        noted = wire.decode(LastRun, json.loads(system.read(NOTE, _LIMIT)), "note of the last run")
        for each in noted.failures:
            finding(each.code, *each.seen)
    except (OSError, ValueError, WireError, UnknownSentence):
        return None
    return noted
