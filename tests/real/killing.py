"""Runs the box program until it kills itself at one point, on several boxes side by side, and collects what broke."""

from __future__ import annotations

import queue
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boxes
from reconciler.connections.carrier import message
from reconciler.model.desired import Mode

from . import look
from .lab import Unit, codes

DRIVER = (Path(__file__).parent / "kill_driver.py").read_text(encoding="utf-8")
KILLED = 137
RESUME = "iot-https-resume-odoo"
NOT_PRESENTED = "nginx presents neither the old nor the new certificate"
Problems = list[str]


def killed_at(unit: Unit, kind: str, number: int) -> list[str]:
    """Reconcile until the point of that number, where the program kills itself; return the points it came to.

    Args:
        kind: `step` or `call`, see the driver.
        number: 0 lets it run to its end.
    """
    request = message(unit.request(Mode.RECONCILE))
    done = unit.box.exec(["python3", "-I", "-c", DRIVER, kind, str(number)], input=request, check=False)
    assert done.returncode == (KILLED if number else 0), done.stdout + done.stderr
    return done.stdout.splitlines()


def everywhere(
    points: Sequence[int], units: Sequence[Unit], attempt: Callable[[Unit, int], Problems]
) -> dict[int, Problems]:
    """Try every point once, on whichever box is free; return the points that left problems."""
    waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
    for point in points:
        waiting.put(point)

    def work(unit: Unit) -> dict[int, Problems]:
        found = {}
        while not waiting.empty():
            try:
                point = waiting.get_nowait()
            except queue.Empty:
                break
            if problems := attempt(unit, point):
                found[point] = problems
        return found

    with ThreadPoolExecutor(len(units)) as pool:
        parts = list(pool.map(work, units))
    return {point: problems for part in parts for point, problems in part.items()}


def alive_and_whole(unit: Unit, known: set[str]) -> Problems:
    """What is wrong with a box on which a run died: mixed or unknown pairs, a service that does not answer."""
    problems = []
    try:
        # the vendor's program restarts nginx a moment after it begins to answer
        boxes.wait_for(
            lambda: look.answers(unit, 80) and look.presented(unit) in known, NOT_PRESENTED, look.RESTART_SECONDS
        )
        boxes.wait_for(lambda: look.answers(unit, 8069), "Odoo does not answer", look.RESTART_SECONDS)
        found = look.whole(unit)
        problems += [f"the {tree} pair is neither old nor new" for tree, leaf in found.items() if leaf not in known]
    except (AssertionError, OSError, ValueError, boxes.BoxesError) as error:
        problems.append(str(error))
    expected = "ro" if unit.box.facts.root_read_only else "rw"
    if (flag := look.root_mounts(unit)["/"]) != expected:
        problems.append(f"the root is mounted {flag}")
    return problems


def converges(unit: Unit) -> Problems:
    """What is wrong with the runs that follow: the next must mend all, the one after that must have nothing to do."""
    mended, again = unit.reconcile(), unit.reconcile()
    problems = [f"left over: {each}" for each in codes(mended.after)]
    problems += [f"second run did: {each.repair.kind} {each.detail}" for each in again.outcomes]
    if again.changed or again.after:
        problems.append(f"second run found: {codes(again.after)}")
    left = unit.box.shell("find /etc /home/pi /root_bypass_ramdisks -xdev -name '*.iot-https-new*'").split()
    return [*problems, *(f"left behind: {path}" for path in left)]
