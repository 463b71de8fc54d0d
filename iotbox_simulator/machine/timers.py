"""Transient timers of systemd: they outlive whoever set them, and are gone after a reboot."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from reconciler.machine.system import Completed

from .clock import Clock, DueEvent
from .units import OK

_NOT_LOADED = 5
_SPAN = re.compile(r"^(\d+(?:\.\d+)?)(s|sec|min|m|h)?$")
_UNITS = {None: 1, "s": 1, "sec": 1, "min": 60, "m": 60, "h": 3600}
_IGNORED = ("--collect", "--quiet", "--no-ask-password")


@dataclass(slots=True)
class Timers:
    """All that wait. `run` runs a program on the host."""

    clock: Clock
    run: Callable[[tuple[str, ...]], object]
    waiting: dict[str, DueEvent] = field(default_factory=dict)
    fired: list[str] = field(default_factory=list)

    def start(self, arguments: tuple[str, ...]) -> Completed:
        """Do `systemd-run --on-active=SPAN --unit=NAME [--collect] [--quiet] PROGRAM...`."""
        seconds, unit, rest = None, None, list(arguments[1:])
        while rest and rest[0].startswith("--"):
            name, _, value = rest.pop(0).partition("=")
            if name == "--on-active":
                seconds = _seconds(value)
            elif name == "--unit":
                unit = value.removesuffix(".service").removesuffix(".timer")
            elif name not in (*_IGNORED, "--description", "--timer-property"):
                raise AssertionError(f"the simulated systemd-run does not know {name}")
        if seconds is None or unit is None or not rest:
            raise AssertionError(f"the simulated systemd-run needs a time, a unit and a program: {arguments}")
        if unit in self.waiting:
            reason = f"Unit {unit}.timer was already loaded or has a fragment file."
            return Completed(1, "", f"Failed to start transient timer unit: {reason}\n")
        self.waiting[unit] = self.clock.later(seconds, self._fire, unit, tuple(rest))
        return OK

    def stop(self, name: str) -> Completed:
        """Do `systemctl stop NAME.timer`."""
        event = self.waiting.pop(name.removesuffix(".timer"), None)
        if event is None:
            return Completed(_NOT_LOADED, "", f"Failed to stop {name}: Unit {name} not loaded.\n")
        self.clock.cancel(event)
        return OK

    def _fire(self, unit: str, arguments: tuple[str, ...]) -> None:
        del self.waiting[unit]
        self.fired.append(unit)
        self.run(arguments)


def _seconds(span: str) -> float:
    found = _SPAN.match(span)
    if not found:
        raise AssertionError(f"the simulated systemd-run does not read the time span {span!r}")
    return float(found[1]) * _UNITS[found[2]]
