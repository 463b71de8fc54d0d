"""Codes about the certificate and key as files: there, readable, matching, kept, served, renewable."""

from __future__ import annotations

from typing import Final

from ...model.code_name import CodeName, Variant
from ...model.operating_system import OperatingSystem
from ...model.repair import RepairKind
from ...model.severity import FindingClass, Severity
from ...model.step_name import StepName
from ..entry import Code, Otherwise, VariantEntry
from ..phrases import windows
from ..repairs import OBSTACLES

_MENDED = (
    "The repair takes the box's other copy if that is good, else it fetches a new pair from www.odoo.com and puts it "
    "in place."
)
_WRITTEN_HALF = "A power cut or an error in the middle of writing left it so; the box does not write both files as one."

_AGAIN: Final = (
    "If it stays, look at both files: {path}. Move them aside, put the pair that Odoo's installer brings in their "
    f"place, and {windows.RESTARTED} The box then asks for a new one."
)


def _on_windows(path: str, cause: str | None = None) -> dict[OperatingSystem, Otherwise]:
    """A box under Windows keeps no second copy, and only its own software writes there."""
    remedy = _AGAIN.format(path=path)
    told = Otherwise(cause=cause, software=windows.OWN_SOFTWARE, remedy=remedy, recipes=windows.FILES)
    return {OperatingSystem.WINDOWS: told}


_UNUSABLE: Final = {"unusable": "{problem:word pair_problem}: {reason:or no further reason}"}

_FILE: Final = "the path and the reason that the system gives"

CODES: Final = (
    Code(
        name=CodeName.CHECK_CERT_READ_EXCEPTION,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.FILES,
        title="The certificate file cannot be read",
        cause="The file is there and opening or reading it fails: it is a folder or a loop of links, the SD card is "
        "failing, or it belongs to root alone, so that nginx serves it and Odoo cannot read it.",
        software=_MENDED,
        remedy="If it comes back with an input/output error, replace the SD card.",
        mended_by=RepairKind.INSTALL_CERTIFICATE,
        anchor="err-iot-https-check-cert-read-exception",
        variants={
            Variant.READ_BY_ROOT_ONLY: VariantEntry(
                software="The repair gives the four certificate files back to the user that runs Odoo; no new one is "
                "fetched.",
                remedy="By hand on the box: give both files and their copies below /root_bypass_ramdisks to that user "
                "(chown), with mode 0644 for the certificate and 0600 for the key.",
                on={
                    OperatingSystem.WINDOWS: Otherwise(
                        remedy="Give the user that runs Odoo's service (LOCAL SERVICE) full access to the folder of "
                        f"{windows.CERTIFICATE}; then {windows.RESTARTED}",
                    )
                },
            ),
        },
        sentences={**_UNUSABLE, **OBSTACLES},
        shows=_FILE,
        on=_on_windows(
            windows.CERTIFICATE,
            "The file is there and opening or reading it fails: the user that runs Odoo's service may not.",
        ),
    ),
    Code(
        name=CodeName.CERTIFICATE_MISSING,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.FILES,
        title="The certificate file is missing",
        cause="/etc/ssl/certs/nginx-cert.crt was removed. nginx does not start without it, and then port 80 is dead "
        "too.",
        software=_MENDED,
        mended_by=RepairKind.INSTALL_CERTIFICATE,
        sentences=_UNUSABLE,
        shows="the path",
        on=_on_windows(
            windows.CERTIFICATE, "The file was removed. nginx does not start without it, and then port 443 is dead."
        ),
    ),
    Code(
        name=CodeName.CERTIFICATE_MALFORMED,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.FILES,
        title="The certificate file is empty or damaged",
        cause=f"It is not a PEM certificate. {_WRITTEN_HALF}",
        software=_MENDED,
        mended_by=RepairKind.INSTALL_CERTIFICATE,
        sentences=_UNUSABLE,
        shows="what is wrong with the file: empty, cut off, of another format",
        on=_on_windows(windows.CERTIFICATE),
    ),
    Code(
        name=CodeName.KEY_MISSING,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.FILES,
        title="The private key file is missing",
        cause="/etc/ssl/private/nginx-cert.key was removed. nginx does not start without it.",
        software=_MENDED,
        mended_by=RepairKind.INSTALL_CERTIFICATE,
        sentences=_UNUSABLE,
        shows="the path",
        on=_on_windows(windows.KEY, "The file was removed. nginx does not start without it."),
    ),
    Code(
        name=CodeName.KEY_UNREADABLE,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.FILES,
        title="The private key file cannot be read",
        cause="The file is there and reading it fails: it is a folder or a loop of links, or the SD card is failing.",
        software=_MENDED,
        remedy="If it comes back with an input/output error, replace the SD card.",
        mended_by=RepairKind.INSTALL_CERTIFICATE,
        sentences=_UNUSABLE,
        shows=_FILE,
        on=_on_windows(
            windows.KEY, "The file is there and reading it fails: the user that runs Odoo's service may not."
        ),
    ),
    Code(
        name=CodeName.KEY_MALFORMED,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.FILES,
        title="The private key file is empty or damaged",
        cause=f"It is not a PEM private key. {_WRITTEN_HALF}",
        software=_MENDED,
        mended_by=RepairKind.INSTALL_CERTIFICATE,
        sentences=_UNUSABLE,
        shows="what is wrong with the file; never anything of the key",
        on=_on_windows(windows.KEY),
    ),
    Code(
        name=CodeName.KEY_ENCRYPTED,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.FILES,
        title="The private key is protected by a password",
        cause="Somebody installed a key of their own with a password, which nginx cannot enter when it starts.",
        software=_MENDED,
        mended_by=RepairKind.INSTALL_CERTIFICATE,
        sentences=_UNUSABLE,
        shows="that the key is encrypted",
        on=_on_windows(windows.KEY),
    ),
    Code(
        name=CodeName.KEY_MISMATCH,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.FILES,
        title="Certificate and private key do not belong together",
        cause=f"One of the two files is of another age. {_WRITTEN_HALF} nginx does not start with such a pair.",
        software=_MENDED,
        mended_by=RepairKind.INSTALL_CERTIFICATE,
        sentences=_UNUSABLE,
        shows="that the public keys differ",
        on=_on_windows(windows.KEY),
    ),
)
