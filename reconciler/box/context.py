"""What every observation and repair on one box needs to know; nothing in here changes during a run."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from ..machine.deadline import Deadline
from ..machine.durable import DurableDisk
from ..machine.system import System
from ..model.desired import Desired
from ..model.observed import Layout
from .layout import observe_layout
from .paths import Tree


@dataclass(frozen=True, slots=True)
class Box:
    """A machine, its layout, and what it should be.

    Args:
        trees: the copies of `/etc`, live first; without ramdisks there is only live.
    """

    system: System
    desired: Desired
    layout: Layout
    trees: tuple[Tree, ...]
    deadline: Deadline

    @classmethod
    def look(cls, system: System, desired: Desired, deadline: Deadline) -> Box:
        """Find out which kind of box this is."""
        layout = observe_layout(system)
        mirror = (Tree(layout.bypass),) if layout.bypass else ()
        return cls(system, desired, layout, (Tree(""), *mirror), deadline)

    @property
    def live(self) -> Tree:
        """The copy that is in use."""
        return self.trees[0]

    @property
    def persistent(self) -> Tree:
        """The copy that a reboot brings back."""
        return self.trees[-1]

    @property
    def authority_host(self) -> str:
        """The name that the box must be able to resolve."""
        return urlsplit(self.desired.authority_url).hostname or self.desired.authority_url

    @property
    def disk(self) -> DurableDisk:
        """Durable writes that reach every view of this box's disk."""
        return DurableDisk(self.system, ("/", self.layout.bypass) if self.layout.bypass else ("/",))
