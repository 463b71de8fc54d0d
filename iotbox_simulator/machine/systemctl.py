"""`systemctl` of a simulated box: verbs and units that somebody needs, loud about all others."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import dataclass

from reconciler.machine.system import Completed

from .networkmanager import NetworkManager
from .nginx import Nginx
from .odoo import Odoo
from .timers import Timers
from .units import OK, Unit

Arguments = tuple[str, ...]
Outcome = tuple[Completed, float]
"""What a program said, and the seconds it took."""

QUICK, SLOW = 0.02, 0.3
_NOT_LOADED = 5


@dataclass(slots=True)
class Systemctl:
    """The services behind the units."""

    nginx: Nginx
    odoo: Odoo
    network_manager: NetworkManager
    timers: Timers

    def run(self, arguments: Arguments) -> Outcome:
        """Run `systemctl VERB UNIT...`.

        Raises:
            AssertionError: nobody needed it to do that so far.
        """
        verb, *rest = [word for word in arguments[1:] if word not in ("--quiet", "--no-block", "--no-pager")]
        if verb == "show":
            return _show(self._unit, rest), QUICK
        if verb == "kill":
            return self._kill(rest)
        outcomes = [self._one_unit(verb, name) for name in rest]
        if not outcomes:
            raise unknown(arguments)
        failed = [done for done, _ in outcomes if done.status != 0]
        return (failed or [outcomes[-1][0]])[0], sum(seconds for _, seconds in outcomes)

    def _one_unit(self, verb: str, name: str) -> Outcome:
        if name.endswith(".timer") and verb == "stop":
            return self.timers.stop(name), QUICK
        unit = self._unit(name)
        if unit is None:
            return _not_loaded(verb, name), QUICK
        if verb == "is-active":
            return unit.is_active(), QUICK
        if verb == "reset-failed":
            unit.reset_failed()
            return OK, QUICK
        if verb == "is-enabled":
            return Completed(0, "enabled\n", ""), QUICK
        action = self._actions().get((unit.name, verb))
        if action is None:
            raise unknown(("systemctl", verb, name))
        slow = self.odoo.stop_seconds() if unit is self.odoo.unit and verb in ("stop", "restart") else 0.0
        return action(), SLOW + slow

    def _actions(self) -> dict[tuple[str, str], Callable[[], Completed]]:
        nginx, odoo = self.nginx, self.odoo
        return {
            ("nginx.service", "start"): nginx.start,
            ("nginx.service", "stop"): nginx.stop,
            ("nginx.service", "restart"): nginx.restart,
            ("nginx.service", "reload"): nginx.reload_unit,
            ("odoo.service", "start"): odoo.start,
            ("odoo.service", "stop"): odoo.stop,
            ("odoo.service", "restart"): odoo.restart,
            ("NetworkManager.service", "reload"): self.reload_network_manager,
            ("NetworkManager.service", "restart"): self.reload_network_manager,
        }

    def reload_network_manager(self) -> Completed:
        """Let NetworkManager read its configuration again."""
        self.network_manager.apply()
        return OK

    def _kill(self, rest: list[str]) -> Outcome:
        words = [part for word in rest for part in word.removeprefix("--signal=").split()]
        names = [word for word in words if word not in ("-s", "--signal")]
        number, unit = signal_number(names[0]), self._unit(names[-1])
        if unit is None or not unit.main_pid:
            return Completed(1, "", f"Failed to kill unit {names[-1]}: no process\n"), QUICK
        if unit is self.odoo.unit:
            self.odoo.signal(number)
        else:
            self.nginx.signal(number)
        return OK, QUICK

    def _unit(self, name: str) -> Unit | None:
        full = name if "." in name else f"{name}.service"
        manager = Unit("NetworkManager.service", state="active", main_pid=400)
        units = (self.nginx.unit, self.odoo.unit, manager)
        return next((unit for unit in units if unit.name == full), None)


def properties(options: list[str]) -> tuple[tuple[str, ...], bool, tuple[str, ...]]:
    """Return the names after `-p`, whether `--value` asks for the values alone, and the other words."""
    names: list[str] = []
    others: list[str] = []
    words = iter(options)
    for word in words:
        if word in ("-p", "--property"):
            names += next(words).split(",")
        elif word.startswith("--property="):
            names += word.partition("=")[2].split(",")
        elif word != "--value":
            others.append(word)
    return tuple(names), "--value" in options, tuple(others)


def signal_number(name: str) -> int:
    """Return the number of a signal given as `9`, `KILL` or `SIGKILL`."""
    return int(name) if name.isdigit() else int(signal.Signals[f"SIG{name.removeprefix('SIG')}"])


def unknown(arguments: Arguments) -> AssertionError:
    """Return the error for what the simulation does not cover."""
    return AssertionError(f"the simulated box does not know how to run {' '.join(arguments)}")


def _show(find: Callable[[str], Unit | None], options: list[str]) -> Completed:
    names, value_only, others = properties(options)
    unit = find(others[0]) or Unit(others[0], loaded=False)
    return unit.show(names, value_only=value_only)


def _not_loaded(verb: str, name: str) -> Completed:
    if verb == "is-active":
        return Completed(3, "inactive\n", "")
    return Completed(_NOT_LOADED, "", f"Failed to {verb} {name}: Unit {name} not loaded.\n")
