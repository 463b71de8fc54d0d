"""The command `iot-https`. Standard output carries the result only; everything else goes to standard error."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Sequence

from ..model.errors import IotHttpsError
from ..report.status import USAGE
from ..variables_file import BadVariables
from .parser import make_parser
from .usage import UsageError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    options = make_parser().parse_args(arguments)
    if options.debug:
        logging.getLogger("reconciler").addHandler(logging.StreamHandler(sys.stderr))
        logging.getLogger("reconciler").setLevel(logging.DEBUG)
    verb: Callable[..., int] = options.run
    try:
        return _flushed(verb(options))
    except BrokenPipeError:
        # whoever read the result went away; what is left of it must not fail once more when Python ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return USAGE
    except BadVariables as error:
        return _refuse(error.problems)
    except (UsageError, IotHttpsError) as error:
        return _refuse(str(error).splitlines())
    except KeyboardInterrupt:
        return _refuse(["interrupted before anything was begun"])


def _flushed(status: int) -> int:
    sys.stdout.flush()
    return status


def _refuse(problems: Sequence[str]) -> int:
    for problem in problems:
        sys.stderr.write(f"iot-https: {problem}\n")
    return USAGE
