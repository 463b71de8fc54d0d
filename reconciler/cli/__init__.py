"""The command `iot-https`. Standard output carries the result only; everything else goes to standard error."""

from __future__ import annotations

import argparse
import socket
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from . import __version__
from .connections import local
from .model.desired import Desired, Mode, Request
from .model.result import Result
from .report import json_report, text
from .report.status import USAGE, exit_status
from .variables_file import BadVariables, exposed, load

_EPILOG = """exit status:
  0  in sync (warnings that nobody can mend are allowed)
  1  could not do the job: usage, configuration
  2  differences found, or something was changed
  4  a box failed or could not be looked at
  6  both of the above
"""


class UsageError(Exception):
    """The command line asks for something that cannot be done; the text says what would."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        self.exit(USAGE, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except UsageError as error:
        return _refuse([str(error)])
    except BadVariables as error:
        return _refuse(error.problems)
    except KeyboardInterrupt:
        return _refuse(["interrupted; the program on the box finishes or undoes what it began"])


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="iot-https", description="Keep the HTTPS of Odoo IoT boxes as declared.")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True, parser_class=_Parser)
    for mode, summary in {Mode.CHECK: "say what differs", Mode.RECONCILE: "mend what differs"}.items():
        verb = verbs.add_parser(
            mode.value, help=summary, epilog=_EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        verb.set_defaults(mode=mode, yes=True, relink=False)
        _add_options(verb)
        if mode is Mode.RECONCILE:
            verb.add_argument("--yes", action="store_true", default=False, help="do not ask before changing the box")
            verb.add_argument(
                "--relink", action="store_true", help="also change a box that is linked to a database not named here"
            )
    return parser


def _add_options(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--connection", choices=["local"], required=True, help="local: the box is this machine")
    verb.add_argument("--desired", type=Path, required=True, metavar="FILE", help="YAML file of iot_https_ variables")
    verb.add_argument("--name", default=None, help="what to call the box (default: this machine's host name)")
    verb.add_argument("--output", choices=["text", "json"], default="text", help="format of the result")
    verb.add_argument("--diff", action="store_true", help="show each change line by line, secrets masked")
    verb.add_argument(
        "--deadline", type=_seconds, default=240.0, metavar="SECONDS", help="when the box must be done (default: 240)"
    )


def _run(options: argparse.Namespace) -> int:
    desired = load(options.desired, options.name or socket.gethostname(), {"iot_https_connection": options.connection})
    if exposed(options.desired):
        _say(f"warning: others can read {options.desired}, which may hold secrets: chmod 600 {options.desired}")
    desired = replace(desired, relink=options.relink)
    if options.mode is Mode.RECONCILE and not options.yes:
        checked = _on_box(desired, Mode.CHECK, options.deadline)
        if not checked.plan or not _may(checked, diff=options.diff):
            return _show([checked], options)
    return _show([_on_box(desired, options.mode, options.deadline)], options)


def _on_box(desired: Desired, mode: Mode, deadline: float) -> Result:
    return local.run(Request(desired=desired, mode=mode, deadline_seconds=deadline))


def _may(checked: Result, *, diff: bool) -> bool:
    """Show the plan and ask.

    Raises:
        UsageError: there is nobody to ask.
    """
    if not sys.stdin.isatty():
        raise UsageError("nobody can be asked here whether to change the box: say --yes, or use check")
    _say(f"{checked.name}:\n{text.render_plan(checked, diff=diff)}")
    sys.stderr.write("Do this? [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def _show(results: Sequence[Result], options: argparse.Namespace) -> int:
    shown = json_report.render(results) if options.output == "json" else text.render(results, diff=options.diff)
    sys.stdout.write(f"{shown}\n")
    return exit_status(results)


def _seconds(value: str) -> float:
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0.0
    if not 10 <= seconds <= 3600:  # noqa: PLR2004 - said in the message
        raise argparse.ArgumentTypeError("give a number of seconds from 10 to 3600")
    return seconds


def _say(message: str) -> None:
    sys.stderr.write(f"{message}\n")


def _refuse(problems: Sequence[str]) -> int:
    for problem in problems:
        _say(f"iot-https: {problem}")
    return USAGE


if __name__ == "__main__":
    sys.exit(main())
