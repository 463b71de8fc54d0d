"""Codes about the two programs that a till talks to: nginx on the HTTPS port and Odoo behind it."""

from __future__ import annotations

from typing import Final

from ...model.code_name import CodeName, Variant
from ...model.operating_system import OperatingSystem
from ...model.repair import RepairKind
from ...model.severity import FindingClass, Severity
from ...model.step_name import StepName
from ..entry import Code, Origin, Otherwise, Trait, VariantEntry
from ..phrases import windows

_OPTIONS = (
    "On the box, put the named option of section [options] back to what the image has (http_interface = 0.0.0.0, no "
    "http_port, http_enable or proxy_mode, the image's server_wide_modules) in /home/pi/odoo.conf, then run: `sudo "
    "service odoo restart`. Until then Odoo is not restarted here, since it would not answer afterwards."
)
_ODOO_LOG = "On the box, look at the end of /var/log/odoo/odoo-server.log."

CODES: Final = (
    Code(
        name=CodeName.NGINX_CONFIG_BROKEN,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.NGINX,
        title="The configuration of nginx is broken",
        cause="Somebody edited a file below /etc/nginx. nginx goes on as it is, but will not start again.",
        remedy="Correct the named line and test with `sudo nginx -t` on the box. If the edit was made in /etc only, "
        "restarting the box brings the image's file back. No new certificate is put in place before.",
        sentences={"without_a_word": "nginx -t failed without a word"},
        shows="the complaint of nginx -t, with file and line",
        on={
            OperatingSystem.WINDOWS: Otherwise(
                cause="Somebody edited a file in the conf folder of nginx. nginx goes on as it is, but will not "
                "start again.",
                remedy=f"Correct the named line and {windows.RESTARTED} No new certificate is put in place before.",
                recipes=windows.FILES,
                sentences={"without_a_word": "the test of nginx failed without a word"},
            )
        },
    ),
    Code(
        name=CodeName.NGINX_DOWN,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.SERVED,
        title="nginx is not running",
        cause="It did not survive its last start, mostly because of a bad certificate or a broken configuration, or "
        "too many starts in a row made the system give up. HTTPS and the homepage on port 80 are dead; port 8069 still "
        "answers.",
        remedy="Fix the cause that is listed with this finding first; a repair then starts nginx. By hand on the box: "
        "`sudo systemctl reset-failed nginx`, then `sudo service nginx start`.",
        mended_by=RepairKind.LOAD_NGINX,
        sentences={"no_process": "no nginx process"},
        shows="what a connection to the HTTPS port on the box meets",
        on={
            OperatingSystem.WINDOWS: Otherwise(
                cause="nginx is started by Odoo. It did not survive its last start, mostly because of a bad "
                "certificate or a broken configuration, or because another program has port 443. HTTPS is dead; port "
                "8069 still answers.",
                remedy=f"Fix the cause that is listed with this finding first. {windows.RESTART}",
                recipes=(windows.RESTART_LINE,),
            )
        },
    ),
    Code(
        name=CodeName.NGINX_OTHER_CERTIFICATE,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.SERVED,
        title="nginx is configured to serve another certificate",
        cause="Somebody told nginx to serve a certificate file of their own, or added a server that answers first. The "
        "box's certificate is renewed and presented to nobody.",
        remedy="Decide which certificate tills are to get. For the box's own, put /etc/ssl/certs/nginx-cert.crt and "
        "/etc/ssl/private/nginx-cert.key back into the named line and the one for the key, or remove the added server; "
        "then `sudo nginx -t` and `sudo nginx -s reload` on the box. No new certificate is put in place before.",
        sentences={
            "serves": "on port {port} nginx serves {path} ({file}, line {line})",
            "and_serves": ", {path} ({file}, line {line})",
        },
        shows="the certificate file, and the file and line of the configuration that name it",
        on={
            OperatingSystem.WINDOWS: Otherwise(
                remedy="Decide which certificate tills are to get. For the box's own, name nginx-cert.crt and "
                "nginx-cert.key in the named line of nginx.conf and the one for the key, or remove the added server; "
                f"then {windows.RESTARTED} No new certificate is put in place before.",
                recipes=windows.FILES,
            )
        },
    ),
    Code(
        name=CodeName.ODOO_DOWN_AFTER_REPAIR,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.ODOO,
        title="Odoo did not come back after the repair",
        cause="Odoo was restarted and does not answer. The shop's devices do not work now.",
        remedy=f"Act at once: have somebody in the shop unplug the box and plug it in again. {_ODOO_LOG}",
        sentences={"port_silent": "port {port} does not answer"},
        shows="the reason that the system gives, and when the reconcile was",
        traits=(Trait.FAILS, Trait.EXPLAINS),
        origin=Origin.REPAIR,
        on={
            OperatingSystem.WINDOWS: Otherwise(
                remedy=f"Act at once: have somebody in the shop restart the PC. {windows.LOG}",
                recipes=windows.FILES,
            )
        },
    ),
    Code(
        name=CodeName.ODOO_STOPPED,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.ODOO,
        title="Odoo on the box is frozen",
        cause="The process was stopped by a signal and not woken again, for example by a repair that was cut off.",
        software="The repair wakes it.",
        remedy="By hand: restart the box.",
        mended_by=RepairKind.RESUME_ODOO,
        sentences={"by_signal": "the Odoo process is stopped by a signal"},
        shows="that the process is stopped by a signal",
        systems=(OperatingSystem.LINUX,),
    ),
    Code(
        name=CodeName.ODOO_OPTIONS,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.ODOO,
        title="Options of Odoo on the box keep tills away",
        cause="Somebody edited section [options] of the file with which Odoo starts: the port or address on which it "
        "listens, its modules, or whether it serves anything.",
        remedy=_OPTIONS,
        variants={Variant.STILL_REACHED: VariantEntry(severity=Severity.WARNING)},
        sentences={
            "opens_no_port": "{option} = {value}: Odoo opens no port",
            "other_port": "{option} = {value}: nginx and tills ask port {port}",
            "other_address": "{option} = {value}: nginx asks 127.0.0.1 and gets no answer",
            "local_address": "{option} = {value}: tills get no answer on port {port}, only through nginx on ports "
            "80 and 443",
            "no_box": "{option} = {value}: without hw_drivers or iot_drivers Odoo is no IoT box",
            "believes_askers": "{option} = {value}: Odoo takes address and scheme of a till from the headers "
            "that it sends; the image has it off",
            "from_next_start": "(from Odoo's next start on: it still runs with others)",
        },
        shows="each option with its value, and what it does to tills",
        on={
            OperatingSystem.WINDOWS: Otherwise(
                remedy="On the box, put the named option of section [options] back to what the installer has (no "
                "http_interface, http_port, http_enable or proxy_mode, the installer's server_wide_modules) in "
                f"{windows.CONFIGURATION}, then {windows.RESTARTED} Until then Odoo is not restarted here, since it "
                "would not answer afterwards.",
                recipes=windows.FILES,
                sentences={
                    "believes_askers": "{option} = {value}: Odoo takes address and scheme of a till from the headers "
                    "that it sends; the installer has it off"
                },
            )
        },
    ),
    Code(
        name=CodeName.ODOO_DOWN,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.ODOO,
        title="Odoo on the box does not answer",
        cause="It crashed, hangs, or does not start. Devices cannot be used, whatever the state of the certificate.",
        software="The repair restarts it once.",
        remedy=f"{_ODOO_LOG} If it does not stay up, restart the box, then flash it anew.",
        mended_by=RepairKind.RESTART_ODOO,
        sentences={"no_answer": "no answer to /hw_proxy/hello on port {port}"},
        shows="the port that does not answer",
        traits=(Trait.RESTARTS_ODOO,),
        on={
            OperatingSystem.WINDOWS: Otherwise(
                software="The repair restarts it once, where the box still answers.",
                remedy=f"{windows.RESTART} {windows.LOG} If it does not stay up, restart the PC, then install Odoo "
                "IoT anew.",
                recipes=windows.FILES,
            )
        },
    ),
    Code(
        name=CodeName.ODOO_MANAGER_DEAD,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.ODOO,
        title="The part of Odoo that runs devices and renews the certificate has died",
        cause="An error at its start ended it: a bad certificate, files it may not read or write, an answer of "
        "www.odoo.com without a certificate, or (19.0) a database that could not be reached at that moment. The "
        "homepage still opens, so nobody notices.",
        remedy="Fix the cause that is listed with this finding first; a repair then restarts Odoo. By hand: the gear "
        f"button on the box's homepage, then restart. {_ODOO_LOG}",
        mended_by=RepairKind.RESTART_ODOO,
        variants={
            Variant.RESTARTED_IN_VAIN: VariantEntry(
                finding_class=FindingClass.BLOCKED,
                remedy="A restart did not bring it back, so it is not repeated before the time in the evidence, or "
                "before the certificate, the link, the resolvers, the file permissions or the version on the box have "
                f"changed. {_ODOO_LOG} The last traceback says what ends it; correct that, then restart Odoo from "
                "the box's homepage.",
                on={
                    OperatingSystem.WINDOWS: Otherwise(
                        remedy="A restart did not bring it back, so it is not repeated before the time in the "
                        "evidence, or before the certificate, the link, the DNS servers or the version on the box have "
                        f"changed. {windows.LOG} The last traceback says what ends it; correct that, then restart Odoo "
                        "from the box's homepage.",
                    )
                },
            ),
        },
        sentences={
            "missing": "the process has {threads} threads, and this one is not among them{error:aside}",
            "logged": "Odoo's log tells of the thread's end since the last start{error:aside}",
            "database": "the box does not reach its database: {reason}",
            "in_vain": "restarted on {restarted}, which did not help; again from {again} on",
        },
        shows="that the log tells of the thread's end, or how many threads are left",
        traits=(Trait.RESTARTS_ODOO,),
        on={
            OperatingSystem.WINDOWS: Otherwise(
                remedy="Fix what ended it, which is listed with this finding, first; the repair then restarts Odoo. "
                f"By hand: the gear button on the box's homepage, then restart. {windows.LOG}",
                recipes=windows.FILES,
            )
        },
    ),
    Code(
        name=CodeName.ODOO_RESTART_PENDING,
        severity=Severity.WARNING,
        finding_class=FindingClass.DRIFTED,
        step=StepName.ODOO,
        variants={
            Variant.OPTIONS_FIRST: VariantEntry(
                finding_class=FindingClass.BLOCKED,
                remedy="First correct the options of Odoo that are listed with this finding: with them it would not "
                "answer after a restart.",
            )
        },
        title="Odoo still has to be restarted",
        cause="An earlier run changed what Odoo reads only at its start, and could not restart it.",
        software="The repair restarts it; tills are cut off for some seconds.",
        remedy="Or restart the box when the shop is closed.",
        mended_by=RepairKind.RESTART_ODOO,
        sentences={"waits": "an earlier run changed what Odoo reads only at its start"},
        shows="that an earlier run changed what is read only at a start",
        traits=(Trait.RESTARTS_ODOO,),
    ),
)
