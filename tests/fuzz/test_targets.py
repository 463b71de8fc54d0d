"""Every way in, tried with its seeds and with mutations of them; with atheris for a moment of real fuzzing, too."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tracemalloc
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz import oracle, registry
from tests.support.tally import count

RUNNER = Path(__file__).parents[2] / "fuzz/run.py"
MUTATIONS = 40
TOKENS = (b"@@", b"\0", b"\n", b"\xff", b"\xed\xa0\x80", b"[", b'"', b"%", b"9" * 30, b"NaN", b"~x/", b"-----BEGIN ")
Edit = tuple[float, int, bytes]
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(TOKENS) | st.binary(max_size=4)),
    min_size=1,
    max_size=4,
)
PARTS = pytest.mark.parametrize("name", registry.NAMES)


@cache
def seeds(name: str) -> tuple[bytes, ...]:
    return tuple(registry.load(name).seeds())


def mutated(seed: bytes, edits: list[Edit]) -> bytes:
    """Replace some bytes at some places by others."""
    for place, length, replacement in edits:
        at = int(place * len(seed))
        seed = seed[:at] + replacement + seed[at + length :]
    return seed


def try_one(name: str, data: bytes) -> None:
    registry.load(name).one_input(data)
    count("inputs that fuzz targets were given")


@PARTS
def test_seeds_are_handled(name: str) -> None:
    for seed in seeds(name):
        try_one(name, seed)


@PARTS
def test_seeds_take_little_memory(name: str) -> None:
    tracemalloc.start()
    try:
        for seed in seeds(name):
            try_one(name, seed)
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("seconds", "held", "said"), [(3.0, 0, "takes 3.0 s"), (0.0, 80 << 20, "takes 80 MiB")])
def test_what_costs_too_much_is_a_finding(
    monkeypatch: pytest.MonkeyPatch, seconds: float, held: int, said: str
) -> None:
    times = iter((0.0, seconds))
    monkeypatch.setattr("fuzz.oracle.time.process_time", lambda: next(times))
    tracemalloc.start()
    try:
        with pytest.raises(AssertionError, match=said), oracle.affordable():
            bytes(held)
    finally:
        tracemalloc.stop()


@PARTS
def test_mutations_of_seeds_are_handled(name: str) -> None:
    @settings(max_examples=MUTATIONS, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(st.sampled_from(seeds(name)), EDITS)
    def mutations(seed: bytes, edits: list[Edit]) -> None:
        try_one(name, mutated(seed, edits))

    mutations()


def test_without_atheris_it_says_so_and_nothing_passes_for_fuzzed(tmp_path: Path) -> None:
    hide = "import importlib.util as u; u.find_spec = lambda name: None"
    program = f"{hide}; import runpy, sys; sys.argv = ['run.py']; runpy.run_path({str(RUNNER)!r}, run_name='__main__')"
    ended = subprocess.run((sys.executable, "-c", program), capture_output=True, text=True, check=False)
    assert ended.returncode == 3
    assert "atheris is not installed here, nothing was fuzzed" in ended.stdout


@pytest.mark.skipif(importlib.util.find_spec("atheris") is None, reason="atheris has no wheel for this Python")
def test_a_moment_of_real_fuzzing_finds_nothing() -> None:
    ended = subprocess.run(
        (sys.executable, str(RUNNER), "--seconds", "1"), capture_output=True, text=True, timeout=110, check=False
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    executions = [int(each) for each in re.findall(r"^\w+ +(\d+) executions", ended.stdout, re.MULTILINE)]
    assert len(executions) == len(registry.NAMES)
    assert all(executions)
    count("inputs that fuzz targets were given", sum(executions))
