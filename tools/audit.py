"""Ask whether a pinned package has a known weakness: `python -m tools.audit [LOCK...]`, without names locks for use.

Exit status: 0 none has, 1 one has, 3 the service could not be asked, or did not know a package. That is not a pass, and
pip-audit, which does the asking, calls it one.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools import pins
from tools.lock import LOCKS

FOUND, NOT_DONE = 1, 3
FOR_USE = ("user", "build", "ci")
"""What comes into a wheel, or onto the machine that makes it; what boxes have is old on purpose."""
SERVICE = "osv"
"""Of the services of pip-audit, the one that fails where it cannot be asked."""
WIDEST = 100
WAIT = 15
"""Seconds for one answer."""


@dataclass(frozen=True)
class Audit:
    """What is known of packages.

    Args:
        weak: a line for each weakness.
        unknown: what could not be learnt, and why.
    """

    weak: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def status(self) -> int:
        """Return the exit status."""
        return FOUND if self.weak else NOT_DONE if self.unknown else 0


def judged(output: str, errors: str) -> Audit:
    """Return what pip-audit found out, from its JSON; its status is the same for a weakness and a lost connection."""
    try:
        every: list[dict[str, Any]] = json.loads(output)["dependencies"]
    except ValueError:
        reason = (errors.strip().splitlines() or ["no answer"])[-1]
        return Audit(unknown=(f"the service could not be asked: {textwrap.shorten(reason, WIDEST)}",))
    unknown = tuple(f"{each['name']}: {each['skip_reason']}" for each in every if "skip_reason" in each)
    return Audit(tuple(line for each in every for line in _weaknesses(each)), unknown)


def _weaknesses(package: dict[str, Any]) -> Iterator[str]:
    for each in package.get("vulns", ()):
        names = ", ".join([each["id"], *each.get("aliases", ())])
        fixed = ", ".join(each["fix_versions"]) or "no version yet"
        yield f"{package['name']} {package['version']}: {names}; fixed in {fixed}"


def requirements(text: str) -> list[str]:
    """Return what a lock installs, as files of requirements: one for each set that versions of Python choose."""
    sets = {python: pins.installed(text, python).values() for python in pins.PYTHONS}
    lines = {"".join(f"{pin.name}=={pin.version} {' '.join(pin.hashes)}\n" for pin in each) for each in sets.values()}
    return sorted(lines)


def ask(wanted: str) -> Audit:
    """Run pip-audit on requirements."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "requirements.txt")
        path.write_text(wanted, encoding="utf-8")
        words = [
            "pip_audit",
            "--disable-pip",
            "--require-hashes",
            "--vulnerability-service",
            SERVICE,
            "--format",
            "json",
        ]
        words += ["--progress-spinner", "off", "--timeout", str(WAIT), "--requirement", str(path)]
        done = subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True, check=False)
    return judged(done.stdout, done.stderr)


def main(names: Sequence[str]) -> int:
    """Audit locks; the first that cannot be audited ends it, since the next would fare no better."""
    if wrong := [name for name in names if name not in LOCKS]:
        raise SystemExit(f"no such lock: {', '.join(wrong)}; there are {', '.join(LOCKS)}")
    status = 0
    for name in names or FOR_USE:
        for wanted in requirements(pins.path_of(name).read_text(encoding="utf-8")):
            found = ask(wanted)
            for line in (*found.weak, *(f"not done: {each}" for each in found.unknown)):
                print(f"{name}.txt: {line}")
            if found.unknown:
                return FOUND if FOUND in (status, found.status) else NOT_DONE
            status = max(status, found.status)
    if not status:
        print(f"no known weakness in {', '.join(names or FOR_USE)}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
