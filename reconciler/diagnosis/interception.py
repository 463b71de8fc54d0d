"""Who answers in place of www.odoo.com, told by the certificate that came back."""

from __future__ import annotations

from ..codes import Variant
from ..model.inquiry import Contact, Holder
from ..model.statement import Statement, say


def explain(contact: Contact, *, through_proxy: bool) -> tuple[Statement, Variant | None]:
    """Return evidence and variant for an answer over TLS that is not the authority's.

    Args:
        through_proxy: the box reaches it through a proxy of the inventory.
    """
    who, host = contact.holder, contact.host
    if who is None:
        says = "not_of_host_through_proxy" if through_proxy else "not_of_host"
        return say(says, host=host, reason=contact.untrusted), None
    evidence = say(
        "came_through_proxy" if through_proxy else "came",
        name=who.names[0] if who.names else who.subject,
        issuer=who.issuer,
        reason=contact.untrusted,
    )
    if not covers(who, host):
        return evidence, Variant.ANOTHER_SERVER
    if contact.by_date:
        return evidence, Variant.OUT_OF_DATE
    return evidence, Variant.INSPECTED_BY_PROXY if through_proxy else Variant.INSPECTED


def covers(who: Holder, host: str) -> bool:
    """Tell whether a certificate says of itself that it is one of a host; a star stands for one label."""
    wanted = host.lower()
    parent = wanted.partition(".")[2]
    return any(name.lower() in (wanted, f"*.{parent}") for name in who.names)
