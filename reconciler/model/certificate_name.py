"""The name by which clients ask for a box: one answer for the look, the trial, the probe, the store and the report.

Clients go by the names in the certificate's extension and have not read its common name for years; authorities leave
that out of more and more certificates. It counts only where there are no other names.
"""

from __future__ import annotations

from collections.abc import Sequence

_WILDCARD = "*."


def certificate_name(names: Sequence[str], common_name: str | None) -> str | None:
    """Return the name that a certificate is for: a wildcard, if there is one, and rather that of the common name.

    Args:
        names: DNS names of the extension, in its order.
    """
    wildcards = [name for name in names if name.startswith(_WILDCARD)]
    candidates = wildcards or [*names]
    if common_name is not None and (not candidates or common_name in candidates):
        return common_name
    return candidates[0] if candidates else None


def client_name(host: str, name: str | None) -> str:
    """Return the name under which clients ask for the box: the wildcard's star replaced by the dashed address."""
    return f"{host}{name[1:]}" if name and name.startswith(_WILDCARD) else name or host


def public_name(host: str, name: str | None) -> str | None:
    """Return the same where it is the box's own name, `None` before it has a certificate of its own."""
    return client_name(host, name) if name and name.startswith(_WILDCARD) else None


def same_name(one: str, other: str) -> bool:
    """Tell whether DNS holds two names for one."""
    return one.casefold().rstrip(".") == other.casefold().rstrip(".")
