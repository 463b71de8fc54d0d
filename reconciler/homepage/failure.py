"""Why a request came to nothing, from what the libraries raise: their own texts repeat addresses and what was sent."""

from __future__ import annotations

import os
import socket
import ssl
from http.client import HTTPException
from typing import Final

from requests import RequestException
from urllib3.exceptions import HTTPError, IncompleteRead

from ..model.statement import Statement, say, told
from ..printable import printable
from .transport import Dialled

FAILURES: Final = (RequestException, HTTPError, HTTPException, OSError, ValueError, AttributeError)
"""What a request may raise; ValueError where an answer is so strange that a library falls over it, AttributeError where
urllib3 has closed a connection that broke while it was sending, and goes on to read from it."""
_LIBRARIES: Final = ("requests.", "urllib3.")
_LONGEST: Final = 200


def why(error: BaseException, dialled: Dialled) -> Statement:
    """Return in one sentence why there is no answer."""
    root = _root(error)
    if isinstance(root, TimeoutError):
        return say("page_silent", seconds=dialled.limit.seconds)
    if isinstance(root, ssl.SSLCertVerificationError):
        return say("page_not_verified", reason=_short(root.verify_message))
    if isinstance(root, ssl.SSLError):
        return say("handshake_failed")
    if dialled.begun and isinstance(root, IncompleteRead | ConnectionResetError | BrokenPipeError | AttributeError):
        return say("page_cut_off")
    if isinstance(root, OSError):
        words = root.strerror if isinstance(root, socket.gaierror) else os.strerror(root.errno or 0)
        return told(_short(words)) if words and root.errno else say("page_unreached")
    return say("page_not_http")


def _root(error: BaseException) -> BaseException:
    """Return the error that the libraries wrapped: the first that is none of theirs, or their innermost."""
    while type(error).__module__.startswith(_LIBRARIES) and error.__context__ is not None:
        error = error.__context__
    return error


def _short(text: str) -> str:
    return printable(text)[:_LONGEST]
