"""Codes about the box's own DNS servers. What the shop's tills use is another matter and has no code here."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ...model.code_name import CodeName, Variant
from ...model.digests import Concern
from ...model.operating_system import OperatingSystem
from ...model.repair import RepairKind
from ...model.severity import FindingClass, Severity
from ...model.step_name import StepName
from ..entry import MOVED, Code, Otherwise, VariantEntry
from ..phrases import windows
from ..phrases.dns import DNS_ANSWERS
from ..phrases.repairing import KEPT
from ..phrases.resolver_writers import WRITERS

_TESTED: Final = "Or leave iot_https_resolvers out, and the box's DNS servers are only tested."
_BOTH: Final = (
    "What is changed below /etc must be changed below /root_bypass_ramdisks/etc too, or a restart takes it back."
)

_ASKS: Final = {"asks": "the box asks {servers:or no DNS server}, it should ask {wanted:or no DNS server}"}

SIGNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "shown_by_file": "({path} is there)",
        "shown_by_process": "({name} runs, process {pid})",
        "shown_by_link": "(it is a link to {target})",
        "shown_by_comment": "(its comment: {text})",
    }
)
"""Of what shows that a program writes `/etc/resolv.conf`."""

CODES: Final = (
    Code(
        name=CodeName.RESOLVERS_DO_NOT_WORK,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.BOX_DNS,
        title="The box cannot look up www.odoo.com",
        cause="The box's DNS servers do not answer. Often a firewall lets only the router's own DNS through, while "
        "boxes from image 24.10 on ask 1.1.1.1 and 8.8.8.8 and ignore what the router offers.",
        remedy="Let the box out to its DNS servers (UDP and TCP port 53), or set iot_https_resolvers to servers that "
        "the network allows, for example the router's address. These network matters are beyond Odoo's support: ask "
        "your network administrator.",
        mended_by=RepairKind.SET_RESOLVERS,
        classes=MOVED,
        variants={Variant.OTHERS_ANSWER: VariantEntry(severity=Severity.WARNING)},
        sentences={**DNS_ANSWERS, **KEPT, "found_nothing": "{servers:or no DNS server}: {reason:or no answer}"},
        shows="the DNS servers, the name that was looked up, and what came of it",
        on={
            OperatingSystem.WINDOWS: Otherwise(
                cause="The box's DNS servers do not answer, or a firewall lets only the router's own DNS through.",
                remedy="Let the box out to its DNS servers (UDP and TCP port 53), or set others on it (the line "
                "below). These network matters are beyond Odoo's support: ask your network administrator.",
                recipes=(windows.DNS_LINE,),
            )
        },
    ),
    Code(
        name=CodeName.RESOLVERS_DIFFER,
        severity=Severity.WARNING,
        finding_class=FindingClass.DRIFTED,
        step=StepName.BOX_DNS,
        classes=MOVED,
        title="The box uses other DNS servers than it should",
        cause="/etc/resolv.conf was edited, or an update of the image or a network change brought others back.",
        software="The repair writes them where this image keeps them.",
        remedy="If the box is right, correct iot_https_resolvers.",
        mended_by=RepairKind.SET_RESOLVERS,
        sentences=_ASKS,
        shows="the DNS servers that the box asks, and those that it should",
        concerns=(Concern.RESOLVERS,),
        on={
            OperatingSystem.WINDOWS: Otherwise(
                cause="Somebody set others on the PC, or the router hands out others.",
                remedy="Set them on the box (the line below, with the servers that the evidence names). If the box "
                "is right, correct iot_https_resolvers.",
                recipes=(windows.DNS_LINE,),
            )
        },
    ),
    Code(
        name=CodeName.RESOLVER_OWNER_UNSUPPORTED,
        severity=Severity.WARNING,
        finding_class=FindingClass.BLOCKED,
        step=StepName.BOX_DNS,
        title="Another program owns the box's DNS servers",
        cause="A program on the box writes /etc/resolv.conf (the evidence names it and what shows it) and would undo "
        "what iot-https writes there. So nothing is written and nothing is restarted.",
        remedy="Set the DNS servers where the box gets them from: the DHCP settings of the shop's router. Or leave "
        "iot_https_resolvers out, and they are only tested. Ask your network administrator.",
        variants={each.variant: VariantEntry(remedy=f"{each.remedy} {_BOTH} {_TESTED}") for each in WRITERS},
        sentences={**_ASKS, "owner": "/etc/resolv.conf belongs to: {owner:word resolver_owner}", **SIGNS},
        shows="the DNS servers, and which program writes /etc/resolv.conf",
        systems=(OperatingSystem.LINUX,),
    ),
    Code(
        name=CodeName.RESOLVERS_NOT_PERSISTED,
        severity=Severity.WARNING,
        finding_class=FindingClass.DRIFTED,
        step=StepName.BOX_DNS,
        classes=MOVED,
        title="The DNS servers will be lost at the next restart of the box",
        cause="/etc runs in memory: the file was changed there and not in /root_bypass_ramdisks/etc, which is what the "
        "box starts from.",
        software="The repair writes both.",
        remedy="By hand: make /root_bypass_ramdisks/etc/resolv.conf the same as /etc/resolv.conf.",
        mended_by=RepairKind.SET_RESOLVERS,
        sentences={
            "brings_back": "the next restart of the box brings back {kept:or no DNS server} in place of "
            "{wanted:or no DNS server}"
        },
        shows="the DNS servers that the next restart brings back",
        concerns=(Concern.RESOLVERS,),
        systems=(OperatingSystem.LINUX,),
    ),
)
