"""Codes about a run itself: what it could not see, could not finish, or had to take back."""

from __future__ import annotations

from typing import Final

from ...model.code_name import CodeName, Variant
from ...model.operating_system import OperatingSystem
from ...model.severity import FindingClass, Severity
from ...model.step_name import StepName
from ..entry import Code, Origin, Otherwise, Trait, VariantEntry
from ..phrases.repairing import FAILED, RAN_OUT, UNDONE
from ..phrases.way import IN_PLACE_OF_A_REPLY

CODES: Final = (
    Code(
        name=CodeName.NOT_OBSERVED,
        severity=Severity.ERROR,
        finding_class=FindingClass.UNKNOWN,
        step=StepName.REACHABLE,
        title="A part of the box could not be looked at",
        cause="Reading it failed or took too long. What was not seen is not taken for good.",
        remedy="Run again. If it stays, look at the named part on the box: a failing SD card and a box under heavy "
        "load "
        "are the usual reasons.",
        sentences={
            **IN_PLACE_OF_A_REPLY,
            "cut_off": "the reply was cut off after {size} of {announced} bytes",
            "reports": "the box program reports: {error}",
            "unreadable_reply": "the reply cannot be read: {reason}",
            "no_folder": "Ansible could not make the folder for its files:",
            "defect": "a defect of this program: {error}; run with --debug and report it",
            "defect_at": "{part:word part}: a defect of this program: {error}; run with --debug and report it",
            "gap": "{part:word part}:",
            "unread": "{part:word part}: was not read",
            "no_lookup": "{part:word part}: no lookup was tried",
            "no_handshake": "{part:word part}: no handshake was tried",
            "unchecked": "{part:word part}: {reason:or was not checked}",
            "unknown_code": "the box reports {code:or something that is no code}, unknown to this version of iot-https",
            "not_of_a_box": "the box reports {code}, which only the control machine can tell",
            "shows_another_each_time": "the box shows another serial number, server or database at each visit, so it "
            "was not touched",
        },
        variants={
            Variant.NEWER: VariantEntry(
                remedy="Update iot-https on the control machine, and look again. If it stays, the box does not run "
                "what was sent to it: flash it.",
                on={
                    OperatingSystem.WINDOWS: Otherwise(
                        remedy="Update iot-https on the control machine, and look again. If it stays, run with --debug "
                        "and report it."
                    )
                },
            ),
            Variant.NO_FOLDER: VariantEntry(
                remedy="Leave ansible_remote_tmp (remote_tmp in ansible.cfg) out, or set it to /tmp: the folder that "
                "it names cannot be made on the box. Nothing was looked at, and the box is not the cause."
            ),
        },
        shows="the part, and why it was not read",
        traits=(Trait.FAILS,),
        on={
            OperatingSystem.WINDOWS: Otherwise(
                remedy="Run again. If it stays, look at the named part on the box: a failing disk and a PC under "
                "heavy load are the usual reasons.",
            )
        },
    ),
    Code(
        name=CodeName.REPAIR_FAILED,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.FILES,
        title="A repair did not succeed",
        cause="The change could not be made, and the box was left as it was. The reason is named.",
        remedy="Remove the named reason and run again. An input/output error means that the SD card should be "
        "replaced.",
        shows="the repair and the reason, and when the reconcile was",
        traits=(Trait.FAILS, Trait.EXPLAINS),
        origin=Origin.REPAIR,
        sentences=FAILED,
        on={
            OperatingSystem.WINDOWS: Otherwise(
                remedy="Fix the named reason and run again. An input/output error means that the disk should be "
                "replaced.",
            )
        },
    ),
    Code(
        name=CodeName.REPAIR_UNDONE,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.FILES,
        title="A repair made it worse and was taken back",
        cause="After the change the box did not pass the test that belongs to it, for example it could no longer look "
        "up www.odoo.com. The state before was put back.",
        remedy="What was to be put in place does not work here: correct it in the inventory, or the network that it "
        "needs. Ask your network administrator where DNS or the firewall is concerned.",
        shows="what was tried and which test it did not pass, and when the reconcile was",
        traits=(Trait.FAILS, Trait.EXPLAINS),
        origin=Origin.REPAIR,
        sentences=UNDONE,
    ),
    Code(
        name=CodeName.BUSY,
        severity=Severity.WARNING,
        finding_class=FindingClass.UNKNOWN,
        step=StepName.REACHABLE,
        title="Another run is at work on this box",
        cause="Two schedules overlap, or a colleague started one by hand.",
        remedy="Wait a few minutes and run again. If it stays so, find out which process holds the lock.",
        sentences={
            "held": "another run is at work on this box (process {process})",
            "held_by_unknown": "another run is at work on this box (its process is not known)",
        },
        shows="the process that holds the lock",
        traits=(Trait.FAILS,),
        origin=Origin.REPAIR,
    ),
    Code(
        name=CodeName.DEADLINE,
        severity=Severity.ERROR,
        finding_class=FindingClass.UNKNOWN,
        step=StepName.AUTHORITY,
        title="The time for this box ran out",
        cause="The box or its network is very slow. What was begun was finished or taken back.",
        remedy="Run again. If it stays, look at the box's load and at the connection to it, or allow more time.",
        # what the look found, and the log, may be the cause all the same
        variants={Variant.NOT_ALL_ASKED: VariantEntry(severity=Severity.WARNING)},
        shows="the time that was left and what would have needed more",
        traits=(Trait.FAILS, Trait.END_UNSEEN),
        origin=Origin.REPAIR,
        sentences={**RAN_OUT, "no_answer": "no answer came within {seconds:whole} s"},
    ),
)
