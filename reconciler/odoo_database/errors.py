"""Why a database could not be read. Each text is one line in our own words: what a server says may repeat a key."""

from __future__ import annotations

from ..model.errors import PermanentFailure, TemporaryFailure


class OdooUnreachable(TemporaryFailure):
    """No answer came that is one of Odoo's: what was read before may stand in for it."""


class ForeignReply(OdooUnreachable):
    """Somebody answered, and not in the language of the API: a page to log in, an error page of a proxy."""


class OdooRefused(PermanentFailure):
    """Odoo says no, or is not what the settings say: what was read before must not stand in for it."""
