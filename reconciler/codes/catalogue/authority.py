"""Codes about asking www.odoo.com for a certificate. The first three are the vendor's own."""

from __future__ import annotations

from typing import Final

from ...model.code_name import CodeName, Variant
from ...model.operating_system import OperatingSystem
from ...model.severity import FindingClass, Severity
from ...model.step_name import StepName
from ..entry import Code, Origin, Otherwise, Trait, VariantEntry
from ..phrases.asking import ASKING
from ..phrases.repairing import OFFERED

_BEYOND: Final = "These network matters are beyond Odoo's support: ask your network administrator."
_RELAY: Final = (
    "If the store's firewall cannot be changed, set iot_https_certificate_source to relay (experimental): the control "
    "machine then fetches the certificate for the box."
)
_TICKET: Final = "open a ticket at https://www.odoo.com/help and quote the refusal"
_IN_PROGRESS: Final = (
    "check that this is the production database, that its subscription is In Progress, and that UUID and contract on "
    "the box's homepage (gear button, Credential) are those of this database"
)
_ASK_AGAIN: Final = "Then run again: www.odoo.com is asked again at once."


def _without_relay(remedy: str) -> dict[OperatingSystem, Otherwise]:
    """A box under Windows fetches its certificate itself: nothing but its own software writes there."""
    return {OperatingSystem.WINDOWS: Otherwise(remedy=f"{remedy} {_BEYOND}")}


def _inspected(opener: str) -> str:
    return (
        f"{opener} opens TLS and signs with an authority of its own. Exempt www.odoo.com (or the host that the "
        "evidence names) from that; or, where it is yours, put its authority into a file on the box and name it by "
        "iot_https_ca_file. If the named issuer is a public authority, the box's image is too old to know it: flash a "
        f"newer one. {_RELAY} {_BEYOND}"
    )


_INSPECTED_ON_WINDOWS: Final = _without_relay(
    "A firewall, proxy or virus scanner opens TLS and signs with an authority of its own. Exempt www.odoo.com (or the "
    "host that the evidence names) from that. If the named issuer is a public authority, Odoo IoT on the PC is too old "
    "to know it: install a newer one."
)


_REFUSALS: Final = {
    Variant.NO_IOT_SUBSCRIPTION: VariantEntry(
        when="The refusal says that there is no IoT Box subscription",
        title="www.odoo.com finds no IoT Box subscription for this database",
        cause="The database's subscription has no IoT Box line, or the line was added to another database's.",
        remedy="Odoo's pages disagree here: the page up to 18.0 asks for an IoT Box subscription line, the newer ones "
        "only for a production database whose subscription is In Progress. The refusal goes by the older rule, so "
        "look at the subscription of this database for an IoT Box line and add one; then run again, which asks at "
        f"once. If there is one, or your contract should not need one, {_TICKET}.",
    ),
    Variant.NOT_IN_PROGRESS: VariantEntry(
        when="The refusal says that the subscription is not In Progress",
        title="The database's subscription is not In Progress",
        cause="The subscription has ended, is paused, or waits for a payment or a renewal.",
        remedy="Have the customer renew or pay the subscription of this database; its status on www.odoo.com must be "
        f"In Progress. {_ASK_AGAIN} If it is In Progress, {_TICKET}.",
    ),
    Variant.UNKNOWN_DATABASE: VariantEntry(
        when="The refusal says that the database is not known",
        title="www.odoo.com does not know this database",
        cause="The UUID is mistyped, or it belongs to a database that was never registered or that is gone.",
        remedy="Compare the database UUID in iot_https_db_uuid and on the box's homepage (gear button, Credential) "
        "with the one in the database (developer mode, Settings > Technical > System Parameters, database.uuid). "
        f"If they are the same, register the database with its subscription. {_ASK_AGAIN}",
    ),
    Variant.NOT_PRODUCTION: VariantEntry(
        when="The refusal says that the database is a copy or for tests",
        title="www.odoo.com gives certificates to production databases only",
        cause="The database is a copy, a duplicate, a staging or a development database, or it kept the UUID of the "
        "one from which it was copied.",
        remedy="Link the box to the production database. If this is the production database and another one is its "
        f"copy, give the copy a UUID of its own; then {_TICKET}.",
    ),
    Variant.OTHER_CONTRACT: VariantEntry(
        when="The refusal says that the contract is not the database's",
        title="The contract number does not belong to this database",
        cause="The contract number (enterprise code) is mistyped, or it is another database's.",
        remedy="Compare iot_https_enterprise_code, and the contract on the box's homepage (gear button, Credential), "
        f"with the subscription of this database. {_ASK_AGAIN}",
    ),
    Variant.ASKED_TOO_OFTEN: VariantEntry(
        when="The refusal says that there were too many requests",
        title="www.odoo.com was asked for too many certificates",
        cause="Many requests for the same database in a short time, of this program or of the boxes themselves.",
        remedy="Wait: the box asks again at midnight, and the next scheduled run of this program does. If this goes on "
        f"for a week, {_TICKET}.",
    ),
    Variant.SERVER_ERROR: VariantEntry(
        when="www.odoo.com reports an error of its own instead of a refusal",
        title="www.odoo.com reports an error of its own",
        cause="The request arrived and the program on www.odoo.com failed over it. This says nothing of the "
        "subscription or of the network.",
        remedy="Wait a day: the next scheduled run asks again. If the error is still there, open a ticket at "
        "https://www.odoo.com/help and quote it.",
    ),
    Variant.UNUSABLE: VariantEntry(
        when="www.odoo.com gave a certificate that cannot be used",
        title="The certificate that www.odoo.com gave cannot be used",
        cause="The answer holds a certificate or a key that no client would accept; the evidence names why.",
        remedy="Nothing was installed, and the box keeps what it has. The next scheduled run asks again; if it gets "
        "the same, open a ticket at https://www.odoo.com/help and quote the evidence.",
    ),
}


