"""Word an error in one line."""

from __future__ import annotations

import ssl
from typing import Final

from ..printable import printable

_BY_DATE: Final = (9, 10)
"""X509_V_ERR_CERT_NOT_YET_VALID and X509_V_ERR_CERT_HAS_EXPIRED of OpenSSL's x509_vfy.h."""


def is_by_date(error: ssl.SSLCertVerificationError) -> bool:
    """Tell whether a certificate was refused for its dates, by the clock of this machine."""
    return error.verify_code in _BY_DATE


def reason(error: BaseException) -> str:
    """Return the words of an error, after the file that it is about; never empty, never "None"."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return printable(str(error)) or type(error).__name__
