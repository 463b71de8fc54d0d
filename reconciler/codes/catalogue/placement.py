"""Codes about a good pair in the wrong place: not stored, not kept, not served, not the box's own to write."""

from __future__ import annotations

from typing import Final

from ...model.code_name import CodeName
from ...model.operating_system import OperatingSystem
from ...model.repair import RepairKind
from ...model.severity import FindingClass, Severity
from ...model.step_name import StepName
from ..entry import Code, Otherwise
from ..phrases import windows
from ..repairs import OBSTACLES

CODES: Final = (
    Code(
        name=CodeName.SUBJECT_MISMATCH,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.FILES,
        title="The box reports another name than its certificate has",
        cause="The stored subject decides which address Odoo gives to tills. It was lost or is of an earlier database, "
        "so that tills open the box by an address for which the certificate is not valid, or by its plain IP address.",
        software="The repair stores the name of the certificate.",
        remedy="Then reload the till's page so that it learns the address.",
        mended_by=RepairKind.WRITE_STORE,
        sentences={"stores": "the box stores {stored:or no subject}, its certificate is for {name}"},
        shows="the name that is stored and the one in the certificate",
    ),
    Code(
        name=CodeName.NOT_PERSISTED,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.FILES,
        title="The next restart of the box brings back another certificate",
        cause="/etc runs in memory; the box starts from /root_bypass_ramdisks/etc, and the pair there is not the one "
        "in use. All looks well until somebody pulls the plug.",
        software="The repair makes both the same.",
        remedy="Do not restart the box before.",
        mended_by=RepairKind.COPY_CERTIFICATE,
        sentences={
            "broken": "the next restart of the box brings back a pair that nginx cannot load ({problem:word "
            "pair_problem})",
            "temporary": "the next restart of the box brings back the temporary certificate of the image",
            "valid": "the next restart of the box brings back {name:or a certificate}, which ends {ends} ({left:away})",
            "ended": "the next restart of the box brings back {name:or a certificate}, which ended {ends} "
            "({left:away})",
        },
        shows="which pair the next restart brings back",
        systems=(OperatingSystem.LINUX,),
    ),
    Code(
        name=CodeName.NOT_SERVED,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.SERVED,
        title="nginx does not present the certificate that is installed",
        cause="nginx reads its certificate only when it starts or reloads, and nobody made it do so; or another "
        "program "
        "has the HTTPS port.",
        software="The repair reloads nginx.",
        remedy="By hand on the box: `sudo nginx -t`, then `sudo nginx -s reload`. If it stays, look which program "
        "listens on port 443.",
        mended_by=RepairKind.LOAD_NGINX,
        sentences={
            "no_handshake": "no handshake on port {port}: {reason}",
            "another": "nginx presents {served:first 16}, installed is {installed:first 16} (SHA-256)",
        },
        shows="the fingerprints of both certificates, or why there was no handshake",
        on={
            OperatingSystem.WINDOWS: Otherwise(
                cause="nginx reads its certificate only when it starts, and it starts with Odoo's service; or "
                "another program, often an nginx.exe that a stop of the service left behind, has the HTTPS port.",
                remedy=windows.RESTART,
                recipes=(windows.RESTART_LINE,),
            )
        },
    ),
    Code(
        name=CodeName.NOT_RENEWABLE,
        severity=Severity.WARNING,
        finding_class=FindingClass.DRIFTED,
        step=StepName.FILES,
        title="The box may not write its own certificate files",
        cause="The files or their folders belong to root or are read-only, usually after somebody copied a certificate "
        "by hand. The box's next renewal fails half-way, and nginx with it.",
        software="The repair gives the files back to the user that runs Odoo (pi, on 25.x images odoo): certificate "
        "0644, key 0600.",
        mended_by=RepairKind.SET_PERMISSIONS,
        sentences={**OBSTACLES, "and_others": ", and {others} more"},
        shows="the file or folder that Odoo's user cannot write, with mode and owner",
        on={
            OperatingSystem.WINDOWS: Otherwise(
                cause="The user that runs Odoo's service may not write them, usually after somebody copied a "
                "certificate by hand or installed Odoo below a user's own folder. The box's next renewal fails "
                "half-way, and nginx with it.",
                remedy="Give the user that runs Odoo's service (LOCAL SERVICE) full access to the folder of "
                f"{windows.CERTIFICATE}. If that is below a user's own folder, install Odoo anew, for example in "
                "C:\\odoo.",
                recipes=(windows.FIND,),
            )
        },
    ),
    Code(
        name=CodeName.KEY_EXPOSED,
        severity=Severity.WARNING,
        finding_class=FindingClass.DRIFTED,
        step=StepName.FILES,
        title="Every user of the box can read the private key",
        cause="The image ships the key file with mode 0644, and the box keeps that mode.",
        software="The repair sets it to 0600.",
        remedy="If strangers had access to the box, ask Odoo for a new certificate: all boxes of one database use the "
        "same name.",
        mended_by=RepairKind.SET_PERMISSIONS,
        sentences={"paths": "readable by every user: {paths}"},
        shows="the path of the key",
        systems=(OperatingSystem.LINUX,),
    ),
)
