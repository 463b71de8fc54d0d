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
from ..model.errand import Errand
from ..model.statement import say
from ..model.target import Target
from ..results.finding import Finding, finding
from ..results.result import Result
from . import errand_reply, login_table, reply
from .carrier import BOOTSTRAP, message
from .errand_reply import Carried, ErrandFailed
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


async def run_errand(errand: Errand, *, python: str | None = None) -> Carried:
    """Run an errand on this machine, as root.

    Raises:
        ErrandFailed: nothing came of it.
    """
    return await in_daemon_thread(lambda: _run_errand(errand, python))


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


def _ended(request: Request | Errand, python: str | None) -> subprocess.CompletedProcess[bytes]:
    interpreter = python or (SYSTEM_PYTHON if Path(SYSTEM_PYTHON).exists() else sys.executable)
    sudo = () if os.geteuid() == 0 else ("sudo", "-n")
    return subprocess.run(
        (*sudo, interpreter, "-I", "-c", BOOTSTRAP),
        input=message(request),
        capture_output=True,
        timeout=request.deadline_seconds + _GRACE,
        check=False,
        cwd="/",
        env=ENVIRONMENT,
        # Ctrl-C in a terminal goes to the whole group; a box must not be left half mended by it
        start_new_session=True,
    )


def _run_errand(errand: Errand, python: str | None) -> Carried:
    request = Request(desired=errand.desired, deadline_seconds=errand.deadline_seconds)
    try:
        ended = _ended(errand, python)
    except subprocess.TimeoutExpired:
        limit = errand.deadline_seconds + _GRACE
        raise ErrandFailed(finding(CodeName.NOT_OBSERVED, say("ran_too_long", seconds=limit))) from None
    except FileNotFoundError as error:
        raise ErrandFailed(_missing(error)) from None
    if framing.find(ended.stdout) is None:
        raise ErrandFailed(_without_reply(ended, request, datetime.now(UTC)).after[0])
    return errand_reply.read(ended.stdout, errand)


def _run(request: Request, python: str | None) -> Result:
    started = datetime.now(UTC)
    try:
        ended = _ended(request, python)
    except subprocess.TimeoutExpired:
        return reply.read(b"", request, started, say("ran_too_long", seconds=request.deadline_seconds + _GRACE))
    except FileNotFoundError as error:
        return reply.without(request, started, _missing(error))
    if framing.find(ended.stdout) is None:
        return _without_reply(ended, request, started)
    return reply.read(ended.stdout, request, started, ended.stderr.decode(errors="replace"))


def _missing(error: FileNotFoundError) -> Finding:
    """Say which program this machine lacks."""
    missing = CodeName.SUDO_REFUSED if error.filename == "sudo" else CodeName.PYTHON_MISSING
    variant = Variant.SUDO_MISSING if error.filename == "sudo" else None
    return finding(missing, say("no_program", program=str(error.filename)), variant=variant)


def _without_reply(ended: subprocess.CompletedProcess[bytes], request: Request, started: datetime) -> Result:
    """Say why nothing that is a reply was printed."""
    errors = ended.stderr.decode(errors="replace")
    if (told := login_table.recognised([errors], ended.returncode)) is not None:
        return reply.without(request, started, told.finding(*reply.secrets_of(request), who="this machine"))
    return reply.read(ended.stdout, request, started, errors)
