"""Codes about what a till or a payment terminal sees: the box looked at over the network."""

from __future__ import annotations

from typing import Final

from ...model.code_name import CodeName, Variant
from ...model.operating_system import OperatingSystem
from ...model.severity import FindingClass, Severity
from ...model.step_name import StepName
from ..entry import Code, Origin, Otherwise, Trait, VariantEntry
from ..phrases import windows
from .clients import DEVICES

_PORT: Final = {"at": "port {port}:", "listens_only": "on the box {program} listens on {addresses} only"}

CODES: Final = (
    Code(
        name=CodeName.HTTPS_UNREACHABLE,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.OUTSIDE,
        title="HTTPS on the box cannot be reached from outside",
        cause="The box serves HTTPS, and a firewall or router between it and the observer lets nothing through.",
        remedy="Let tills and terminals reach the box on TCP port 443. These network matters are beyond Odoo's "
        "support: ask your network administrator.",
        variants={
            Variant.LISTENS_ELSEWHERE: VariantEntry(
                remedy="nginx on the box is configured to listen on other addresses only: in the line listen 443 of "
                "its configuration leave the address out, then `sudo nginx -t` and `sudo service nginx restart` on "
                "the box.",
                on={
                    OperatingSystem.WINDOWS: Otherwise(
                        remedy="nginx on the box is configured to listen on other addresses only: in the line listen "
                        f"443 of nginx.conf leave the address out, then {windows.RESTARTED}"
                    )
                },
            )
        },
        sentences={**_PORT, "no_handshake": "no handshake"},
        shows="the port and what happened to the connection",
        origin=Origin.OUTSIDE,
        on={
            OperatingSystem.WINDOWS: Otherwise(
                remedy=f"{windows.ALLOW}, and in any router in between. These network matters are beyond Odoo's "
                "support: ask your network administrator.",
                recipes=(windows.FIREWALL_LINE,),
            )
        },
    ),
    Code(
        name=CodeName.OTHER_CERTIFICATE_OUTSIDE,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.OUTSIDE,
        title="Tills get another certificate than the box presents",
        cause="Another device has the address, or a firewall in between opens TLS with a certificate of its own.",
        remedy="Find out which device answers on port 443 of this address; exempt the box from TLS inspection. Ask "
        "your network administrator.",
        sentences={
            "presents": "port {port} presents {subject:or no name}, issued by {issuer:or nobody}",
            "presents_undecoded": "port {port} presents a certificate that cannot be decoded",
        },
        shows="the port, and whom the certificate names that came back",
        origin=Origin.OUTSIDE,
    ),
    Code(
        name=CodeName.HTTPS_UNTRUSTED,
        severity=Severity.WARNING,
        finding_class=FindingClass.BLOCKED,
        step=StepName.OUTSIDE,
        title="The certificate is not accepted from outside",
        cause="The observer asked for the box by its name and does not trust what came back, although the box does: "
        "the two know different authorities.",
        remedy="Open the box's HTTPS address in a till's browser. If that works, update the authorities of the "
        "control machine.",
        sentences={"asked_for_as": "asked for as {name:or no name}: {reason}"},
        shows="the name that was asked for and why the certificate is not accepted",
        origin=Origin.OUTSIDE,
    ),
    Code(
        name=CodeName.HOMEPAGE_UNREACHABLE,
        severity=Severity.WARNING,
        finding_class=FindingClass.BLOCKED,
        step=StepName.OUTSIDE,
        title="The box's homepage cannot be reached from outside",
        cause="Odoo answers on the box itself. Where the evidence does not name another cause on the box, a firewall "
        "or router between it and the observer lets nothing through to port 8069.",
        remedy="Let tills reach the box on TCP port 8069 too, or plan without it. Ask your network administrator.",
        variants={
            Variant.ANOTHER_SERVER: VariantEntry(
                remedy="Something else answers there, and on the box itself Odoo does: find out which device or proxy "
                "answers on port 8069 of this address. Ask your network administrator."
            ),
            Variant.LISTENS_ELSEWHERE: VariantEntry(
                remedy="Nothing where tills use the box's HTTPS name or port 80: nginx passes them on, and from 19.1 "
                "on Odoo listens for nginx alone by default. To open port 8069, set http_interface = 0.0.0.0 in "
                "section [options] of /home/pi/odoo.conf on the box, then run: `sudo service odoo restart`.",
                on={
                    OperatingSystem.WINDOWS: Otherwise(
                        remedy="To open port 8069, set http_interface = 0.0.0.0 in section [options] of "
                        f"{windows.CONFIGURATION}, then {windows.RESTARTED}"
                    )
                },
            ),
        },
        sentences={
            **_PORT,
            "no_http": "what answers is not HTTP",
            "no_answer": "the connection ended without an answer",
            "http_status": "HTTP status {status}",
            "no_box": "what answers is not an IoT box",
        },
        shows="the port and what happened to the connection",
        origin=Origin.OUTSIDE,
        on={
            OperatingSystem.WINDOWS: Otherwise(
                remedy=f"{windows.ALLOW}, and in any router in between. Ask your network administrator.",
                recipes=(windows.FIREWALL_LINE,),
            )
        },
    ),
    Code(
        name=CodeName.NAME_NOT_RESOLVED,
        severity=Severity.WARNING,
        finding_class=FindingClass.BLOCKED,
        step=StepName.CLIENT_DNS,
        title="The box's odoo-iot.com name cannot be looked up from here",
        cause="The DNS that the observer uses drops public names which lead to private addresses (rebind protection), "
        "or does not answer. The observer's DNS may differ from that of the tills.",
        remedy="If a till shows DNS_PROBE_FINISHED_NXDOMAIN, use Google DNS (8.8.8.8, 8.8.4.4) on the router or on the "
        "till, or exempt odoo-iot.com from rebind protection. Ask your network administrator.",
        variants={
            Variant.OWN_DNS_FAILS: VariantEntry(
                remedy="Repair the DNS of the control machine, then look again: it says nothing of the tills' DNS now. "
                "To have the box ask their servers, name them in iot_https_client_resolvers."
            )
        },
        recipes=DEVICES,
        sentences={
            "nowhere": "{name} leads nowhere, it should lead to {own}",
            "nor_public_names": ", and public names lead nowhere from here either",
        },
        shows="the name and the address to which it should lead",
        traits=(Trait.BY_OWN_DNS,),
        origin=Origin.OUTSIDE,
    ),
    Code(
        name=CodeName.NAME_LEADS_ELSEWHERE,
        severity=Severity.WARNING,
        finding_class=FindingClass.BLOCKED,
        step=StepName.CLIENT_DNS,
        title="The box's odoo-iot.com name leads to another address",
        cause="The name holds the address of the box, and DNS answers another one: something in between rewrites DNS "
        "answers.",
        remedy="Use Google DNS (8.8.8.8, 8.8.4.4) on the router or on the till. Ask your network administrator.",
        recipes=DEVICES,
        sentences={"leads_to": "{name} leads to {addresses}, it should lead to {own}"},
        shows="the name, the address to which it leads and the one to which it should",
        traits=(Trait.BY_OWN_DNS,),
        origin=Origin.OUTSIDE,
    ),
)
