"""What the vendor's program has stored of link and credentials."""

from __future__ import annotations

from dataclasses import dataclass

from ..secret import Secret
from ..statement import Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The values that the box keeps: link to its database, credentials, certificate subject.

    Args:
        place: the file, or the folder of the files, in which `malformed` and `warnings` were seen.
        unreadable: the file could not be opened (path, and reason in the kernel's words).
        malformed: why the vendor's program cannot read what is there, as `codes.store` words it; empty when it can.
        warnings: what is wrong without stopping the vendor's program.
    """

    server_url: str | None = None
    token: Secret | None = None
    db_name: str | None = None
    db_uuid: Secret | None = None
    enterprise_code: Secret | None = None
    subject: str | None = None
    place: str | None = None
    unreadable: Statement | None = None
    malformed: tuple[Statement, ...] = ()
    warnings: tuple[Statement, ...] = ()
