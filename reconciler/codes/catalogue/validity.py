"""Codes about the certificate as a document: real, in date, due for renewal, trusted."""

from __future__ import annotations

from typing import Final

from ...model.code_name import CodeName
from ...model.operating_system import OperatingSystem
from ...model.repair import RepairKind
from ...model.severity import FindingClass, Severity
from ...model.step_name import StepName
from ..entry import Code, Otherwise, Trait
from ..phrases import windows
from ..phrases.repairing import OFFERED

_FETCHED: Final = "The repair fetches a new one from www.odoo.com."
_ASK_AGAIN: Final = (
    "If www.odoo.com refuses, check that the database is the production database (no copy, staging or test) and the "
    "subscription is In Progress."
)


def _dated(when: str) -> dict[str, str]:
    """Return what may be seen of a certificate's dates: those of the leaf, or of an intermediate that narrows them."""
    return {
        "leaf": f"{{name:or the certificate}} {when}",
        "intermediate": f"the intermediate certificate {{above}} above {{name:or the certificate}} {when}",
    }


_ON_WINDOWS: Final = {OperatingSystem.WINDOWS: Otherwise(software=windows.OWN_SOFTWARE, remedy=_ASK_AGAIN)}

_LEAF: Final = (
    "the name in the certificate, or the intermediate above it, and when it ends, or ended, with the days in between"
)

