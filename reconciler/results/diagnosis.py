"""The way to working HTTPS as a chain of steps, each of which needs the ones before it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ..codes.phrases.walked import WALKED
from ..codes.writing.sentences import line
from ..model.statement import Statement
from ..model.step_name import StepName
from .finding import Finding


class StepState(StrEnum):
    """How a step is: `warned` works now and has something that should be looked at; `not_reached` was not judged."""

    OK = "ok"
    WARNED = "warned"
    FAILED = "failed"
    NOT_REACHED = "not_reached"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step.

    Args:
        seen: what was seen of a step that is in order, or why nothing was.
        findings: what is wrong here. Behind the first failed step they may be its consequences, and are not blamed.
        page: where the vendor's documentation speaks of this.
    """

    name: StepName
    state: StepState
    seen: tuple[Statement, ...] = ()
    findings: tuple[Finding, ...] = ()
    page: str | None = None

    @property
    def evidence(self) -> str:
        """What was seen in words: of what is wrong, what comes first."""
        return line(self.seen, WALKED) if self.seen or not self.findings else self.findings[0].evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """The chain of one box.

    Args:
        cause: what must be mended first, `None` for a box without fault.
        ticket: what to write to the vendor's support, where that is the way out.
    """

    steps: tuple[Step, ...]
    cause: Finding | None = None
    ticket: str | None = None

    @property
    def broken(self) -> Step | None:
        """Return the first failed step."""
        return next((each for each in self.steps if each.state is StepState.FAILED), None)

    @property
    def later(self) -> tuple[Finding, ...]:
        """Return what was found besides the cause, in the order in which to look at it."""
        return tuple(found for step in self.steps for found in step.findings if found is not self.cause)
