"""Each standard stream broken in each way, under each verb: one line where somebody hears it, and the right status."""

from __future__ import annotations

import json
import os
import pty
import resource
import stat
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import COMMAND, Fleet, fleet
from tests.support.served_fleet import first_address

NOTHING_DONE, CHANGED, LOST = 1, 2, 32
_A_LITTLE = 8


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with fleet(tmp_path_factory.mktemp("streams"), first_address(80), boxes=14) as up:
        yield up


@dataclass(frozen=True)
class Breakage:
    """What is wrong with the streams of a process.

    Args:
        how: gives the arguments of `subprocess.run`, for a place where files may lie.
        output: standard output is broken; `why` stands in the line about it.
        heard: standard error still reaches somebody.
    """

    name: str
    how: Callable[[Path], Any]
    output: bool = False
    why: str = ""
    heard: bool = True


def _closed(*descriptors: int) -> Callable[[Path], Any]:
    @contextmanager
    def how(_: Path) -> Iterator[dict[str, Any]]:
        def close() -> None:
            for each in descriptors:
                os.close(each)

        yield {"preexec_fn": close}

    return how


def _full(stream: str) -> Callable[[Path], Any]:
    @contextmanager
    def how(_: Path) -> Iterator[dict[str, Any]]:
        with Path("/dev/full").open("wb") as full:
            yield {stream: full}

    return how


def _left(stream: str) -> Callable[[Path], Any]:
    @contextmanager
    def how(_: Path) -> Iterator[dict[str, Any]]:
        reader, writer = os.pipe()
        os.close(reader)
        yield {stream: writer}
        os.close(writer)

    return how


@contextmanager
def _disk_that_fills(where: Path) -> Iterator[dict[str, Any]]:
    """A file that takes a few bytes and no more; what else is written is shorter than that, or a report."""

    def limit() -> None:
        size = (where / "out").stat().st_size + _A_LITTLE
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    (where / "out").write_bytes(bytes(1 << 20))
    with (where / "out").open("ab") as file:
        yield {"stdout": file, "preexec_fn": limit}


@contextmanager
def _empty_input(_: Path) -> Iterator[dict[str, Any]]:
    yield {"stdin": subprocess.DEVNULL}


BREAKAGES = (
    Breakage("output full", _full("stdout"), output=True, why="No space left on device"),
    Breakage("output closed", _closed(1), output=True, why="it is closed"),
    Breakage("output without a reader", _left("stdout"), output=True, why="its reader went away"),
    Breakage("disk full after some bytes", _disk_that_fills, output=True, why="File too large"),
    Breakage("input closed", _closed(0)),
    Breakage("input empty", _empty_input),
    Breakage("error full", _full("stderr"), heard=False),
    Breakage("error closed", _closed(2), heard=False),
    Breakage("error without a reader", _left("stderr"), heard=False),
    Breakage("input and error closed", _closed(0, 2), heard=False),
    Breakage("output and error closed", _closed(1, 2), output=True, heard=False),
    Breakage("all closed", _closed(0, 1, 2), output=True, heard=False),
)


@dataclass(frozen=True)
class Verb:
    """A command line, and the status with which it ends on sound streams.

    Args:
        words: `FLEET` stands for what names the inventory, `BOX` for a box that differs.
        prints: to standard output; else to standard error only.
    """

    words: str
    status: int = 0
    changes: bool = False
    prints: bool = True


OF_NO_FLEET = (
    Verb("--version"),
    Verb("reconcile --help"),
    Verb("schedule show"),
    Verb("demo --help"),
    Verb("frob", NOTHING_DONE, prints=False),
    Verb("check -i /does/not/exist", NOTHING_DONE, prints=False),
)
BY_EACH = (
    Verb("--debug check FLEET healthy"),
    Verb("diagnose FLEET healthy --public-dns none"),
    Verb("reconcile FLEET healthy --yes --output json"),
    Verb("reconcile FLEET BOX --yes", CHANGED, changes=True),
)
CHANGES = (Verb("reconcile FLEET BOX --yes --output json", CHANGED, changes=True),)
A_FEW = [each for each in BREAKAGES if each.name in ("output full", "error closed", "all closed")]
"""How a run ends does not depend on the verb: these show that each verb does end so."""
LOSING = [each for each in BREAKAGES if each.output or each.name in ("input closed", "error closed")]
"""What may lose the report of boxes that were changed; how all else goes, a command that goes to no box shows."""


def cells(verbs: Sequence[Verb], breakages: Sequence[Breakage]) -> list[Any]:
    return [
        pytest.param(verb, breakage, id=f"{verb.words}: {breakage.name}")
        for verb in verbs
        for breakage in breakages
        if verb.prints or not breakage.output
    ]


