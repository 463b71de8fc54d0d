"""Codes about asking www.odoo.com for a certificate. The first three are the vendor's own."""

from __future__ import annotations

from typing import Final

from ..model.result import FindingClass, Severity
from .entry import Code, CodeName, Known, Variant

_BEYOND: Final = "These network matters are beyond Odoo's support: ask your network administrator."


def _inspected(opener: str) -> str:
    return (
        f"{opener} opens TLS and signs with an authority of its own. Exempt www.odoo.com (or the host that the "
        "evidence names) from that; or, where it is yours, put its authority into a file on the box and name it by "
        "iot_https_ca_file. If the named issuer is a public authority, the box's image is too old to know it: flash a "
        f"newer one. {_BEYOND}"
    )


CODES: Final = (
    Code(
        name=CodeName.LOAD_REQUEST_EXCEPTION,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        title="The box cannot reach www.odoo.com",
        cause="No Internet access, DNS that does not answer, or a firewall, VPN or proxy in between.",
        remedy="Let the box out to www.odoo.com, TCP port 443, and to its DNS servers, port 53. Some routers have a "
        "firewall of their own: look there too. These network matters are beyond Odoo's support: ask your network "
        "administrator.",
        anchor="err-iot-https-load-request-exception",
    ),
    Code(
        name=CodeName.LOAD_REQUEST_STATUS,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        title="www.odoo.com answers with an error status",
        cause="The website is down for maintenance, or a proxy answers in its place. A redirect is not followed and "
        "counts as such a status.",
        remedy="Open https://www.odoo.com in a browser. If it is under maintenance, wait; the next run asks again. If "
        "it works, open a ticket at https://www.odoo.com/help and give the 3-digit status.",
        anchor="err-iot-https-load-request-status",
        variants={
            Variant.MAINTENANCE: Known(
                remedy=(
                    "www.odoo.com is down for maintenance: wait until https://www.odoo.com opens in a browser again, "
                    "no ticket is needed. The box asks again by itself at midnight, and the next run of this program "
                    "does."
                )
            ),
            Variant.NO_MAINTENANCE: Known(
                remedy=(
                    "The website itself answers and is not under maintenance, so waiting does not help: open a ticket "
                    "at https://www.odoo.com/help and give the 3-digit status; the text is ready below."
                )
            ),
        },
    ),
    Code(
        name=CodeName.LOAD_REQUEST_NO_RESULT,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        title="www.odoo.com refuses a certificate for this database",
        cause="The database is not entitled: it is a copy, a staging or a test database, the subscription is not In "
        "Progress, or UUID and contract do not belong together.",
        remedy="Check that this is the production database and that its subscription is In Progress, and compare "
        "UUID and contract on the box's homepage (gear button, Credential). Since 2025 an IoT subscription line is no "
        "longer demanded by newer rules; older contracts may still need one. If all is right, open a ticket at "
        "https://www.odoo.com/help.",
        anchor="err-iot-https-load-request-no-result",
    ),
    Code(
        name=CodeName.ANSWER_NOT_FROM_ODOO,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        title="Something else answers in place of www.odoo.com",
        cause="The TLS certificate is not that of www.odoo.com, or the answer is not what it sends: a login page of "
        "the "
        "network, a firewall that opens TLS, or DNS that points elsewhere.",
        remedy="Exempt www.odoo.com from TLS inspection and the box from the login page; or give the authority of your "
        "own inspection by iot_https_ca_file. These network matters are beyond Odoo's support: ask your network "
        "administrator.",
        variants={
            Variant.INSPECTED: Known(remedy=_inspected("A firewall or proxy on the way")),
            Variant.INSPECTED_BY_PROXY: Known(remedy=_inspected("The proxy of iot_https_proxy")),
            Variant.ANOTHER_SERVER: Known(
                remedy="Another server answers in place of www.odoo.com: mostly the login page of a guest network, or "
                "DNS that points elsewhere. Let the box onto the network without a login page (by its MAC address), or "
                f"move it to another network. {_BEYOND}"
            ),
        },
    ),
)
