#!/usr/bin/env python3
"""Race an attacker on real files: `race.py [OPERATION...] [--flips N]`.

While one operation of the box program runs again and again, another process (of another uid, where this runs as root)
exchanges files, links, pipes and folders below it. Exit status: 0 nothing outside was read or changed, 1 something was.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from fuzz.races.attacker import attacking  # noqa: E402 - the package is found from the line above
from fuzz.races.operations import OPERATIONS, Operation, leaked  # noqa: E402
from fuzz.races.scene import AS_ROOT, Scene, arrange  # noqa: E402

LEAST_CALLS = 50


@dataclass(frozen=True, slots=True)
class Raced:
    """What one race came to. `outside`: what was read or changed that must not be."""

    name: str
    calls: int
    refused: int
    flips: int
    outside: tuple[str, ...]

    def line(self) -> str:
        """Return the line that is printed."""
        found = "".join(f"\n{'':<18}{each}" for each in self.outside[:5])
        counts = f"{self.calls:>8} calls {self.refused:>8} refused {self.flips:>9} flips"
        return f"{self.name:<18}{counts}  outside {len(self.outside)}{found}"


def race(name: str, flips: int, base: Path, seed: int = 1, *, operation: Operation | None = None) -> Raced:
    """Do one operation of this name until the attacker has exchanged `flips` names meanwhile.

    Args:
        base: an empty folder on a real disk.
        operation: another one than the one of this name.
    """
    operation = operation or OPERATIONS[name]
    scene = arrange(base, ssl_is_roots=operation.ssl_is_roots)
    before = scene.snapshot()
    calls = refused = 0
    outside: list[str] = []
    victims = [scene.tree / each for each in operation.victims]
    with attacking(victims, scene.outside, scene.pool, seed) as flipped:
        while (flipped.count < flips or calls < LEAST_CALLS) and not outside:
            answer = operation.act(scene)
            calls, refused = calls + 1, refused + isinstance(answer, Exception)
            if leaked(answer):
                outside.append(f"an answer shows what is outside: {answer!r:.200}")
            if calls % LEAST_CALLS == 0:
                scene.hoard()
                outside += changes(scene, before)
        total = flipped.count
    found = (*outside, *changes(scene, before), *scene.shown())
    return Raced(name, calls, refused, total, tuple(dict.fromkeys(found)))


def changes(scene: Scene, before: dict[str, tuple[object, ...]]) -> list[str]:
    """Return what is outside and not as it was."""
    after = scene.snapshot()
    return [f"{path} changed" for path in sorted({*before, *after}) if before.get(path) != after.get(path)]


def main(arguments: list[str] | None = None) -> int:
    """Race all, print a line for each and the sum."""
    parser = argparse.ArgumentParser(description="Race an attacker on real files.")
    parser.add_argument("operations", nargs="*", metavar="OPERATION", help=", ".join(OPERATIONS))
    parser.add_argument("--flips", type=int, default=10_000, help="names that are exchanged during each operation")
    chosen = parser.parse_args(arguments)
    if unknown := [name for name in chosen.operations if name not in OPERATIONS]:
        parser.error(f"no such operation: {', '.join(unknown)}")
    raced = []
    for name in chosen.operations or OPERATIONS:
        with tempfile.TemporaryDirectory(prefix="race-", ignore_cleanup_errors=True) as base:
            raced.append(race(name, chosen.flips, Path(base)))
            print(raced[-1].line(), flush=True)
    who = "another uid" if AS_ROOT else "this uid, whose folders are not trusted"
    outside = sum(len(each.outside) for each in raced)
    print(f"{len(raced)} operations x {chosen.flips} flips by {who}: {outside} outside")
    return 1 if outside else 0


if __name__ == "__main__":
    sys.exit(main())
