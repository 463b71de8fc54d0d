"""The authorities that this machine trusts for TLS, from files that only root can exchange."""

from __future__ import annotations

import errno
import os
import ssl
from functools import partial
from pathlib import Path

from ...model.statement import say
from ...net.tls import Trust, verifying_context
from ..guarded import ForeignFile
from ..reason import Unable
from .files import PosixFiles

_LONGEST_STORE = 1 << 22
"""Bytes. The system's has 220 KiB."""
SYSTEM_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"


def trusting(bundle: str = SYSTEM_BUNDLE) -> Trust:
    """Return what makes contexts that trust a system's authorities; see `trusting_context` for the argument."""
    return partial(trusting_context, bundle=bundle)


def trusting_context(ca_file: str | None = None, bundle: str = SYSTEM_BUNDLE) -> ssl.SSLContext:
    """Return a client context that checks chain and host name by the authorities that a system trusts.

    Args:
        ca_file: PEM authorities to trust besides the system's.
        bundle: the system's; where it is missing, the place that OpenSSL was built for.

    Raises:
        FileNotFoundError: `ca_file` is missing.
        ForeignFile: others than root may change `ca_file`, and with it whom the box trusts.
        Unable: a file holds no certificate, or there is nothing to trust at all.
    """
    context = verifying_context()
    found = _system_store(bundle)
    if found is None and ca_file is None:
        raise Unable(say("no_authorities"), bundle, errno.ENOENT)
    if found is not None:
        _load(context, found)
    if ca_file is not None:
        if not PosixFiles().status(ca_file, follow=True).guarded:
            raise ForeignFile.open_place(ca_file)
        _load(context, ca_file)
    return context


def _system_store(bundle: str) -> str | None:
    built_in = ssl.get_default_verify_paths()
    candidates = (bundle, built_in.openssl_cafile, built_in.openssl_capath)
    return next((path for path in candidates if Path(path).exists()), None)


def _load(context: ssl.SSLContext, path: str) -> None:
    try:
        if Path(path).is_dir():
            context.load_verify_locations(capath=path)
        else:
            # read here: OpenSSL would wait for a pipe that somebody put there
            pem = PosixFiles().read(path, _LONGEST_STORE)
            context.load_verify_locations(cadata=pem.decode("ascii", "replace"))
    except (ssl.SSLError, ValueError):  # the latter where it is empty
        raise Unable(say("no_certificate_in", path=path), number=errno.EINVAL) from None
    except Unable:
        raise
    except OSError as error:
        number = error.errno or errno.EIO
        raise OSError(number, os.strerror(number), path) from None
