"""Who answers in place of www.odoo.com, told by the certificate that came back."""

from __future__ import annotations

from ..model.inquiry import Contact, Holder

_BEYOND = "These network matters are beyond Odoo's support: ask your network administrator."


def explain(contact: Contact, *, through_proxy: bool) -> tuple[str, str]:
    """Return evidence and remedy for an answer over TLS that is not the authority's.

    Args:
        through_proxy: the box reaches it through a proxy of the inventory.
    """
    who, host = contact.holder, contact.host
    proxied = "through iot_https_proxy, " if through_proxy else ""
    if who is None:
        evidence = f"{proxied}the certificate that came back is not one of {host}: {contact.untrusted}"
        return evidence, f"Exempt {host} from TLS inspection and the box from login pages. {_BEYOND}"
    shown = f"{who.names[0] if who.names else who.subject}, issued by {who.issuer}"
    evidence = f"{proxied}what came back is a certificate for {shown} ({contact.untrusted})"
    if covers(who, host):
        return evidence, _inspected(host, through_proxy=through_proxy)
    return evidence, (
        f"Another server answers in place of {host}: mostly the login page of a guest network, or DNS that points "
        f"elsewhere. Let the box onto the network without a login page (by its MAC address), or move it to another "
        f"network. {_BEYOND}"
    )


def _inspected(host: str, *, through_proxy: bool) -> str:
    opener = "The proxy of iot_https_proxy" if through_proxy else "A firewall or proxy on the way"
    return (
        f"{opener} opens TLS and signs with an authority of its own. Exempt {host} from that; or, where it is yours, "
        "put its authority into a file on the box and name it by iot_https_ca_file. If the named issuer is a public "
        f"authority, the box's image is too old to know it: flash a newer one. {_BEYOND}"
    )


def covers(who: Holder, host: str) -> bool:
    """Tell whether a certificate says of itself that it is one of a host; a star stands for one label."""
    wanted = host.lower()
    parent = wanted.partition(".")[2]
    return any(name.lower() in (wanted, f"*.{parent}") for name in who.names)