def pairs(verbs: Sequence[Verb], breakages: Sequence[Breakage]) -> list[Any]:
    """Give each verb one breakage: a run over boxes takes seconds."""
    return [each for one in zip(verbs, cycle(breakages), strict=False) for each in cells(one[:1], one[1:])]


def run(words: list[str], breakage: Breakage, where: Path, env: dict[str, str]) -> tuple[int, str]:
    """Run a command with broken streams; return its status and what came on standard error."""
    with ExitStack() as stack:
        how = stack.enter_context(breakage.how(where))
        sound = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "env": env, "timeout": 100}
        done = subprocess.run([*COMMAND, *words], check=False, **{**sound, **how})
    return done.returncode, (done.stderr or b"").decode()


def judge(verb: Verb, breakage: Breakage, status: int, errors: str) -> None:
    lost = breakage.output and verb.prints
    if lost:
        assert status == (verb.status + LOST if verb.changes else NOTHING_DONE), errors
    else:
        assert status == verb.status, errors
    lines = errors.splitlines()
    assert not [line for line in lines if "Traceback" in line or "Exception" in line]
    if lost and breakage.heard:
        assert lines[-1].startswith("iot-https")
        assert breakage.why in lines[-1]
    if "--debug" not in verb.words:
        assert len(lines) == ((lost or not verb.prints) and breakage.heard)


@pytest.mark.parametrize(("verb", "breakage"), [*cells(OF_NO_FLEET, A_FEW), *cells(OF_NO_FLEET[:1], BREAKAGES)])
def test_without_boxes(verb: Verb, breakage: Breakage, tmp_path: Path) -> None:
    judge(verb, breakage, *run(verb.words.split(), breakage, tmp_path, dict(os.environ)))


@pytest.mark.parametrize(("verb", "breakage"), [*pairs(BY_EACH, A_FEW), *cells(CHANGES, LOSING)])
def test_with_boxes(verb: Verb, breakage: Breakage, tmp_path: Path, served: Fleet) -> None:
    box = served.fresh() if verb.changes else "healthy"
    filled = verb.words.replace("FLEET", f"-i {served.inventory} --no-probe").replace("BOX", box)
    judge(verb, breakage, *run(filled.split(), breakage, tmp_path, served.env))


def test_a_report_that_nobody_took_is_kept_for_its_owner_alone(served: Fleet) -> None:
    box = served.fresh()
    with Path("/dev/full").open("wb") as full:
        done = served.run(served.arguments("reconcile", box, "--yes"), stdout=full, stderr=subprocess.PIPE)
    line = done.stderr.decode().strip()
    assert line.startswith("iot-https: boxes were changed, and standard output cannot be written: No space left")
    kept = Path(line.rpartition(" ")[2])
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    report = json.loads(kept.read_text())
    assert [(each["name"], each["state"]) for each in report["boxes"]] == [(box, "changed")]
    assert report["exit_status"] == done.returncode == CHANGED + LOST
    assert served.run(served.arguments("check", box), capture_output=True).returncode == 0


def test_a_copy_that_cannot_be_kept_is_said_in_the_same_line(served: Fleet) -> None:
    served.run(served.arguments("reconcile", "healthy", "--yes"), capture_output=True)  # makes the folder
    kept = next(served.home.glob("iot-https/*")) / "lost-report.new"
    kept.mkdir()
    with Path("/dev/full").open("wb") as full:
        words = served.arguments("reconcile", served.fresh(), "--yes")
        done = served.run(words, stdout=full, stderr=subprocess.PIPE)
    kept.rmdir()
    assert done.returncode == CHANGED + LOST
    assert f"no copy of it could be kept either: {kept}: Is a directory" in done.stderr.decode()
    assert len(done.stderr.splitlines()) == 1


def test_where_nobody_can_be_asked_nothing_is_changed(served: Fleet) -> None:
    ours, theirs = pty.openpty()
    with Path("/dev/full").open("wb") as full:
        words = served.arguments("reconcile", served.fresh())
        done = served.run(words, stdin=theirs, stdout=subprocess.PIPE, stderr=full)
    os.close(ours)
    os.close(theirs)
    assert done.returncode != 0
    shown = " ".join(done.stdout.decode().split())
    assert "Nothing was changed: standard error cannot be written, so nobody could be asked." in shown


def test_json_is_utf_8_whatever_the_locale(served: Fleet) -> None:
    words = served.arguments("check", "healthy", "--output", "json")
    env = {**served.env, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(words, env=env, capture_output=True, check=False, timeout=100)
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads(done.stdout.decode("utf-8"))["exit_status"] == 0


def test_a_picture_that_the_locale_cannot_write_is_written_all_the_same(served: Fleet) -> None:
    words = served.arguments("diagnose", "healthy", "--public-dns", "none")
    env = {**served.env, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(words, env=env, capture_output=True, check=False, timeout=100)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.isascii()
