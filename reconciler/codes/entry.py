"""The shape of a code: what is known of each, and the few facts that one module or another asks of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ..model.code_name import CodeName, Variant
from ..model.digests import Concern
from ..model.operating_system import OperatingSystem
from ..model.repair import RepairKind
from ..model.severity import FindingClass, Severity
from ..model.step_name import StepName

MOVED: Final = (FindingClass.DRIFTED, FindingClass.PENDING)
"""Classes of what was declared: the box moved, or the inventory did."""


class Origin(StrEnum):
    """Who can find it.

    `check`: a check, from what a look shows. `repair`: a run that repairs, or asks the authority. `inquiry`: a
    diagnosis, which asks more than a look. `connection`, `outside`: the control machine, on the way to the box or where
    a till stands; a box that tells such a code is not believed.
    """

    CHECK = "check"
    REPAIR = "repair"
    INQUIRY = "inquiry"
    CONNECTION = "connection"
    OUTSIDE = "outside"


class Reached(StrEnum):
    """How far a run came with a box: not to it, to it without starting the box program, or to that."""

    NOTHING = "nothing"
    BOX = "box"
    PROGRAM = "program"


class Blocks(StrEnum):
    """What a run leaves alone while it stands: nothing, repairs, or all judging and repairing."""

    NOTHING = "nothing"
    REPAIRS = "repairs"
    ALL = "all"


class RemedyVerb(StrEnum):
    """A verb of the command that a remedy names, so that a report can print it with the run's own arguments."""

    HOST_KEYS = "host_keys"


