"""Catch Ansible's own messages: standard output carries the result only, and source lines that they quote may hold
secrets.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from ansible.utils.display import Display

from ..model.secret import redact

_SAID_OTHERWISE: Final = (
    "Failed to parse inventory with",
    "Unable to parse",
    "No inventory was parsed",
    "Invalid characters were found in group names",
    "Found duplicate mapping key",
)
"""Beginnings of warnings that end in an error of ours, or that bother nobody here."""


_UNMATCHED: Final = "Could not match supplied host pattern, ignoring: "


class AnsibleWords:
    """What Ansible said: warnings, and exceptions that it shows as warnings.

    `notes` are in words of ours, `warnings` in Ansible's, which plugins write too.
    """

    def __init__(self) -> None:
        self._notes: dict[str, None] = {}
        self._warnings: dict[str, None] = {}
        self.failures: list[BaseException] = []

    @property
    def notes(self) -> tuple[str, ...]:
        """Each note once, on one line."""
        return tuple(self._notes)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Each warning once, on one line."""
        return tuple(self._warnings)

    def note(self, message: str) -> None:
        """Keep a note."""
        self._notes[redact(message)] = None

    def forget_unmatched(self, pattern: str) -> None:
        """Drop the note of a pattern that matches nothing, of which an error tells more."""
        self._notes.pop(redact(_unmatched(pattern)), None)

    def warn(self, message: str) -> None:
        """Keep a warning of Ansible's."""
        if message.startswith(_UNMATCHED):
            self.note(_unmatched(message.removeprefix(_UNMATCHED)))
        elif not message.startswith(_SAID_OTHERWISE):
            self._warnings[redact(message)] = None


def _unmatched(pattern: str) -> str:
    return f"no host and no group matches {pattern}"


@contextmanager
def quiet() -> Iterator[AnsibleWords]:
    """Catch warnings, drop deprecations, which are for who writes plugins, and send all else to standard error."""
    display, heard = Display(), AnsibleWords()
    shown = display.display

    def on_warning(summary: Any) -> None:
        # Only the message: what comes with it quotes lines of the inventory.
        heard.warn(summary.event.msg)

    def on_error(msg: str | None, exception: BaseException, **_: object) -> None:
        heard.failures.append(exception)
        heard.warn(msg or f"Ansible reports a problem: {type(exception).__name__}")

    def to_standard_error(msg: str, color: str | None = None, *_: object, **keywords: Any) -> None:
        shown(msg, color, **{**keywords, "stderr": True})

    caught = {
        "_warning": on_warning,
        "error_as_warning": on_error,
        "_deprecated": lambda *_, **__: None,
        "display": to_standard_error,
    }
    for name, replacement in caught.items():
        setattr(display, name, replacement)
    try:
        yield heard
    finally:
        for name in caught:
            delattr(display, name)
