"""The verb `schedule`: install, show, rehearse and remove runs by systemd on this control machine."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from ..model.desired import Mode
from ..model.status import USAGE
from ..model.target import ConnectionKind
from ..report import page
from ..report.schedule_text import render as render_schedules
from ..schedule import alarm
from ..schedule import install as schedule
from ..schedule.job import Job, ScheduleError, default_user, own_program
from ..schedule.rehearsal import VERB as VERB_OF_REHEARSAL
from ..schedule.show import show
from .boxes import vault_options
from .login import prompts
from .numbers import whole
from .usage import UsageError, say
from .verb import Verb, add_verbs


def install(options: argparse.Namespace) -> int:
    """Write, verify and switch on the units of a schedule, or only print them."""
    job = _job(options)
    if options.print:
        units, warnings = schedule.to_print(job)
        for warning in warnings:
            say(f"warning: {warning}")
        for name, content in units.items():
            sys.stdout.write(f"# {name}\n{content}\n")
        return 0
    return _said(schedule.install(job))


def present(options: argparse.Namespace) -> int:
    """Say what is scheduled, when it ran and how that ended."""
    sys.stdout.write(f"{render_schedules(show(options.name), page.width_of(sys.stdout))}\n")
    return 0


def remove(options: argparse.Namespace) -> int:
    """Switch a schedule off and delete its units."""
    return _said(schedule.remove(options.name))


def rehearse(options: argparse.Namespace) -> int:
    """Find out whether a run with nobody there could begin, as this user and in this environment.

    Raises:
        UsageError: what follows is no run over boxes.
    """
    from .rehearsal import problems

    meant = options.make_parser().parse_args(_after_dashes(options.arguments))
    if not hasattr(meant, "mode"):
        raise UsageError("name the run that is rehearsed, such as `iot-https schedule rehearse -- reconcile`")
    found = problems(meant, local=options.local)
    for problem in found:
        say(f"iot-https: {problem}")
    return USAGE if found else 0


def _after_dashes(arguments: list[str]) -> list[str]:
    return arguments[1:] if arguments[:1] == ["--"] else arguments


def _job(options: argparse.Namespace) -> Job:
    arguments = tuple(_after_dashes(options.arguments))
    # what would fail every night is refused now, in the words of the verb itself
    meant = options.make_parser().parse_args([options.verb, *arguments])
    return Job(
        name=options.name,
        program=own_program(),
        user=options.user or default_user(),
        directory=Path.cwd(),
        verb=Mode(options.verb),
        arguments=arguments,
        calendar=options.calendar,
        splay_seconds=options.splay,
        run_seconds=options.run_seconds,
        stop_seconds=options.stop_seconds,
        alarm=options.alarm,
        counts_missed=meant.connection != ConnectionKind.LOCAL and meant.missed_runs is None,
        on_failure=options.on_failure,
        local=options.local or meant.connection == ConnectionKind.LOCAL,
        prompts=(*vault_options(meant).prompts, *prompts(meant)),
        catches_up=options.catch_up,
        writable=(meant.events.absolute().parent,) if meant.events else (),
    )


def _said(done: schedule.Done) -> int:
    for warning in done.warnings:
        say(f"warning: {warning}")
    sys.stdout.write(f"{done.message}\n")
    return 0


def _alarm(words: str) -> alarm.Alarm:
    try:
        return alarm.read(words)
    except ScheduleError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _add_rehearsal(one: argparse.ArgumentParser) -> None:
    one.set_defaults(run=rehearse)
    one.add_argument("--local", action="store_true", help="as of install")
    one.add_argument("arguments", nargs=argparse.REMAINDER, metavar="-- VERB OPTION", help="the run")


def _add_show(one: argparse.ArgumentParser) -> None:
    one.set_defaults(run=present)
    one.add_argument("name", nargs="?", metavar="NAME", help="one schedule (default: all)")


def _add_remove(one: argparse.ArgumentParser) -> None:
    one.set_defaults(run=remove)
    one.add_argument("name", metavar="NAME", help="which schedule")


def _add_install(one: argparse.ArgumentParser) -> None:
    one.set_defaults(run=install)
    one.add_argument("name", metavar="NAME", help="of the schedule: its units are iot-https-NAME.service and .timer")
    one.add_argument(
        "arguments",
        nargs=argparse.REMAINDER,
        metavar="-- OPTION",
        help="what the verb is given: inventory, patterns, limit, bounds",
    )
    one.add_argument(
        "--verb", choices=[mode.value for mode in Mode], default="reconcile", help="what is run (default: reconcile)"
    )
    one.add_argument(
        "--calendar", default="*-*-* 03:00:00", help="when, as systemd's OnCalendar (default: daily at 03:00)"
    )
    one.add_argument(
        "--splay", type=whole(0, 604800), default=900, metavar="SECONDS", help="random delay, at most (default: 900)"
    )
    one.add_argument(
        "--run-seconds",
        type=whole(60, 604800),
        default=7200,
        metavar="SECONDS",
        help="when a run is told to end (default: 7200)",
    )
    one.add_argument(
        "--stop-seconds",
        type=whole(10, 604800),
        default=300,
        metavar="SECONDS",
        help="how long a run that was told to end may finish its boxes (default: 300)",
    )
    one.add_argument("--user", help="whose keys and inventory are used (default: who runs this, behind sudo too)")
    one.add_argument(
        "--alarm",
        type=_alarm,
        default=alarm.DEFAULT,
        metavar="WORDS",
        help=f"what fails the service, with commas, of {', '.join(alarm.WORDS)} (default: {alarm.DEFAULT_WORDS})",
    )
    one.add_argument(
        "--no-catch-up",
        dest="catch_up",
        action="store_false",
        help="leave out a run that was missed while this machine was off (default: it starts when it is on again)",
    )
    one.add_argument("--on-failure", metavar="UNIT", help="unit to start when a run fails, such as alarm@%%n.service")
    one.add_argument("--local", action="store_true", help="the inventory has boxes with the connection local")
    one.add_argument("--print", action="store_true", help="print the units and change nothing")


_NIGHTLY: Final = """sudo "$(command -v iot-https)" schedule install night -- -i inventories/prod"""
_ACTIONS: Final = (
    Verb(
        name="install",
        summary="write, verify and switch on a service and its timer",
        usage="[OPTION ...] NAME [-- OPTION ...]",
        add=_add_install,
        more="What stands after -- is given to the verb that is run: inventory, limit, bounds.",
        examples=((_NIGHTLY, "reconcile every night at 03:00"),),
        page="docs/schedule.md",
    ),
    Verb(
        name=VERB_OF_REHEARSAL,
        summary="say why a run with nobody there could not begin; connect to no box",
        usage="[OPTION ...] -- VERB [OPTION ...]",
        add=_add_rehearsal,
        page="docs/schedule.md",
    ),
    Verb(
        name="show",
        summary="show what is scheduled, when it ran and how that ended",
        usage="[NAME]",
        add=_add_show,
        page="docs/schedule.md",
    ),
    Verb(
        name="remove",
        summary="switch a schedule off and delete its units",
        usage="NAME",
        add=_add_remove,
        page="docs/schedule.md",
    ),
)


def _add(verb: argparse.ArgumentParser) -> None:
    add_verbs(verb, _ACTIONS, title="actions", metavar="ACTION")


VERB: Final = Verb(
    name="schedule",
    summary="run by systemd on this machine, every night or as told",
    usage="ACTION [OPTION ...]",
    add=_add,
    examples=((_NIGHTLY, "reconcile every night at 03:00"), ("iot-https schedule show", "how the last runs ended")),
    page="docs/schedule.md",
)
