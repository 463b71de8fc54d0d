"""Errors that refuse a schedule, each with the way out."""

from __future__ import annotations

from ..model.errors import PermanentFailure


class ScheduleError(PermanentFailure):
    """A schedule cannot be made, shown or removed; the text has one line for each reason and names the way out."""


class NoSystemd(ScheduleError):
    """A program of systemd is not installed here."""
