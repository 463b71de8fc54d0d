"""Rows: what a log and the threads of a process say of the manager; a new case is one row more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from reconciler.box.services.manager import ANY_BRANCH, CREWS, Crew, Log, Threads
from reconciler.model.generation import Generation

START = datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
"""Of the process that runs."""
BEFORE, AFTER = START - timedelta(hours=2), START + timedelta(seconds=2)
HANOI = timezone(timedelta(hours=7))
LATE_17 = CREWS["17.0", Generation.CACHED]
OLD_DRIVERS, NEW_DRIVERS = "hw_drivers/main.py", "iot_drivers/main.py"
ERROR = "KeyError: 'subject_cn'"


def stamp(at: datetime, level: str = "ERROR", zone: tzinfo = UTC) -> str:
    """Return the beginning of a line of the log."""
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S},323 74 {level} ? odoo.addons.hw_drivers.exception_logger: "


def frames(file: str = OLD_DRIVERS) -> tuple[str, ...]:
    """Return the pieces in which Python writes the end of a thread."""
    return (
        "Exception in thread ",
        "Thread-1",
        ":\n",
        "Traceback (most recent call last):\n",
        '  File "/usr/lib/python3.11/threading.py", line 1038, in _bootstrap_inner\n    self.run()\n',
        f'  File "/home/pi/odoo/addons/{file}", line 133, in run\n    self.start()\n',
        f"{ERROR}\n",
    )


def whole(at: datetime, file: str = OLD_DRIVERS, zone: tzinfo = UTC) -> str:
    """Return the end of a manager as later branches log it."""
    return stamp(at, zone=zone) + "".join(frames(file))


def split(at: datetime, file: str = OLD_DRIVERS) -> str:
    """Return it as 15.0, early 17.0 and 16.0 of mid 2024 do: a line for each piece."""
    return "".join(f"{stamp(at)}{piece.rstrip()} \n" for piece in frames(file))


def chained(at: datetime) -> str:
    """Return it with 20 KiB of another exception before, during whose handling this one came."""
    first, rest = frames()[:3], frames()[3:]
    lines = ['  File "/usr/lib/python3/dist-packages/urllib3/connection.py", line 174, in _new_conn'] * 120
    return "".join(f"{stamp(at)}{piece.rstrip()} \n" for piece in (*first, *lines, *rest))


def coloured(text: str) -> str:
    """Return what units of 25.x make of it."""
    for level, colour in (("ERROR", 31), ("WARNING", 33), ("INFO", 32)):
        text = text.replace(f" {level} ", f" \x1b[1;{colour}m\x1b[1;49m{level}\x1b[0m ")
    return text


def started(at: datetime) -> str:
    """Return the line in which branches from 18.3 on log their start."""
    return f"{at:%Y-%m-%d %H:%M:%S},100 74 INFO ? odoo: Odoo version 19.0 \n"


def warned(at: datetime) -> str:
    """Return a line that says nothing of the manager."""
    return f"{stamp(at, 'WARNING')}websocket: connection lost \n"


def threads(*ages: float) -> Threads:
    """Return the threads of a process beside the main one."""
    return Threads(ages=tuple(sorted(ages, reverse=True)))


HOUR = 3600.0
UNSEEN = threads()
TWO, THREE, FIVE = threads(HOUR), threads(HOUR, HOUR - 1), threads(HOUR, HOUR, HOUR - 1, HOUR - 1)


@dataclass(frozen=True)
class Row:
    """`dead`: what is to come of it; `written`: when the log was last written."""

    name: str
    text: str
    dead: bool
    threads: Threads = UNSEEN
    crew: Crew = ANY_BRANCH
    written: datetime = AFTER + timedelta(hours=1)
    zone: tzinfo = UTC
    whole: bool = False
    start: float | None = START.timestamp()
    error: str | None = None

    @property
    def log(self) -> Log:
        """The log of the row."""
        return Log(text=self.text, written=self.written.timestamp(), whole=self.whole, zone=self.zone)


LAST = warned(AFTER + timedelta(hours=1))
ROWS = (
    Row("one line, after the start", whole(AFTER) + LAST, dead=True, error="KeyError"),
    Row("one line, before the start", whole(BEFORE) + LAST, dead=False),
    Row("in pieces, after the start", split(AFTER) + LAST, dead=True, error="KeyError"),
    Row("in pieces, before the start", split(BEFORE) + LAST, dead=False),
    Row("behind the frames of another exception", chained(AFTER) + LAST, dead=True, error="KeyError"),
    Row("coloured", coloured(whole(AFTER, NEW_DRIVERS) + LAST), dead=True, error="KeyError"),
    Row("coloured, before the start", coloured(whole(BEFORE, NEW_DRIVERS) + LAST), dead=False),
    Row("coloured and in pieces", coloured(split(AFTER) + LAST), dead=True, error="KeyError"),
    Row("died twice, lives now", whole(BEFORE) + whole(BEFORE + timedelta(minutes=5)) + LAST, dead=False),
    Row("died before and after the start", whole(BEFORE) + whole(AFTER), dead=True, error="KeyError"),
    Row("after a line of its start", started(START) + whole(AFTER, NEW_DRIVERS), dead=True, error="KeyError"),
    Row("before a line of its start", whole(BEFORE, NEW_DRIVERS) + started(START) + LAST, dead=False),
    Row("after a line of an older start", started(BEFORE) + whole(BEFORE) + LAST, dead=False),
    Row("box's time, after", whole(AFTER, zone=HANOI), dead=True, zone=HANOI, written=AFTER, error="KeyError"),
    Row("box's time, before", whole(BEFORE, zone=HANOI), dead=False, zone=HANOI, written=BEFORE),
    Row("UTC on a box elsewhere", whole(AFTER), dead=True, zone=HANOI, written=AFTER, error="KeyError"),
    Row("UTC on a box elsewhere, before", whole(BEFORE) + LAST, dead=False, zone=HANOI),
    Row("another thread of the program", whole(AFTER, "hw_drivers/interface.py") + LAST, dead=False),
    Row("another file of that name", whole(AFTER, "point_of_sale/main.py") + LAST, dead=False),
    Row(
        "newer branches name another thread",
        whole(AFTER).replace("Thread-1", "Thread-3 (run)"),
        dead=True,
        error="KeyError",
    ),
    Row("log not written since the start", "".join(frames()), dead=False, written=BEFORE),
    Row("no time anywhere", "".join(frames()), dead=True, error="KeyError"),
    Row("no time anywhere, five threads", "".join(frames()), dead=False, threads=FIVE, crew=LATE_17),
    Row("no time in it, old line behind it", "".join(frames()) + warned(BEFORE) + LAST, dead=False),
    Row("no time in it, new line before it", warned(AFTER) + "".join(frames()), dead=True, error="KeyError"),
    Row("times without a date", whole(AFTER).replace("2026-11-28 ", ""), dead=True, error="KeyError"),
    Row("start not known", whole(BEFORE), dead=True, start=None, error="KeyError"),
    Row("start not known, five threads", whole(BEFORE), dead=False, start=None, threads=FIVE, crew=LATE_17),
    Row("our restart was after all of it", "", dead=False, whole=True),
    Row("written since our restart", whole(BEFORE), dead=True, whole=True, error="KeyError"),
    Row("no log, two threads", "", dead=True, threads=TWO),
    Row("no log, two threads on 17.0", "", dead=True, threads=TWO, crew=LATE_17),
    Row("no log, three threads on 17.0", "", dead=True, threads=THREE, crew=LATE_17),
    Row("no log, three threads elsewhere", "", dead=False, threads=THREE),
    Row("no log, five threads", "", dead=False, threads=FIVE, crew=LATE_17),
    Row("three threads and two requests", "", dead=True, threads=threads(HOUR, HOUR - 1, 40.0, 2.0), crew=LATE_17),
    Row("started just now", "", dead=False, threads=threads(5.0)),
    Row("not all modules loaded yet", "", dead=False, threads=UNSEEN),
    Row("fetching for minutes, no more threads yet", "", dead=False, threads=threads(HOUR, HOUR, HOUR), crew=LATE_17),
    Row("the log is sure, whatever else runs", whole(AFTER), dead=True, threads=FIVE, crew=LATE_17, error="KeyError"),
    Row(
        "died of a program",
        whole(AFTER).replace(ERROR, "subprocess.CalledProcessError: Command"),
        dead=True,
        error="CalledProcessError",
    ),
    Row(
        "escape sequences in the error",
        whole(AFTER).replace("KeyError", "Key\x1b[31mError"),
        dead=True,
        error="KeyError",
    ),
    Row("an error of any length", whole(AFTER).replace("KeyError", "K" * 300 + "Error"), dead=True, error="K" * 80),
)
