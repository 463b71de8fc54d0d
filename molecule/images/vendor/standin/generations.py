"""What differs between the generations of the vendor's code, as data: the rest of the stand-in asks here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

HOME = Path("/home/pi")


@dataclass(frozen=True)
class Generation:
    """One generation of the code; the image it runs on is independent of it."""

    name: str
    version: str
    module: str
    remounts: bool
    """Up to 18.0 the code puts the root back to read-only after each of its own writes, whatever fstab says."""
    verifies_tls: bool
    nginx_failure_is_fatal: bool
    pause_before_nginx_restart: float
    needs_database_at_start: bool
    reports_by_serial: bool
    end_date_suffix: str = ""
    splits_lines: bool = False
    """A line of the log for each piece that Python writes when a thread ends, as in 2024."""
    threads_of_log: int = 1
    """Threads that send the log to the database, whatever becomes of the manager."""


_OLD = Generation(
    name="flat",
    version="16.0",
    module="hw_drivers",
    remounts=True,
    verifies_tls=False,
    nginx_failure_is_fatal=True,
    pause_before_nginx_restart=3.0,
    needs_database_at_start=False,
    reports_by_serial=False,
    splits_lines=True,
    threads_of_log=0,
)
_NEW = Generation(
    name="raw",
    version="19.0",
    module="iot_drivers",
    remounts=False,
    verifies_tls=True,
    nginx_failure_is_fatal=True,
    pause_before_nginx_restart=0.0,
    needs_database_at_start=True,
    reports_by_serial=True,
)
GENERATIONS = {
    "flat": _OLD,
    "cached": replace(_OLD, name="cached", version="17.0", splits_lines=False, threads_of_log=1),
    "raw": _NEW,
    "newest": replace(_NEW, name="newest", version="saas~19.1", end_date_suffix="+00:00"),
}


def current() -> Generation:
    """The generation that was checked out when the image was built."""
    return GENERATIONS[(Path(__file__).parent / "GENERATION").read_text().strip()]
