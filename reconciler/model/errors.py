"""The two families of errors, as in Kubernetes operators: temporary ones, which may pass, and permanent ones."""

from __future__ import annotations


class IotHttpsError(Exception):
    """Base of every error that this program raises on purpose; its text is one line for a person."""


class TemporaryFailure(IotHttpsError):
    """Trying again later may work: a lock that is held, a network that is down, a deadline that passed."""


class PermanentFailure(IotHttpsError):
    """Trying again gives the same answer until somebody changes something: bad input, an unknown layout."""


class WireError(PermanentFailure):
    """A message does not have the shape that this version understands; the text names the field."""
