"""The command `iot-https`. Standard output carries the result only; everything else goes to standard error."""

from __future__ import annotations

import atexit
import logging
import os
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from ..model.errors import IotHttpsError
from ..model.status import USAGE
from ..variables_file import BadVariables
from . import signals, streams
from .parser import make_parser
from .usage import UsageError, say


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status.

    Args:
        arguments: `None` for those of this process, whose streams and signals are then taken over.
    """
    if arguments is not None:
        return _main(arguments)
    streams.secure()
    with signals.raised():
        status = _main(sys.argv[1:])
    if signals.has_raised():
        _leave(status)
    return status


def _leave(status: int) -> NoReturn:
    """End with a status that Python would take away.

    Where KeyboardInterrupt was raised inside of `exec` of a text, as dataclasses have it when a module is imported,
    `python -m` ends itself by SIGINT, although it was caught (CPython's `_Py_UnhandledKeyboardInterrupt`).
    """
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    atexit._run_exitfuncs()  # noqa: SLF001 - as the interpreter does at its end
    os._exit(status)


def _main(arguments: Sequence[str]) -> int:
    try:
        return _run(arguments)
    except BadVariables as error:
        return _refuse(error.problems)
    except (UsageError, IotHttpsError) as error:
        return _refuse(str(error).splitlines())
    except KeyboardInterrupt as error:
        signals.over()
        streams.give_up_output()
        return _refuse([f"interrupted by {error}" if str(error) else "interrupted"])


def _run(arguments: Sequence[str]) -> int:
    """Run the verb; its result has left this process when this returns."""
    try:
        options = make_parser().parse_args(_as_meant(arguments))
    except SystemExit:
        sys.stdout.flush()
        raise
    if options.lacking is not None:
        sys.stderr.write(options.lacking.format_help())
        return USAGE
    if options.debug:
        logging.getLogger("reconciler").addHandler(logging.StreamHandler(sys.stderr))
        logging.getLogger("reconciler").setLevel(logging.DEBUG)
    verb: Callable[..., int] = options.run
    status = verb(options)
    sys.stdout.flush()
    return status


def _as_meant(arguments: Sequence[str]) -> list[str]:
    """Return `help VERB` as `VERB --help`, which it is to git and to many others."""
    return [*arguments[1:], "--help"] if arguments[:1] == ["help"] else list(arguments)


def _refuse(problems: Sequence[str]) -> int:
    for problem in problems:
        say(f"iot-https: {problem}")
    return USAGE
