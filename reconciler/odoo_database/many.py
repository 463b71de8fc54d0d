"""Read several databases at once, each for itself and within its time, whatever the others do."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence

from .errors import OdooRefused, OdooUnreachable
from .reading import OdooContent, read_database
from .server import late
from .settings import OdooSettings

AT_ONCE = 8
_GRACE = 1.0
"""Seconds that a reading has to say by itself that its time is over."""
Came = OdooContent | OdooUnreachable | OdooRefused


def read_all(
    databases: Sequence[OdooSettings], read: Callable[[OdooSettings], OdooContent] = read_database
) -> tuple[Came, ...]:
    """Return what came of each database, in the same order.

    A reading that does not end, such as a name that is looked up for ever, is left behind and ends with the process.
    """
    came: dict[int, Came] = {}
    left = itertools.count()
    lock = threading.Lock()

    def work() -> None:
        while True:
            with lock:
                number = next(left)
            if number >= len(databases):
                return
            came[number] = _within(databases[number], read)

    workers = [threading.Thread(target=work, daemon=True) for _ in databases[:AT_ONCE]]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    return tuple(came[number] for number in range(len(databases)))


def _within(settings: OdooSettings, read: Callable[[OdooSettings], OdooContent]) -> Came:
    came: list[Came] = []

    def run() -> None:
        try:
            came.append(read(settings))
        except (OdooUnreachable, OdooRefused) as error:
            came.append(error)
        except Exception as error:  # noqa: BLE001 - one database stops no other, and what was raised may show a key
            came.append(OdooUnreachable(f"{settings.url} was not read, a defect ({type(error).__name__}): report it"))

    reading = threading.Thread(target=run, daemon=True)
    reading.start()
    reading.join(settings.seconds + _GRACE)
    return came[0] if came else OdooUnreachable(late(settings.url, settings.seconds))