CODES: Final = (
    Code(
        name=CodeName.TEMPORARY_CERTIFICATE,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.FILES,
        title="The box has only the temporary certificate of its image",
        cause="The box never got its own certificate, or was flashed anew. The temporary one "
        "(OdooTempIoTBoxCertificate) "
        "is the same on every box in the world; no browser or payment terminal trusts it.",
        software=_FETCHED,
        remedy=_ASK_AGAIN,
        mended_by=RepairKind.INSTALL_CERTIFICATE,
        sentences={"name": "the certificate is {name:or without a name}"},
        shows="the name in the certificate",
        on={
            OperatingSystem.WINDOWS: Otherwise(
                title="The box has only the temporary certificate of its installer",
                cause="The box never got its own certificate, or was installed anew. The temporary one "
                "(OdooTempIoTBoxCertificate) is the same on every box in the world; no browser or payment terminal "
                "trusts it.",
                software=windows.OWN_SOFTWARE,
                remedy=_ASK_AGAIN,
            )
        },
    ),
    Code(
        name=CodeName.EXPIRED,
        severity=Severity.ERROR,
        finding_class=FindingClass.RENEWAL_DUE,
        step=StepName.FILES,
        title="The certificate has expired",
        cause="The box should have renewed it 10 days before and could not, usually because it cannot reach "
        "www.odoo.com or is refused there.",
        software=_FETCHED,
        remedy=_ASK_AGAIN,
        mended_by=RepairKind.INSTALL_CERTIFICATE,
        sentences=_dated("ended {ends} ({left:away})"),
        shows=_LEAF,
        on=_ON_WINDOWS,
    ),
    Code(
        name=CodeName.NOT_YET_VALID,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.FILES,
        title="The certificate is not valid yet",
        cause="Its first day lies ahead: it was made elsewhere, or on a machine with a wrong clock.",
        software=_FETCHED,
        remedy=_ASK_AGAIN,
        mended_by=RepairKind.INSTALL_CERTIFICATE,
        sentences=_dated("begins {begins} ({left:away})"),
        shows="the name in the certificate and when it begins",
        on=_ON_WINDOWS,
    ),
    Code(
        name=CodeName.RENEWAL_OVERDUE,
        severity=Severity.ERROR,
        finding_class=FindingClass.RENEWAL_DUE,
        step=StepName.FILES,
        title="The certificate expires within days and was not renewed",
        cause="The box renews itself 10 days before the end and this program some days later; neither worked. Usually "
        "www.odoo.com is not reached or refuses.",
        software=_FETCHED,
        remedy=_ASK_AGAIN,
        mended_by=RepairKind.INSTALL_CERTIFICATE,
        sentences=_dated("ends {ends} ({left:away}), overdue from {before:span} before on"),
        shows=_LEAF,
        traits=(Trait.AWAITS_AUTHORITY,),
        on=_ON_WINDOWS,
    ),
    Code(
        name=CodeName.RENEWAL_DUE,
        severity=Severity.WARNING,
        finding_class=FindingClass.RENEWAL_DUE,
        step=StepName.FILES,
        title="The certificate should have been renewed by now",
        cause="The box renews itself 10 days before the end, at its start or at midnight, and has not done so.",
        software=_FETCHED,
        remedy=_ASK_AGAIN,
        mended_by=RepairKind.INSTALL_CERTIFICATE,
        sentences=_dated("ends {ends} ({left:away}), due from {before:span} before on"),
        shows=_LEAF,
        traits=(Trait.AWAITS_AUTHORITY,),
        on=_ON_WINDOWS,
    ),
    Code(
        name=CodeName.CERTIFICATE_REFUSED,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.FILES,
        title="No till or terminal accepts the certificate",
        cause="Whomever a client trusts, it refuses this certificate: it is not for the box's name, its key is too "
        "short or too long, or it may not be used for a server. Usually somebody made or installed it by hand.",
        software=_FETCHED,
        remedy=_ASK_AGAIN,
        mended_by=RepairKind.INSTALL_CERTIFICATE,
        sentences={"issued": "issued by {issuer}: {reason:or refused}"},
        shows="the issuer, and why a client refuses it",
        on=_ON_WINDOWS,
    ),
    Code(
        name=CodeName.CHAIN_INCOMPLETE,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.FILES,
        title="Intermediate certificates are missing",
        cause="The file holds only the box's own certificate. A desktop browser may find the rest by itself; payment "
        "terminals and tablets do not and refuse the box.",
        software="The repair fetches the complete file from www.odoo.com.",
        remedy="If you installed the certificate by hand, use the full chain.",
        mended_by=RepairKind.INSTALL_CERTIFICATE,
        sentences={"issued": "issued by {issuer}: {reason:or incomplete}", **OFFERED},
        shows="the issuer, and what a client on the box says of the chain",
        traits=(Trait.AWAITS_AUTHORITY,),
        on={
            OperatingSystem.WINDOWS: Otherwise(
                software=windows.OWN_SOFTWARE,
                remedy="If you installed the certificate by hand, use the full chain.",
            )
        },
    ),
    Code(
        name=CodeName.CHAIN_UNTRUSTED,
        severity=Severity.WARNING,
        finding_class=FindingClass.BLOCKED,
        step=StepName.FILES,
        title="The box does not know who issued its certificate",
        cause="The chain is complete, but its root is not among the authorities that this box trusts: the image is "
        "old, "
        "or the certificate is from a private authority. Tills with newer software may well trust it.",
        remedy="Open the box's HTTPS address in a till's browser. If that works, nothing is urgent: plan a newer "
        "image. "
        "If it does not, find out who installed this certificate.",
        sentences={"issued": "issued by {issuer}: {reason:or untrusted}", **OFFERED},
        shows="the issuer, and what a client on the box says of the chain",
        on={
            OperatingSystem.WINDOWS: Otherwise(
                cause="The chain is complete, but its root is not among the authorities that are trusted where it "
                "was looked at: they are old, or the certificate is from a private authority. Tills with newer "
                "software may well trust it.",
                remedy="Open the box's HTTPS address in a till's browser. If that works, nothing is urgent. If it "
                "does not, find out who installed this certificate.",
            )
        },
    ),
    Code(
        name=CodeName.CERTIFICATE_WITHOUT_CN,
        severity=Severity.WARNING,
        finding_class=FindingClass.BLOCKED,
        step=StepName.FILES,
        title="The box's own software cannot read the new certificate",
        cause="The certificate has no common name, which authorities leave out more and more. Tills do not mind, but "
        "Odoo up to saas-18.2 stops its device manager when it starts with such a certificate: printers, scales and "
        "terminals are gone until another one is in place.",
        remedy="Upgrade the database to Odoo 19.0 or newer, and the box follows it. Until then do not restart a box "
        "that has such a certificate. If it cannot be upgraded, open a ticket at https://www.odoo.com/help and ask for "
        "a certificate with a common name.",
        sentences={"read_by": "{name:or it} has no common name, which {branch:or the box's branch} reads", **OFFERED},
        shows="the name in the certificate and the branch, and until when the one in place serves",
        traits=(Trait.ASKED_IN_VAIN,),
    ),
    Code(
        name=CodeName.NOTHING_NEWER,
        severity=Severity.INFO,
        finding_class=FindingClass.RENEWAL_DUE,
        step=StepName.ELIGIBILITY,
        title="www.odoo.com has no newer certificate yet",
        cause="It was asked within the last 12 hours and returned the certificate that the box already has.",
        remedy="Nothing to do: it is asked again after 12 hours. If this goes on until the certificate is overdue, "
        "open "
        "a ticket at https://www.odoo.com/help and give the date on which the certificate ends.",
        sentences={"asked": "asked on {asked} ({left:away})", **OFFERED},
        shows="when the authority was asked",
        traits=(Trait.ASKED_IN_VAIN,),
    ),
)
