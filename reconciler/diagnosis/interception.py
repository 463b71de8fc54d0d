"""Who answers in place of www.odoo.com, told by the certificate that came back."""

from __future__ import annotations

from ..codes import Variant
from ..model.inquiry import Contact, Holder


def explain(contact: Contact, *, through_proxy: bool) -> tuple[str, Variant | None]:
    """Return evidence and variant for an answer over TLS that is not the authority's.

    Args:
        through_proxy: the box reaches it through a proxy of the inventory.
    """
    who, host = contact.holder, contact.host
    proxied = "through iot_https_proxy, " if through_proxy else ""
    if who is None:
        return f"{proxied}the certificate that came back is not one of {host}: {contact.untrusted}", None
    shown = f"{who.names[0] if who.names else who.subject}, issued by {who.issuer}"
    evidence = f"{proxied}what came back is a certificate for {shown} ({contact.untrusted})"
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
