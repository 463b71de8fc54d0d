"""Reads the installed certificate as the box does: by its common name and date, and by nothing else."""

from __future__ import annotations

import datetime as dt
import logging

from cryptography import x509
from cryptography.x509.oid import NameOID

from .disk import CERTIFICATE
from .fetch import fetch_with_codes, fetch_with_retries
from .generations import Generation
from .store import Store

TEMPORARY_NAME = "OdooTempIoTBoxCertificate"
MARGIN = dt.timedelta(days=10)
NEED_REFRESH = "needs refresh"
GENERATED = "The HTTPS certificate was generated correctly"
_old = logging.getLogger("odoo.addons.hw_drivers.tools.helpers")
_new = logging.getLogger("odoo.addons.iot_drivers.tools.certificate")


def status(generation: Generation, store: Store) -> tuple[bool, str]:
    """Up to 18.0: check, fetch once if needed, check again. Reading the status writes."""
    ok, details = _check(store)
    if not ok and details == NEED_REFRESH:
        if failure := fetch_with_codes(generation, store):
            return False, failure
        ok, details = _check(store)
        if not ok and details == NEED_REFRESH:
            return True, GENERATED
    return ok, details


def ensure_validity(generation: Generation, store: Store) -> str | None:
    """From 18.3 on: keep a good certificate, or fetch one; returns its end date."""
    if not store.get("remote_server"):
        _new.info("Ignoring the function %s without a connected database", "ensure_certificate_validity")
        return None
    if found := end_date(generation):
        return found
    fetch_with_retries(store)
    return end_date(generation)


def end_date(generation: Generation) -> str | None:
    """End date of a real certificate with more than ten days left; an OSError is not caught here."""
    if not CERTIFICATE.exists():
        return None
    try:
        name, ends = _parse(CERTIFICATE.read_bytes())
    except ValueError:
        _new.exception("Unable to read certificate file.")
        return None
    if name == TEMPORARY_NAME or dt.datetime.now() > ends - MARGIN:  # noqa: DTZ005 - local time, as there
        _new.debug("SSL certificate '%s' must be updated.", name)
        return None
    return f"{ends}{generation.end_date_suffix}"


def _check(store: Store) -> tuple[bool, str]:
    if not store.get("remote_server"):
        return False, "ERR_IOT_HTTPS_CHECK_NO_SERVER"
    if not CERTIFICATE.exists():
        return False, NEED_REFRESH
    try:
        data = CERTIFICATE.read_bytes()
    except OSError:
        _old.exception("Unable to read certificate file")
        return False, "ERR_IOT_HTTPS_CHECK_CERT_READ_EXCEPTION"
    name, ends = _parse(data)
    limit = ends - MARGIN
    if name is None:
        raise UnboundLocalError("local variable 'cn' referenced before assignment")
    if name == TEMPORARY_NAME or dt.datetime.now() > limit:  # noqa: DTZ005 - local time, as there
        _old.info("Your certificate %s must be updated", name)
        return False, NEED_REFRESH
    return True, f"Your certificate {name} is valid until {limit}"


def _parse(data: bytes) -> tuple[str | None, dt.datetime]:
    certificate = x509.load_pem_x509_certificate(data)
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    name = str(names[0].value) if names else None
    aware: dt.datetime | None = getattr(certificate, "not_valid_after_utc", None)  # since cryptography 42
    return name, aware.replace(tzinfo=None) if aware else certificate.not_valid_after
