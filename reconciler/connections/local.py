"""The connection `local`: run the box program on this machine.

It is run by the system's own Python, as it is over SSH, so that a check here and a check from afar are the same program
with the same libraries.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from ..codes import CodeName, Variant
from ..machine.posix.surroundings import ENVIRONMENT
from ..model import framing
from ..model.desired import Request
from ..model.statement import say
from ..model.target import Target
from ..results.finding import finding
from ..results.result import Result
from . import login_table, reply
from .carrier import BOOTSTRAP, message
from .reached import ReachedBox
from .threads import in_daemon_thread

SYSTEM_PYTHON = "/usr/bin/python3"
_GRACE = 30.0
"""Seconds more than the box program gives itself; it finishes or undoes alone, so it is not killed earlier."""


async def run(request: Request, *, python: str | None = None) -> Result:
    """Run the box program on this machine, as root. Who is cancelled leaves it running: it ends alone.

    Args:
        python: the interpreter; the system's own unless told.
    """
    return await in_daemon_thread(lambda: _run(request, python))


class _ThisMachine:
    """This machine as a box: there is no outside from which it is looked at."""

    @property
    def standpoint(self) -> None:
        return None

    async def run(self, request: Request) -> Result:
        return await run(request)


@asynccontextmanager
async def opened(target: Target, seconds: float) -> AsyncIterator[tuple[ReachedBox, float]]:  # noqa: ARG001 - as all do
    """Reach this machine, which takes no time."""
    yield _ThisMachine(), seconds


def _run(request: Request, python: str | None) -> Result:
    started = datetime.now(UTC)
    interpreter = python or (SYSTEM_PYTHON if Path(SYSTEM_PYTHON).exists() else sys.executable)
    sudo = () if os.geteuid() == 0 else ("sudo", "-n")
    command = (*sudo, interpreter, "-I", "-c", BOOTSTRAP)
    try:
        ended = subprocess.run(
            command,
            input=message(request),
            capture_output=True,
            timeout=request.deadline_seconds + _GRACE,
            check=False,
            cwd="/",
            env=ENVIRONMENT,
            # Ctrl-C in a terminal goes to the whole group; a box must not be left half mended by it
            start_new_session=True,
        )
    except subprocess.TimeoutExpired:
        return reply.read(b"", request, started, say("ran_too_long", seconds=request.deadline_seconds + _GRACE))
    except FileNotFoundError as error:
        missing = CodeName.SUDO_REFUSED if error.filename == "sudo" else CodeName.PYTHON_MISSING
        variant = Variant.SUDO_MISSING if error.filename == "sudo" else None
        said = say("no_program", program=str(error.filename))
        return reply.without(request, started, finding(missing, said, variant=variant))
    errors = ended.stderr.decode(errors="replace")
    told = login_table.recognised([errors], ended.returncode) if framing.find(ended.stdout) is None else None
    if told is not None:
        return reply.without(request, started, told.finding(*reply.secrets_of(request), who="this machine"))
    return reply.read(ended.stdout, request, started, errors)
