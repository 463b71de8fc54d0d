"""Which boxes are being worked on just now, and how long each can still take."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class AtWork:
    """The boxes that were begun and whose end was not seen; one that is cancelled stays, since it goes on alone.

    Args:
        monotonic: seconds that never go back.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._ends: dict[str, float] = {}

    def __contains__(self, name: str) -> bool:
        """Tell whether a box is one of them."""
        return name in self._ends

    def left(self) -> dict[str, float]:
        """Return each with the seconds that it can still take."""
        now = self._monotonic()
        return {name: max(0.0, ends - now) for name, ends in self._ends.items()}

    @contextmanager
    def on(self, name: str, seconds: float) -> Iterator[None]:
        """Count a box in while this is open.

        Args:
            seconds: how long it can take.
        """
        self._ends[name] = self._monotonic() + seconds
        try:
            yield
        except Exception:
            del self._ends[name]
            raise
        del self._ends[name]
