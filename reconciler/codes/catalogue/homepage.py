"""Codes about boxes that are reached by their homepage alone: whether it answers, and what their own software does."""

from __future__ import annotations

from typing import Final

from ...model.code_name import CodeName, Variant
from ...model.severity import FindingClass, Severity
from ...model.step_name import StepName
from ..entry import Blocks, Code, Origin, Reached, Trait, VariantEntry

_ANSWERED: Final = {
    "unanswered": "{host} port {port}: {reason:or no answer}",
    "no_page_of_a_box": "{host} port {port} answers, and not as an IoT box does: {reason:or no page of one}",
    "unfit": "its status page: {reason:or no answer}",
}

CODES: Final = (
    Code(
        name=CodeName.HOMEPAGE_SILENT,
        severity=Severity.ERROR,
        finding_class=FindingClass.UNKNOWN,
        step=StepName.REACHABLE,
        title="The box's homepage does not answer",
        cause="The box is switched off, offline or has another address, Odoo on it is down, or a firewall or VPN in "
        "between drops the packets. The homepage is the only way to a box of iot_https_connection homepage.",
        remedy="Ask the shop whether the box has power and network. If it has, check its address and the VPN to the "
        "shop, TCP port 8069; on Windows, its firewall must allow 8069 and 443.",
        sentences=_ANSWERED,
        shows="address and port, and what happened to the connection",
        reached=Reached.NOTHING,
        origin=Origin.CONNECTION,
    ),
    Code(
        name=CodeName.NOT_A_BOX,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.REACHABLE,
        title="Something that is no IoT box answers at this address",
        cause="Another device has the address, a login page of the network stands in between, or the box runs an Odoo "
        "without the modules of an IoT box.",
        remedy="Nothing was changed. Open the address in a browser of the shop. Correct ansible_host or "
        "iot_https_homepage_port, or reserve a fixed address for the box in the router's DHCP settings.",
        sentences=_ANSWERED,
        shows="address and port, and how the answer differs from a box's",
        reached=Reached.BOX,
        origin=Origin.CONNECTION,
        traits=(Trait.FAILS,),
    ),
    Code(
        name=CodeName.STATUS_PAGE_FAILS,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.LINK,
        title="The box's own status page fails",
        cause="Up to 18.0 the page asks www.odoo.com itself where a certificate is due, and fails at an answer that it "
        "does not expect; it also fails where a program is missing on the box, such as that for Wi-Fi.",
        remedy="Nothing was changed, since which box this is and to what it is linked stands on that page. Check UUID "
        "and contract of the database and its subscription, restart the box, and run again. If it stays, only the "
        "box's log tells why: give this program an SSH connection to the box.",
        sentences=_ANSWERED,
        shows="what the page answers",
        blocks=Blocks.REPAIRS,
    ),
    Code(
        name=CodeName.NATIVE_RENEWAL_FAILED,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.ELIGIBILITY,
        title="The box's own software did not get a certificate",
        cause="It was made to ask www.odoo.com, and presents no newer certificate since. Its Internet access, the "
        "database's subscription, UUID and contract, or files that it cannot write are the usual reasons.",
        remedy="Check that the box reaches www.odoo.com on TCP port 443, that this is the production database with a "
        "subscription that is In Progress, and UUID and contract. The box's log (homepage, Technical) has the reason.",
        sentences={
            **_ANSWERED,
            "nothing_new": "no newer certificate within {seconds:whole} s, and this branch does not say why",
            "own_words": "its own page says: {text}",
        },
        shows="what the box's own page says, where it says anything",
        origin=Origin.REPAIR,
        variants={
            Variant.STATUS_FAILED: VariantEntry(
                when="The status page fails where it should say why",
                cause="The box asked www.odoo.com, and its own page then failed over the answer, as pages up to 18.0 "
                "do where www.odoo.com refuses or reports an error of its own.",
            )
        },
        traits=(Trait.ASKED_IN_VAIN,),
    ),
)
