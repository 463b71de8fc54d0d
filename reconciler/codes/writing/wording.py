"""How evidence is worded, so that every check gives dates, spans and sizes in the same way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

_UNITS: Final = ((86400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
_SHORT: Final = {"day": "d", "hour": "h", "minute": "min", "second": "s"}


def moment(when: datetime) -> str:
    """Return a time as ISO 8601 in UTC, to the second."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def span(length: timedelta) -> str:
    """Return a length of time in its largest whole unit, such as `3 days`; the sign is dropped."""
    count, unit = _largest(length)
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def short_span(length: timedelta) -> str:
    """Return the same number with a short unit, such as `3 d`."""
    count, unit = _largest(length)
    return f"{count} {_SHORT[unit]}"


def whole_days(left: timedelta) -> int:
    """Return the number that `span` has, where it has days: 0 on the last day, and negative from the end on."""
    days = int(abs(left).total_seconds()) // _UNITS[0][0]
    return days if left > timedelta() else -max(days, 1)


def _largest(length: timedelta) -> tuple[int, str]:
    seconds = int(abs(length).total_seconds())
    size, unit = next((pair for pair in _UNITS if seconds >= pair[0]), _UNITS[-1])
    return seconds // size, unit


def mebibytes(size: int) -> str:
    """Return a number of bytes in MiB."""
    return f"{size / (1 << 20):.1f} MiB"
