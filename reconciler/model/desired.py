"""What one box should be, and the request that carries it there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .admission import Admission
from .code_name import CodeName, Variant
from .marks import Mark, Marks
from .secret import Secret
from .statement import Statement

DEFAULT_AUTHORITY_URL = "https://www.odoo.com/odoo-enterprise/iot/x509"
"""Where every branch of the vendor's software asks for its certificate."""

DECLARING = ("server_url", "token", "db_name", "db_uuid", "enterprise_code", "resolvers", "client_resolvers")
"""What declares something. All else says whose a box is and where, how it is reached, or how something is done."""
SAYING_WHOSE = ("customer", "store", "serial")
"""What nobody sets for a host that is no box."""
DUE_AT_MOST_DAYS, OVERDUE_AT_MOST_DAYS = 8, 5
"""Days before its end at which a certificate is due, and overdue, at the earliest where nobody set them. The box renews
itself at ten; two days later it has had two midnights to do so."""

WIRE_VERSION = 2
"""Raised when a message changes in a way that an older reader would misunderstand."""


class CertificateSource(StrEnum):
    """Who fetches a certificate from the authority: our program on the box, the control machine, Odoo on the box."""

    DIRECT = "direct"
    RELAY = "relay"
    NATIVE = "native"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """The desired state of one box. `None` means: not managed, leave it as it is.

    Args:
        name: what the inventory calls the box.
        managed: whether it is a box that is to be looked after at all, whatever else is declared for it.
        own_servers: further database URLs of the same customer; a box that is linked to any other one is not
            touched unless `relink` says so.
        compared: what the control machine has to judge before a box is changed that shows something else than is
            declared, since other customers have such, too. No box is told what.
        copies: further server URLs to which the inventory gives a database of the same UUID.
        renew_before_days: days before `notAfter` at which we renew, `None` by lifetime. The box renews itself at 10.
        overdue_days: days before `notAfter` at which a renewal that did not happen is an error, `None` by lifetime.
    """

    name: str
    customer: str | None = None
    store: str | None = None
    serial: str | None = None
    server_url: str | None = None
    token: Secret | None = None
    db_name: str | None = None
    db_uuid: Secret | None = None
    enterprise_code: Secret | None = None
    resolvers: tuple[str, ...] | None = None
    client_resolvers: tuple[str, ...] | None = None
    renew_before_days: int | None = None
    overdue_days: int | None = None
    certificate_source: CertificateSource = CertificateSource.DIRECT
    authority_url: str = DEFAULT_AUTHORITY_URL
    ca_file: str | None = None
    proxy: Secret | None = None
    homepage_port: int = 8069
    https_port: int = 443
    managed: bool = True
    own_servers: tuple[str, ...] = ()
    compared: tuple[Mark, ...] = ()
    copies: tuple[str, ...] = ()
    relink: bool = False

    @property
    def declares_something(self) -> bool:
        """Whether there is anything that the box should be; with nothing to compare with, it is never in sync."""
        return self.managed and any(getattr(self, name) is not None for name in DECLARING)

    @property
    def said_of_it(self) -> tuple[str, ...]:
        """What says that it is a box of ours although nothing says what it should be."""
        return tuple(name for name in SAYING_WHOSE if self.managed and getattr(self, name) is not None)


class Mode(StrEnum):
    """Look only, look and mend, or look and ask on until the cause is known."""

    CHECK = "check"
    RECONCILE = "reconcile"
    DIAGNOSE = "diagnose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relayed:
    """What the authority answered to the control machine, which asked once for all boxes of a database."""

    subject: str
    certificate_pem: str
    key_pem: Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why there is no certificate for a database in this run: a code of the catalogue, its variant, the evidence."""

    code: CodeName
    seen: tuple[Statement, ...]
    variant: Variant | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What the box program is asked to do.

    Args:
        refusal: the authority is not asked for this box, since it was for another box of the same database.
        relayed: the pair to use where the desired source is `relay`.
        judged: what the box showed when the control machine found it to be nobody else's; `None` before that.
        granted: how it is known that the authority gives certificates for this database; it is not asked again then.
            Empty where it is not known.
        seal_to: public key of who asks for the box's credentials, which come back sealed with it; `None` where nobody
            does.
        deadline_seconds: when the program on the box must have finished or undone its work.
        sent_at: the control machine's clock when it sent this, for judging the box's; `None` where both are the same.
        admission: a key that is let in or no longer; then this alone is done, and nothing is looked at or mended.
    """

    desired: Desired
    mode: Mode = Mode.CHECK
    deadline_seconds: float = 240.0
    sent_at: datetime | None = None
    refusal: Refusal | None = None
    relayed: Relayed | None = None
    granted: tuple[Statement, ...] = ()
    judged: Marks | None = None
    admission: Admission | None = None
    seal_to: str | None = None
    version: int = WIRE_VERSION
