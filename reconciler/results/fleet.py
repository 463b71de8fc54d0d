"""What came of one run over many boxes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from ..model.desired import Mode
from .diagnosis import Diagnosis
from .finding import Finding, Reader
from .result import Result

MOST_CHANGED: Final = 10
"""A run that would change more boxes than this is one that somebody should have looked at, unless they say so."""


class BoxState(StrEnum):
    """Where a box stands at the end of a run.

    `in_sync`: nothing to do, warnings that nobody can mend here allowed. `in_sync_as_seen`: nothing to do as far as
    the way to the box shows, which is not all. `differs`: differences stand, repairable
    or not. `changed`: something was changed and nothing is left. `failed`: it could not be judged, or a repair
    failed. `unsupported`: it is of a kind on which this program cannot run, or which it does not know.
    `unreachable`: there was no connection, and none was needed to change anything that is known. `deferred`:
    unreachable although it was to be changed. `invalid`: its inventory entry cannot be used. `not_attempted`: the
    run ended before its turn, or its entry says whose it is and not what it should be. `busy`: another run was at
    work on it. `not_managed`: nothing is declared for it, so no connection was made.
    """

    IN_SYNC = "in_sync"
    IN_SYNC_AS_SEEN = "in_sync_as_seen"
    DIFFERS = "differs"
    CHANGED = "changed"
    FAILED = "failed"
    UNSUPPORTED = "unsupported"
    UNREACHABLE = "unreachable"
    DEFERRED = "deferred"
    INVALID = "invalid"
    NOT_ATTEMPTED = "not_attempted"
    BUSY = "busy"
    NOT_MANAGED = "not_managed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxReport:
    """One box in the report of a run.

    Args:
        findings: all that stands at the end: of the box program, of the look from outside, of the connection.
        result: what the box program answered, `None` where it did not run.
        problems: what is wrong with its inventory entry, for `invalid`, or for one that declares nothing.
        seconds: wall time spent on it.
        diagnosis: the chain, of a run that diagnoses.
        missed_runs: runs in a row, this one included, in which it did not answer; `None` where nobody counts.
        is_left_alone: it was begun and the run did not wait for its end.
    """

    name: str
    state: BoxState
    customer: str | None = None
    store: str | None = None
    findings: tuple[Finding, ...] = ()
    result: Result | None = None
    problems: tuple[str, ...] = ()
    seconds: float = 0.0
    diagnosis: Diagnosis | None = None
    missed_runs: int | None = None
    is_left_alone: bool = False

    @property
    def is_managed(self) -> bool:
        """Whether anything is declared for it; one that is not attempted for another reason has no problem."""
        lacks_declaration = self.state is BoxState.NOT_ATTEMPTED and bool(self.problems)
        return self.state is not BoxState.NOT_MANAGED and not lacks_declaration


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """How the command is called for the same boxes again.

    Args:
        options: that say which inventory, and how its secrets are read, or that the box is this machine.
        selection: which of its boxes this run was about.
        bounds: options of the run itself that the next one needs as well, such as `--no-probe`.
        by_name: boxes are named after the options; this machine is not.
    """

    options: tuple[str, ...] = ()
    selection: tuple[str, ...] = ()
    bounds: tuple[str, ...] = ()
    by_name: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetReport:
    """One run.

    Args:
        boxes: in the order of the inventory.
        held_back: why nothing was changed although something should have been (`--max-changed`, an answer of no).
        declined: it was held back by a person who was asked, and so needs no alarm.
        interrupted: the run was asked to end, by a signal or its deadline, before it was done.
        resumed: boxes that an earlier run, cut off, had left unfinished and that this one took up.
        warnings: what the inventory should be looked at for although it stops nothing, and what was not noted.
        runs_to_miss: runs in a row that a box must miss before the exit status says so.
        again: how the command is called for the same boxes; `None` where no command can reach them.
        reader: for whom remedies are written.
    """

    mode: Mode
    started_at: datetime
    seconds: float
    boxes: tuple[BoxReport, ...]
    held_back: str | None = None
    declined: bool = False
    interrupted: bool = False
    resumed: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    runs_to_miss: int = 1
    again: Again | None = Again()
    reader: Reader = Reader.COMMAND

    @property
    def manages_nothing(self) -> bool:
        """Whether there are boxes and nothing is declared for any of them."""
        return bool(self.boxes) and not any(box.is_managed for box in self.boxes)
