"""Run Molecule's scenarios on one set of boxes, show what they print, and say how long each took.

`run_molecule.py [SCENARIO...]`, all by default. Molecule takes a playbook that is not there for one that passed; here
it fails. Exit status: 0 all passed, 1 something failed, is missing, or nothing was run.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
_LOG = re.compile(r"\[(?P<scenario>\w+) > (?P<action>\w+)\] (?:\x1b\[\d+m)*(?P<what>Executing|Executed: (?P<how>.*))$")
_FINE = re.compile(r"Successful|Skipped|Disabled")


class Watch:
    """Follows Molecule's own lines: which scenario took how long, and what did not pass."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.actions: Counter[str] = Counter()
        self.problems: list[str] = []
        self._now = now
        self._began = now()

    def line(self, text: str) -> None:
        """Take in one line of the output."""
        found = _LOG.search(text.rstrip())
        if found is None:
            return
        if found["what"] == "Executing":
            self._began = self._now()
            return
        self.seconds[found["scenario"]] += self._now() - self._began
        self.actions[found["scenario"]] += 1
        if not _FINE.match(found["how"]):
            self.problems.append(f"{found['scenario']} > {found['action']}: {found['how']}")

    def summary(self) -> Iterable[str]:
        """Yield a line for each scenario, and one for each problem."""
        for scenario, seconds in self.seconds.items():
            yield f"molecule {scenario:<11} {seconds:6.1f} s  {self.actions[scenario]} actions"
        yield from (f"molecule: {problem}" for problem in self.problems)


def main(scenarios: list[str]) -> int:
    """Run the named scenarios, or all."""
    wanted = [word for name in scenarios for word in ("--scenario-name", name)] or ["--all"]
    watch = Watch()
    with tempfile.TemporaryDirectory(prefix="iot-https-molecule-") as folder:
        process = subprocess.Popen(
            [str(BIN / "molecule"), "test", "--no-command-borders", *wanted],
            cwd=ROOT,
            env={**_without_ansible(), "MOLECULE_EPHEMERAL_DIRECTORY": folder, "NO_COLOR": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for text in process.stdout or ():
            sys.stdout.write(text)
            sys.stdout.flush()
            watch.line(text)
        status = process.wait()
    print("\n" + "\n".join(watch.summary()), flush=True)
    return 1 if status or watch.problems or not watch.actions else 0


def _without_ansible() -> dict[str, str]:
    """Return the environment without settings of whoever runs this, and with the programs of this one first."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "MOLECULE_"))}
    return {**kept, "PATH": f"{BIN}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