class Trait(StrEnum):
    """What one module has to know of a code, and of few codes.

    `fails`: the run counts as failed. `explains`: it is why something else is still wrong, and comes before that.
    `awaits_authority`: the certificate works, and only another one from the authority ends it. `asked_in_vain`: met by
    a repair, it says that the authority had nothing for this box. `stays_shut`: the box is up, lets nobody in, and will
    be as shut the next night. `end_unseen`: nobody saw how the program on the box ended, which may have changed it.
    `in_vendor_log`: the log of the vendor's program tells it too. `restarts_odoo`: it asks for a restart of Odoo by
    itself. `by_own_dns`: the control machine's own DNS says it, which no till asks.
    `authority_fails`: it says nothing of a database, but something of a shop's network or of the authority.
    `unsupported`: the box is of a kind on which the program cannot run, or which it does not know.
    """

    FAILS = "fails"
    EXPLAINS = "explains"
    AWAITS_AUTHORITY = "awaits_authority"
    ASKED_IN_VAIN = "asked_in_vain"
    STAYS_SHUT = "stays_shut"
    END_UNSEEN = "end_unseen"
    IN_VENDOR_LOG = "in_vendor_log"
    RESTARTS_ODOO = "restarts_odoo"
    BY_OWN_DNS = "by_own_dns"
    AUTHORITY_FAILS = "authority_fails"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """What a code or a variant says otherwise of boxes under one operating system; `None` for what stays.

    Args:
        software: what this program does; where `remedy` stands, it stands in place of the other one.
        recipes: in place of the code's.
        sentences: those of the code's that name something which is otherwise there, with the same places.
    """

    title: str | None = None
    cause: str | None = None
    software: str = ""
    remedy: str | None = None
    verb: RemedyVerb | None = None
    in_a_play: str | None = None
    recipes: tuple[tuple[str, str], ...] | None = None
    sentences: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantEntry:
    """What a variant says otherwise than its code; `None` for what stays.

    Args:
        on: the same for boxes under one operating system.
        software: what this program does; where `remedy` stands, it stands in place of the code's.
        verb: what the remedy names of the command.
        in_a_play: the remedy for who runs a play, where that of the command names an option of the command.
        when: where it applies, for the page of the code; empty where the remedy says it.
    """

    when: str = ""
    title: str | None = None
    cause: str | None = None
    software: str = ""
    remedy: str | None = None
    verb: RemedyVerb | None = None
    in_a_play: str | None = None
    severity: Severity | None = None
    finding_class: FindingClass | None = None
    on: Mapping[OperatingSystem, Otherwise] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One entry of the catalogue, in a technician's words.

    Args:
        name: how reports call it.
        finding_class: the class where a check does not know better.
        step: the step of the diagnosis that it breaks. Of two codes of one step, the one that stands first in the
            catalogue is to be mended first.
        title: what is wrong, as a headline.
        cause: how a box gets there.
        software: what this program does about it, where that is more than to mend it.
        remedy: what a person does, when it does not go away by itself.
        shows: what stands as evidence beside it, for whoever reads about a code before meeting it.
        mended_by: the repair that mends it, unless the finding is blocked or unknown; `None` where this program cannot.
        verb: what the remedy names of the command.
        in_a_play: the remedy for who runs a play, where it names an option of the command.
        anchor: the code's place on the vendor's page about HTTPS certificates, `None` for codes of ours.
        recipes: exact lines for the remedy, each with where it goes.
        classes: what else than `finding_class` a check may say.
        variants: what may be known better.
        sentences: what may be seen, by name; a finding names one or more and gives their values (see `sentences`).
        to_customers: what a customer's work order shows of it, where the evidence may name another customer.
        concerns: of what is declared, what has not been reached while it stands.
        systems: the operating systems of boxes on which it can be found.
        on: what it says otherwise of boxes under one of them. What stands in the code itself is of Linux.
    """

    name: CodeName
    severity: Severity
    finding_class: FindingClass
    step: StepName
    title: str
    cause: str
    software: str = ""
    remedy: str = ""
    verb: RemedyVerb | None = None
    in_a_play: str | None = None
    shows: str
    to_customers: str | None = None
    mended_by: RepairKind | None = None
    anchor: str | None = None
    recipes: tuple[tuple[str, str], ...] = ()
    classes: tuple[FindingClass, ...] = ()
    variants: Mapping[Variant, VariantEntry] = field(default_factory=dict)
    sentences: Mapping[str, str] = field(default_factory=dict)
    origin: Origin = Origin.CHECK
    reached: Reached = Reached.PROGRAM
    blocks: Blocks = Blocks.NOTHING
    concerns: tuple[Concern, ...] = ()
    traits: tuple[Trait, ...] = ()
    systems: tuple[OperatingSystem, ...] = tuple(OperatingSystem)
    on: Mapping[OperatingSystem, Otherwise] = field(default_factory=dict)

    @property
    def repairable(self) -> bool:
        """Whether this program can mend it."""
        return self.mended_by is not None

    @property
    def is_told_by_boxes(self) -> bool:
        """Whether a box can find it."""
        return self.origin not in (Origin.CONNECTION, Origin.OUTSIDE)

    def of_variant(self, variant: Variant | None) -> VariantEntry:
        """Return what a variant says otherwise; without one, nothing."""
        return self.variants[variant] if variant is not None else VariantEntry()

    def title_of(self, variant: Variant | None, system: OperatingSystem = OperatingSystem.LINUX) -> str:
        """Return what is wrong, as a headline."""
        return next(each.title for each in self._told(variant, system) if each.title is not None)

    def cause_of(self, variant: Variant | None, system: OperatingSystem = OperatingSystem.LINUX) -> str:
        """Return how a box gets there."""
        return next(each.cause for each in self._told(variant, system) if each.cause is not None)

    def remedy_of(self, variant: Variant | None, system: OperatingSystem = OperatingSystem.LINUX) -> str:
        """Return what this program does and what a person does, as one text."""
        told = self._remedy(variant, system)
        return " ".join(filter(None, (told.software, told.remedy)))

    def verb_of(self, variant: Variant | None, system: OperatingSystem = OperatingSystem.LINUX) -> RemedyVerb | None:
        """Return the verb that the remedy names."""
        return self._remedy(variant, system).verb

    def in_a_play_of(self, variant: Variant | None, system: OperatingSystem = OperatingSystem.LINUX) -> str | None:
        """Return the remedy for who runs a play, `None` where it is that of the command."""
        return next(
            (each.in_a_play for each in self._told(variant, system) if each.in_a_play or each.remedy is not None), None
        )

    def recipes_of(self, system: OperatingSystem = OperatingSystem.LINUX) -> tuple[tuple[str, str], ...]:
        """Return the exact lines for the remedy, each with where it goes."""
        otherwise = self._otherwise(system).recipes
        return self.recipes if otherwise is None else otherwise

    def sentences_of(self, system: OperatingSystem = OperatingSystem.LINUX) -> Mapping[str, str]:
        """Return what may be seen, by name."""
        otherwise = self._otherwise(system).sentences
        return {**self.sentences, **otherwise} if otherwise else self.sentences

    def _otherwise(self, system: OperatingSystem) -> Otherwise:
        return _NOTHING if system is OperatingSystem.LINUX else _of(system, self)

    def _remedy(self, variant: Variant | None, system: OperatingSystem) -> Code | VariantEntry | Otherwise:
        return next(each for each in self._told(variant, system) if each.remedy is not None)

    def _told(
        self, variant: Variant | None, system: OperatingSystem
    ) -> tuple[VariantEntry | Otherwise, VariantEntry | Otherwise, Otherwise, Code]:
        """Return who may say something, whoever knows more first."""
        known = self.of_variant(variant)
        if system not in self.systems:
            return _NOTHING, _NOTHING, self._otherwise(system), self
        return known.on.get(system, _NOTHING), known, self._otherwise(system), self


_NOTHING: Final = Otherwise()


def _of(system: OperatingSystem, code: Code) -> Otherwise:
    return code.on.get(system, _NOTHING) if system in code.systems else NOT_THERE


NOT_THERE: Final = Otherwise(
    title="Something is told of the box that cannot be there under its operating system",
    cause="What was found belongs to another operating system than the one under which the box runs: two boxes share "
    "an address, or an entry of the inventory reaches a box by a way that is another box's.",
    remedy="Compare ansible_host and iot_https_connection of this box in the inventory with the address and the kind "
    "of the box that stands in the shop. If they are right, run with --debug and report it.",
    recipes=(),
)
"""Of a code that cannot be found on a box under its operating system: its own words would send somebody astray."""