CODES: Final = (
    Code(
        name=CodeName.LOAD_REQUEST_EXCEPTION,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.AUTHORITY,
        title="The box cannot reach www.odoo.com",
        cause="No Internet access, DNS that does not answer, or a firewall, VPN or proxy in between.",
        remedy="Allow outbound TCP port 443 from the box to www.odoo.com, and port 53 to its DNS servers. Some routers "
        f"have a firewall of their own: look there too. {_RELAY} {_BEYOND}",
        on={
            OperatingSystem.WINDOWS: Otherwise(
                remedy="Allow outbound TCP port 443 from the box to www.odoo.com, and port 53 to its DNS servers, also "
                "in its Windows firewall and virus scanner. Some routers have a firewall of their own: look there too. "
                f"{_BEYOND}",
            )
        },
        anchor="err-iot-https-load-request-exception",
        sentences=ASKING,
        variants={
            Variant.CONTROL_MACHINE: VariantEntry(
                when="The control machine asks (relay)",
                title="The control machine cannot reach www.odoo.com",
                cause="This box's certificate is fetched by the control machine (iot_https_certificate_source: relay), "
                "and that has no Internet access, DNS that does not answer, or a firewall, VPN or proxy in between.",
                remedy="Allow outbound TCP port 443 from the control machine to www.odoo.com, and check its DNS "
                "servers; nothing is wrong at the box or in its store. Then run again.",
            )
        },
        shows="the host, and what happened: no name, no connection, no answer in time",
        traits=(Trait.IN_VENDOR_LOG, Trait.AUTHORITY_FAILS),
        origin=Origin.REPAIR,
    ),
    Code(
        name=CodeName.LOAD_REQUEST_STATUS,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.SITE,
        title="www.odoo.com answers with an error status",
        cause="The website is down for maintenance, or a proxy answers in its place. A redirect is not followed and "
        "counts as such a status.",
        remedy="Open https://www.odoo.com in a browser. If it is under maintenance, wait; the next run asks again. If "
        "it works, open a ticket at https://www.odoo.com/help and give the 3-digit status.",
        anchor="err-iot-https-load-request-status",
        sentences=ASKING,
        variants={
            Variant.MAINTENANCE: VariantEntry(
                remedy=(
                    "www.odoo.com is down for maintenance: wait until https://www.odoo.com opens in a browser again, "
                    "no ticket is needed. The box asks again by itself at midnight, and the next run of this program "
                    "does."
                )
            ),
            Variant.NO_MAINTENANCE: VariantEntry(
                remedy=(
                    "The website itself answers and is not under maintenance, so waiting does not help: open a ticket "
                    "at https://www.odoo.com/help and give the 3-digit status; the text is ready below."
                )
            ),
        },
        shows="the 3-digit status and its words, and whether the front page is down as well",
        traits=(Trait.IN_VENDOR_LOG, Trait.AUTHORITY_FAILS),
        origin=Origin.REPAIR,
    ),
    Code(
        name=CodeName.LOAD_REQUEST_NO_RESULT,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.ELIGIBILITY,
        title="www.odoo.com refuses a certificate for this database",
        cause="The database is not entitled: it is a copy, a staging or a test database, the subscription is not In "
        "Progress, or UUID and contract do not belong together.",
        remedy=f"The refusal does not say clearly why: {_IN_PROGRESS}. The page up to 18.0 also asks for an IoT Box "
        f"subscription line, which the newer pages no longer do. If all is right, {_TICKET}.",
        anchor="err-iot-https-load-request-no-result",
        sentences={**ASKING, **OFFERED},
        variants=_REFUSALS,
        shows="the refusal in Odoo's own words, and the line of the box's log that says the same",
        traits=(Trait.IN_VENDOR_LOG,),
        origin=Origin.REPAIR,
    ),
    Code(
        name=CodeName.ANSWER_NOT_FROM_ODOO,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.AUTHORITY,
        title="Something else answers in place of www.odoo.com",
        cause="The TLS certificate is not that of www.odoo.com, or the answer is not what it sends: a login page of "
        "the network, a TLS-inspecting firewall, or DNS that points elsewhere.",
        remedy="Exempt www.odoo.com from TLS inspection and the box from the login page; or give the authority of your "
        f"own inspection by iot_https_ca_file. {_RELAY} {_BEYOND}",
        on={
            OperatingSystem.WINDOWS: Otherwise(
                remedy="Exempt www.odoo.com from TLS inspection, also by a virus scanner on the box, and the box from "
                f"the login page. {_BEYOND}"
            )
        },
        sentences=ASKING,
        variants={
            Variant.INSPECTED: VariantEntry(
                remedy=_inspected("A firewall or proxy on the way"), on=_INSPECTED_ON_WINDOWS
            ),
            Variant.INSPECTED_BY_PROXY: VariantEntry(
                remedy=_inspected("The proxy of iot_https_proxy"), on=_INSPECTED_ON_WINDOWS
            ),
            Variant.ANOTHER_SERVER: VariantEntry(
                remedy="Another server answers in place of www.odoo.com: mostly the login page of a guest network, or "
                "DNS that points elsewhere. Let the box onto the network without a login page (by its MAC address), or "
                f"move it to another network. {_RELAY} {_BEYOND}",
                on=_without_relay(
                    "Another server answers in place of www.odoo.com: mostly the login page of a guest network, or DNS "
                    "that points elsewhere. Let the box onto the network without a login page (by its MAC address), or "
                    "move it to another network."
                ),
            ),
            Variant.OUT_OF_DATE: VariantEntry(
                when="The certificate that came back is out of date, and the box's clock is right",
                remedy="The certificate that came back has ended or is not valid yet. Open https://www.odoo.com in a "
                "browser behind the same router: if it warns as well, wait until www.odoo.com has renewed it, or have "
                f"the firewall that shows it exempt www.odoo.com. {_RELAY} {_BEYOND}",
                on=_without_relay(
                    "The certificate that came back has ended or is not valid yet. Open https://www.odoo.com in a "
                    "browser on the box: if it warns as well, wait until www.odoo.com has renewed it, or have the "
                    "firewall that shows it exempt www.odoo.com."
                ),
            ),
            Variant.CONTROL_MACHINE: VariantEntry(
                when="The control machine asks (relay)",
                title="Something else answers the control machine in place of www.odoo.com",
                cause="This box's certificate is fetched by the control machine (iot_https_certificate_source: relay). "
                "What answers it is not www.odoo.com: a TLS-inspecting firewall, a proxy, a login page, or DNS that "
                "points elsewhere.",
                remedy="Exempt www.odoo.com from TLS inspection for the control machine, or name a file there with "
                "the inspecting authority in iot_https_ca_file. If the evidence speaks of dates, look at its clock "
                "(timedatectl) first. Nothing is wrong at the box or in its store.",
            ),
        },
        shows="whose certificate came back and who issued it, or how the answer begins",
        traits=(Trait.AUTHORITY_FAILS,),
        origin=Origin.REPAIR,
    ),
)
