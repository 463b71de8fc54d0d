"""The events of a run as JSON lines, each written out at once: for log shippers and whoever follows a run."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TextIO

from ..model import wire
from ..results.events import Event


@dataclass(frozen=True, slots=True)
class EventWriter:
    """Call it with each event; one line per event goes to the stream, flushed."""

    stream: TextIO

    def __call__(self, event: Event) -> None:
        """Write one event.

        Raises:
            OSError: the stream does not take it, for example because its reader went away.
        """
        self.stream.write(f"{json.dumps(wire.encode(event), ensure_ascii=False)}\n")
        self.stream.flush()
