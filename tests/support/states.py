"""Whether two simulated boxes are in the same state, down to the last byte: then they have the same future."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from typing import Protocol, TypeVar

from iotbox_simulator.boxes.linux import SimulatedBox


class _HasBox(Protocol):
    @property
    def box(self) -> SimulatedBox: ...


P = TypeVar("P", bound=_HasBox)


class _Pickler(pickle.Pickler):
    """Leaves out the world, which all boxes of a test share."""

    def __init__(self, stream: io.BytesIO, box: SimulatedBox) -> None:
        super().__init__(stream, protocol=pickle.HIGHEST_PROTOCOL)
        self._world = box.world

    def persistent_id(self, thing: object) -> str | None:
        return "world" if thing is self._world else None


def state_of(box: SimulatedBox) -> bytes:
    """Return all that there is of a box but what only a power cut asks for: which of its changes are on the disk."""
    synced = box.clone()
    synced.storage.disk.sync_all()
    stream = io.BytesIO()
    _Pickler(stream, synced).dump(synced)
    return stream.getvalue()


def once_for_each_state(examine: Callable[[P], object]) -> Callable[[P], None]:
    """Return a function that examines a point's box unless one in the same state was; that one's failure is its own.

    It is for what cuts no power. Of five calls of a run two only sync, and a kill before and after is then the same.
    """
    known: dict[bytes, Exception | None] = {}

    def examined(point: P) -> None:
        state = state_of(point.box)
        if state not in known:
            known[state] = None
            try:
                examine(point)
            except Exception as error:  # noqa: BLE001 - raised below, for each point in this state
                known[state] = error
        failure = known[state]
        if failure is not None:
            raise failure

    return examined
