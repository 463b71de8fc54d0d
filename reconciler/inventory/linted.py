"""What `inventory lint` finds: each flaw with its level, its rule, where it stands, and which boxes it is about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .problem import Problem


class Level(StrEnum):
    """How much a flaw matters: an error stops a box or a run, a warning is what its owner would want to know."""

    ERROR = "error"
    WARNING = "warning"


class Rule(StrEnum):
    """What kind of flaw it is."""

    SOURCE = "source"
    ENTRY = "entry"
    VAULT = "vault"
    PLAINTEXT = "plaintext"
    UNFILLED = "unfilled"
    UNKNOWN = "unknown"
    DUPLICATE = "duplicate"
    CUSTOMER = "customer"
    NO_CUSTOMER = "no_customer"
    NOT_DECLARED = "not_declared"
    EMPTY_GROUP = "empty_group"
    NOT_READ = "not_read"
    ANSIBLE = "ansible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing to correct. `boxes` are those that it is about, none where it is about the inventory."""

    level: Level
    rule: Rule
    problem: Problem
    boxes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Linted:
    """What came of an inventory.

    Args:
        sources: the places that were read.
        size: hosts that could be read.
        flaws: by file and line, those of no known place last.
    """

    sources: tuple[str, ...]
    size: int
    flaws: tuple[Flaw, ...]

    def count(self, level: Level) -> int:
        """Return how many flaws have this level."""
        return sum(flaw.level is level for flaw in self.flaws)


class Flaws:
    """Collects flaws: what is said of the same place for several boxes is one, with the higher of its levels."""

    def __init__(self) -> None:
        self._found: dict[Problem, Flaw] = {}

    def add(self, level: Level, rule: Rule, problem: Problem, *boxes: str) -> None:
        """Note a flaw; the rule under which it was noted first stays."""
        known = self._found.get(problem)
        if known is not None:
            level = Level.ERROR if Level.ERROR in (known.level, level) else level
            rule, boxes = known.rule, (*known.boxes, *(each for each in boxes if each not in known.boxes))
        self._found[problem] = Flaw(level=level, rule=rule, problem=problem, boxes=boxes)

    def sorted(self) -> tuple[Flaw, ...]:
        """Return what was noted, in the order in which somebody corrects it."""
        return tuple(sorted(self._found.values(), key=_place))


def _place(flaw: Flaw) -> tuple[bool, str, int]:
    where = flaw.problem.position
    return (where is None, "" if where is None else where.path, 0 if where is None else where.line or 0)
