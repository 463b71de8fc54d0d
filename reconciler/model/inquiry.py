"""What a box was asked beyond a look: its DNS servers one by one, its database, the authority, its own log.

A look says what is wrong with a box; this says where the way from the box to its certificate, and from a till to the
box, breaks off. Nothing of it is written anywhere, and nothing of it is a secret.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .code_name import CodeName, Variant
from .statement import Statement


class Whose(StrEnum):
    """Who uses a DNS server, as far as is known."""

    BOX = "box"
    ROUTER = "router"
    CLIENTS = "clients"
    PUBLIC = "public"


class DnsOutcome(StrEnum):
    """What became of one question to one DNS server.

    `no_such_name`: NXDOMAIN, or a name without an IPv4 address. `failing`: it answers with an error of its own
    (SERVFAIL, REFUSED) or nonsense. `silent`: no answer in time, or nothing listens there.
    """

    ANSWERED = "answered"
    NO_SUCH_NAME = "no_such_name"
    FAILING = "failing"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class DnsAnswer:
    """One question to one DNS server: which IPv4 addresses does this name have?

    Args:
        server: its address.
        detail: what it said, where that was no address.
        others: what became of a public name at the same server; `None` where it was not asked for one.
    """

    server: str
    whose: Whose
    name: str
    outcome: DnsOutcome
    addresses: tuple[str, ...] = ()
    detail: str = ""
    others: DnsOutcome | None = None

    @property
    def works(self) -> bool:
        """Whether the server resolves names at all, by the public name where it was asked for one."""
        if self.others is None:
            return self.outcome not in (DnsOutcome.FAILING, DnsOutcome.SILENT)
        return self.others is DnsOutcome.ANSWERED


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whom a TLS certificate names. `names`: what it is valid for, the first few."""

    subject: str
    issuer: str
    names: tuple[str, ...] = ()
    self_signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One attempt to reach a web server from the box.

    Args:
        host: who was to be reached.
        name_failed: its name was not resolved, so nothing was tried.
        error: why there was no connection or no answer.
        untrusted: why the certificate that came back is not one of the host, in OpenSSL's words.
        by_date: it was refused for its dates, by the box's clock.
        holder: whom that certificate names.
        status: of the HTTP answer to a plain request for the front page; `None` where none was sent.
        maintenance: the answer says that the site is down for maintenance.
    """

    host: str
    name_failed: bool = False
    error: Statement | None = None
    untrusted: str | None = None
    by_date: bool = False
    holder: Holder | None = None
    status: int | None = None
    maintenance: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Eligibility:
    """What the authority said to one request with the box's credentials. The certificate it gave was dropped.

    Args:
        seen: the evidence, or how a grant is known.
        code: of the catalogue, `None` where a certificate was given.
        variant: which of the code's variants it is.
        asked: this box itself asked; otherwise another box of the same database, or the control machine, did.
    """

    seen: tuple[Statement, ...]
    code: CodeName | None = None
    variant: Variant | None = None
    asked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """A line of the vendor's log that stands for one of its six codes.

    Args:
        at: the time as the log writes it.
        status: the HTTP status in it, where it tells of one.
    """

    code: CodeName
    at: str
    text: str
    status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One finding of a run, as far as it is noted."""

    code: CodeName
    seen: tuple[Statement, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """What the last reconcile could not do. `left`: what was meant and stood on."""

    at: datetime
    failures: tuple[Failure, ...]
    left: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """All answers of one box.

    Args:
        database: `None` where the box is not linked.
        authority: `None` where the box does not ask it: not linked to us, access-point mode, source `relay`.
        log: the newest line for each code, newest first.
        own_words: what the vendor's status route says of the certificate, in its words.
        own_code: the code that they stand for, `None` for none.
        own_unread: why there are none.
        last_run: what a reconcile since the box's last boot could not do.
        unasked: why the rest was not asked.
    """

    dns: tuple[DnsAnswer, ...] = ()
    database: Contact | None = None
    authority: Contact | None = None
    eligibility: Eligibility | None = None
    log: tuple[LogEntry, ...] = ()
    own_words: str = ""
    own_code: CodeName | None = None
    own_unread: Statement | None = None
    last_run: LastRun | None = None
    unasked: Statement | None = None
