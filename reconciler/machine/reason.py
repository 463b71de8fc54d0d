"""Why something failed, as a statement: a sentence of ours by its name, or the words of the kernel."""

from __future__ import annotations

import errno
import ssl
from typing import Final

from ..codes.writing.sentences import spoken
from ..model.statement import Statement, say, told
from ..printable import printable

_BY_DATE: Final = (9, 10)
"""X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL's x509_vfy.h."""


class OwnReason(Exception):
    """An error whose text is ours: the control machine words it, so it is a statement (`codes.reasons`)."""

    statement: Statement

    def __str__(self) -> str:
        """Return it in words, for a log; what a person is told of a box is worded on the control machine."""
        return str(spoken(reason(self)))


class Unable(OwnReason, OSError):
    """Something that cannot be done on this machine.

    Args:
        path: which file it is about.
        number: the kernel's for the like.
    """

    def __init__(self, statement: Statement, path: str | None = None, number: int = 0) -> None:
        super().__init__(number, statement.says, path)
        self.statement = statement


class RanTooLong(Unable, TimeoutError):
    """A program was killed, since it did not end."""

    def __init__(self, program: str, seconds: float) -> None:
        super().__init__(say("did_not_end", program=program, seconds=seconds), number=errno.ETIMEDOUT)


class Unfit(OwnReason, ValueError):
    """A value that cannot be used."""

    def __init__(self, statement: Statement) -> None:
        super().__init__(statement.says)
        self.statement = statement


def is_by_date(error: ssl.SSLCertVerificationError) -> bool:
    """Tell whether a certificate was refused for its dates, by the clock of this machine."""
    return error.verify_code in _BY_DATE


def reason(error: BaseException) -> Statement:
    """Return why, after the file that it is about; never empty, never "None"."""
    if isinstance(error, OwnReason):
        path = error.filename if isinstance(error, OSError) else None
        return say("at_path", path=path, why=error.statement) if path else error.statement
    return told(quoted(error))


def without_path(error: OSError) -> Statement:
    """Return the same, for who names the file otherwise."""
    return error.statement if isinstance(error, OwnReason) else told(error.strerror or str(error))


def quoted(error: BaseException) -> str:
    """Return the words of an error that is nobody's of ours, after the file that it is about."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return printable(str(error)) or type(error).__name__
