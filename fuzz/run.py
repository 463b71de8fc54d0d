#!/usr/bin/env python3
"""Fuzz every way in: `run.py [TARGET...] [--seconds N] [--jobs N]`, or `run.py TARGET --replay FILE`.

Each target runs in a process of its own under atheris (libFuzzer), from seeds of its file, and prints one line. What
breaks something is kept in fuzz/findings/. Exit status: 0 nothing found, 1 something found, 2 usage, 3 atheris is not
installed here.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fuzz import registry  # noqa: E402 - the package is found from the line above

FINDINGS = ROOT / "fuzz/findings"
MISSING = 3
INPUT_SECONDS = 5
"""More for one input is a finding; libFuzzer counts wall time, and the machine may be busy."""
LONGEST_INPUT = 1 << 16
"""Bytes."""
_START_SECONDS = 120
_EXECUTIONS = re.compile(r"stat::number_of_executed_units:\s*(\d+)")
_COVERAGE = re.compile(r"\bcov: (\d+)")
_ERROR = re.compile(r"^(?:\w+\.)*\w*(?:Error|Exception|Exit)\b.*|^==\d+== ERROR: .*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one target came to. `error`: of a target that broke without keeping an input."""

    name: str
    executions: int
    coverage: int | None
    kept: tuple[Path, ...]
    error: str | None

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found and it ran."""
        return not self.kept and self.error is None

    def lines(self) -> list[str]:
        """Return the line of the target, and how to replay each finding."""
        coverage = "-" if self.coverage is None else str(self.coverage)
        counts = f"{self.executions:>9} executions  {len(self.kept)} findings  coverage {coverage:>5}"
        found = [f"{'':<20} {self.error}"] if self.error else []
        replays = [f"{'':<20} replay: fuzz/run.py {self.name} --replay {each.relative_to(ROOT)}" for each in self.kept]
        return [f"{self.name:<20} {counts}", *found, *replays]


def fuzz(name: str, seconds: int) -> Outcome:
    """Run one target."""
    FINDINGS.mkdir(exist_ok=True)
    before = set(FINDINGS.iterdir())
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        for number, seed in enumerate(registry.load(name).seeds()):
            Path(folder, str(number)).write_bytes(seed)
        command = [
            *(sys.executable, "-m", "fuzz.child", name, folder),
            *(f"-max_total_time={seconds}", f"-timeout={INPUT_SECONDS}", f"-max_len={LONGEST_INPUT}"),
            *("-print_final_stats=1", "-rss_limit_mb=2048", f"-artifact_prefix={FINDINGS}/{name}-"),
        ]
        ended = subprocess.run(
            command,
            cwd=ROOT,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=seconds + _START_SECONDS,
            check=False,
        )
    said = ended.stdout + ended.stderr
    executions, coverage = _EXECUTIONS.search(said), _COVERAGE.findall(said)
    kept = tuple(sorted(each for each in set(FINDINGS.iterdir()) - before if each.name.startswith(f"{name}-")))
    return Outcome(
        name,
        int(executions[1]) if executions else 0,
        int(coverage[-1]) if coverage else None,
        kept,
        None if ended.returncode == 0 else _why(said, ended.returncode),
    )


def _why(said: str, status: int) -> str:
    errors = _ERROR.findall(said)
    return errors[-1][:300] if errors else f"exit status {status}"


def replay(name: str, path: Path) -> int:
    """Try one kept input; its error comes out as it is."""
    registry.load(name).one_input(path.read_bytes())
    print(f"{name}: {path} is handled")
    return 0


def run(names: Sequence[str], seconds: int, jobs: int) -> int:
    """Fuzz some targets, some at a time."""
    with ThreadPoolExecutor(jobs) as pool:
        clean = True
        for outcome in pool.map(lambda name: fuzz(name, seconds), names):
            print("\n".join(outcome.lines()), flush=True)
            clean &= outcome.is_clean
    return 0 if clean else 1


def main() -> int:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(registry.NAMES)} (default: all)")
    parser.add_argument("--seconds", type=int, default=60, help="for each target (default: 60)")
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="targets at the same time (default: CPUs)"
    )
    parser.add_argument("--replay", type=Path, metavar="FILE", help="try one kept input")
    options = parser.parse_args()
    unknown = [each for each in options.targets if each not in registry.NAMES]
    if unknown or (options.replay and len(options.targets) != 1):
        parser.error(f"no such target: {', '.join(unknown)}" if unknown else "--replay needs one TARGET")
    if options.replay:
        return replay(options.targets[0], options.replay)
    if importlib.util.find_spec("atheris") is None:
        print("atheris is not installed here, nothing was fuzzed: pip install atheris (Linux on x86-64)")
        return MISSING
    return run(options.targets or registry.NAMES, options.seconds, options.jobs)


if __name__ == "__main__":
    sys.exit(main())
