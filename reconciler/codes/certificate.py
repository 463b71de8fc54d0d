"""Codes about the certificate and key as files: there, readable, matching, kept, served, renewable."""

from __future__ import annotations

from typing import Final

from ..model.code_name import CodeName, Variant
from ..model.severity import FindingClass, Severity
from .entry import Code, Known

_MENDED = (
    "The repair takes the box's other copy if that is good, else it fetches a new pair from www.odoo.com and puts it "
    "in place."
)
_WRITTEN_HALF = "A power cut or an error in the middle of writing left it so; the box does not write both files as one."

_UNUSABLE: Final = {"unusable": "{problem:word pair_problem}: {reason:or no further reason}"}

CODES: Final = (
    Code(
        name=CodeName.CHECK_CERT_READ_EXCEPTION,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        title="The certificate file cannot be read",
        cause="The file is there and opening or reading it fails: it is a folder or a loop of links, the SD card is "
        "failing, or it belongs to root alone, so that nginx serves it and Odoo cannot read it.",
        remedy=f"{_MENDED} If it comes back with an input/output error, replace the SD card.",
        repairable=True,
        anchor="err-iot-https-check-cert-read-exception",
        variants={
            Variant.READ_BY_ROOT_ONLY: Known(
                remedy="The repair gives the four certificate files back to the user that runs Odoo; no new one is "
                "fetched. By hand on the box: sudo chown with that user on both files and their copies below "
                "/root_bypass_ramdisks, mode 0644 for the certificate and 0600 for the key."
            ),
        },
        sentences=_UNUSABLE,
    ),
    Code(
        name=CodeName.CERTIFICATE_MISSING,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        title="The certificate file is missing",
        cause="/etc/ssl/certs/nginx-cert.crt was removed. nginx does not start without it, and then port 80 is dead "
        "too.",
        remedy=_MENDED,
        repairable=True,
        sentences=_UNUSABLE,
    ),
    Code(
        name=CodeName.CERTIFICATE_MALFORMED,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        title="The certificate file is empty or damaged",
        cause=f"It is not a PEM certificate. {_WRITTEN_HALF}",
        remedy=_MENDED,
        repairable=True,
        sentences=_UNUSABLE,
    ),
    Code(
        name=CodeName.KEY_MISSING,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        title="The private key file is missing",
        cause="/etc/ssl/private/nginx-cert.key was removed. nginx does not start without it.",
        remedy=_MENDED,
        repairable=True,
        sentences=_UNUSABLE,
    ),
    Code(
        name=CodeName.KEY_UNREADABLE,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        title="The private key file cannot be read",
        cause="The file is there and reading it fails: it is a folder or a loop of links, or the SD card is failing.",
        remedy=f"{_MENDED} If it comes back with an input/output error, replace the SD card.",
        repairable=True,
        sentences=_UNUSABLE,
    ),
    Code(
        name=CodeName.KEY_MALFORMED,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        title="The private key file is empty or damaged",
        cause=f"It is not a PEM private key. {_WRITTEN_HALF}",
        remedy=_MENDED,
        repairable=True,
        sentences=_UNUSABLE,
    ),
    Code(
        name=CodeName.KEY_ENCRYPTED,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        title="The private key is protected by a password",
        cause="Somebody installed a key of their own with a password, which nginx cannot enter when it starts.",
        remedy=_MENDED,
        repairable=True,
        sentences=_UNUSABLE,
    ),
    Code(
        name=CodeName.KEY_MISMATCH,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        title="Certificate and private key do not belong together",
        cause=f"One of the two files is of another age. {_WRITTEN_HALF} nginx does not start with such a pair.",
        remedy=_MENDED,
        repairable=True,
        sentences=_UNUSABLE,
    ),
    Code(
        name=CodeName.SUBJECT_MISMATCH,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        title="The box reports another name than its certificate has",
        cause="The stored subject decides which address Odoo gives to tills. It was lost or is of an earlier database, "
        "so that tills open the box by an address for which the certificate is not valid, or by its plain IP address.",
        remedy="The repair stores the name of the certificate. Then reload the till's page so that it learns the "
        "address.",
        repairable=True,
        sentences={"stores": "the box stores {stored:or no subject}, its certificate is for {name}"},
    ),
    Code(
        name=CodeName.NOT_PERSISTED,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        title="The next restart of the box brings back another certificate",
        cause="/etc runs in memory; the box starts from /root_bypass_ramdisks/etc, and the pair there is not the one "
        "in use. All looks well until somebody pulls the plug.",
        remedy="The repair makes both the same. Do not restart the box before.",
        repairable=True,
        sentences={
            "broken": "the next restart of the box brings back a pair that nginx cannot load ({problem:word "
            "pair_problem})",
            "temporary": "the next restart of the box brings back the temporary certificate of the image",
            "valid": "the next restart of the box brings back {name:or a certificate}, which ends {ends} ({left:away})",
            "ended": "the next restart of the box brings back {name:or a certificate}, which ended {ends} "
            "({left:away})",
        },
    ),
    Code(
        name=CodeName.NOT_SERVED,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        title="nginx does not present the certificate that is installed",
        cause="nginx reads its certificate only when it starts or reloads, and nobody made it do so; or another "
        "program "
        "has the HTTPS port.",
        remedy="The repair reloads nginx. By hand on the box: sudo nginx -t, then sudo nginx -s reload. If it stays, "
        "look which program listens on port 443.",
        repairable=True,
        sentences={
            "no_handshake": "no handshake on port {port}: {reason}",
            "another": "nginx presents {served:first 16}, installed is {installed:first 16} (SHA-256)",
        },
    ),
    Code(
        name=CodeName.NOT_RENEWABLE,
        severity=Severity.WARNING,
        finding_class=FindingClass.DRIFTED,
        title="The box may not write its own certificate files",
        cause="The files or their folders belong to root or are read-only, usually after somebody copied a certificate "
        "by hand. The box's next renewal fails half-way, and nginx with it.",
        remedy="The repair gives the files back to the user that runs Odoo (pi, on 25.x images odoo): certificate "
        "0644, key 0600.",
        repairable=True,
        sentences={"reasons": "{reasons:some 1}"},
    ),
    Code(
        name=CodeName.KEY_EXPOSED,
        severity=Severity.WARNING,
        finding_class=FindingClass.DRIFTED,
        title="Every user of the box can read the private key",
        cause="The image ships the key file with mode 0644, and the box keeps that mode.",
        remedy="The repair sets it to 0600. If strangers had access to the box, ask Odoo for a new certificate: all "
        "boxes of one database use the same name.",
        repairable=True,
        sentences={"paths": "readable by every user: {paths}"},
    ),
)
