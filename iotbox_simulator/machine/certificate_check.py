"""How the vendor's program looks at the installed certificate: at its common name and its end, and at nothing else."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum

from cryptography import x509
from cryptography.x509.oid import NameOID

from reconciler.machine.leaf import dates

from ..pki import TEMPORARY_NAME
from .image import CERTIFICATE
from .odoo import Odoo

MARGIN = timedelta(days=10)


class State(Enum):
    """What the check comes to, up to 18.0."""

    OK = 1
    NEED_REFRESH = 2
    ERROR = 3


def check(odoo: Odoo) -> tuple[State, str]:
    """Check as the code up to 18.0 does; the text is what its homepage shows.

    Raises:
        ValueError: what is installed is not a certificate. The vendor catches that nowhere.
        UnboundLocalError: the certificate has no common name.
    """
    if not odoo.store.get("remote_server"):
        return State.ERROR, "ERR_IOT_HTTPS_CHECK_NO_SERVER"
    try:
        name, ends = _read(odoo)
    except FileNotFoundError:
        return State.NEED_REFRESH, ""
    except OSError:
        return State.ERROR, "ERR_IOT_HTTPS_CHECK_CERT_READ_EXCEPTION"
    if name is None:
        raise UnboundLocalError("local variable 'cn' referenced before assignment")
    if name == TEMPORARY_NAME or _local(odoo) > ends - MARGIN:
        return State.NEED_REFRESH, ""
    return State.OK, f"Your certificate {name} is valid until {ends - MARGIN}"


def end_date(odoo: Odoo) -> str | None:
    """Return the true end of a certificate with more than ten days left, as the newer code does.

    Raises:
        OSError: the file is there and cannot be read.
    """
    try:
        name, ends = _read(odoo)
    except FileNotFoundError:
        return None
    except ValueError as error:
        odoo.print(f"Unable to read certificate file.\nTraceback (most recent call last):\n{error}\n")
        return None
    now = odoo.clock.true_time() + timedelta(seconds=odoo.clock.skew)
    utc = bool(odoo.image.code.end_date_suffix)
    if name == TEMPORARY_NAME or (now.replace(tzinfo=None) if utc else _local(odoo)) > ends - MARGIN:
        return None
    return f"{ends}{odoo.image.code.end_date_suffix}"


def _read(odoo: Odoo) -> tuple[str | None, datetime]:
    certificate = x509.load_pem_x509_certificate(odoo.store.files.read(CERTIFICATE))
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    name = str(names[0].value) if names else None
    return name, dates(certificate)[1].replace(tzinfo=None)


def _local(odoo: Odoo) -> datetime:
    """Return the local time without a zone, which the vendor compares to a time in UTC."""
    return odoo.clock.now().replace(tzinfo=None)
