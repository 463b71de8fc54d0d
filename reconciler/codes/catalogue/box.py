"""Codes about the box as a machine: which one it is, its clock, its disk, whether this program knows it at all."""

from __future__ import annotations

from typing import Final

from ...model.code_name import CodeName, Variant
from ...model.operating_system import OperatingSystem
from ...model.repair import RepairKind
from ...model.severity import FindingClass, Severity
from ...model.step_name import StepName
from ..entry import Blocks, Code, Otherwise, Reached, Trait, VariantEntry
from ..phrases import windows

CODES: Final = (
    Code(
        name=CodeName.UNSUPPORTED_LAYOUT,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.REACHABLE,
        title="This box is built in a way that is not known",
        cause="The image or the Odoo version on the box keeps its files in a way that this program has not learnt, or "
        "the machine is not an IoT box at all.",
        remedy="Nothing was changed. Check that the address really is an IoT box; if it is, update this program, or "
        "flash the box with an image that it supports.",
        sentences={
            "no_mounts": "{path} cannot be read, so whether there is a mirror is not known",
            "unknown_pages": "its homepage answers, and in the way of no generation that this version knows",
            "no_helpers": "neither {new} nor {old} can be read: not an IoT box, or one in pieces",
        },
        shows="which of the vendor's files is missing or unknown",
        traits=(Trait.FAILS, Trait.UNSUPPORTED),
        blocks=Blocks.ALL,
        on={
            OperatingSystem.WINDOWS: Otherwise(
                cause="The Odoo version on the box keeps its files in a way that this program has not learnt, or the "
                "machine is not an IoT box at all.",
                remedy="Nothing was changed. Check that the address really is an IoT box; if it is, update this "
                "program, or install a version of Odoo IoT on the PC that it supports.",
            )
        },
    ),
    Code(
        name=CodeName.UNSUPPORTED_PYTHON,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.REACHABLE,
        title="The box's Python is too old",
        cause="Images of 2021 and before (21.10) carry Python 3.7; the program that runs on a box needs 3.11.",
        remedy="Nothing was changed. Flash the SD card with a current IoT box image (23.11 or later), then link the "
        "box "
        "to its database again.",
        sentences={
            "version": "Python {version}, at least {needed} is needed",
            "has": "the box has Python {version}",
        },
        shows="the version of Python on the box",
        traits=(Trait.FAILS, Trait.UNSUPPORTED),
        blocks=Blocks.ALL,
        reached=Reached.BOX,
        systems=(OperatingSystem.LINUX,),
    ),
    Code(
        name=CodeName.WRONG_BOX,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.REACHABLE,
        title="Another box answers at this address",
        cause="The router gave the address to another box, the box was exchanged, or its serial number cannot be read.",
        remedy="Nothing was changed. Compare the serial number with the label of the box. If the box was exchanged, "
        "put "
        "the new serial number into iot_https_serial; if addresses moved, correct the inventory and reserve a fixed "
        "address for the box in the router's DHCP settings.",
        sentences={
            "unread": "its serial number could not be read{why:aside}, the inventory says {wanted}",
            "other_kind": "this box's homepage shows only its MAC address {serial}, the inventory says {wanted}",
            "other": "this box has serial number {serial}, the inventory says {wanted}",
            "serial_of_another": "this box has serial number {serial}, which the inventory has for another",
            "is_box": "that is {box:or no box of this inventory}",
        },
        variants={
            Variant.SHOWS_MAC: VariantEntry(
                when="The homepage of a branch up to saas-18.3 shows the MAC address in place of the serial number",
                remedy="Nothing was changed. By its homepage this branch cannot be compared with a serial number: if "
                "this is the box, set iot_https_serial to the MAC address that it shows.",
            )
        },
        shows="the serial number that the box shows, the one that it should; beside it, whose it is",
        blocks=Blocks.ALL,
    ),
    Code(
        name=CodeName.ACCESS_POINT_MODE,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.ACCESS_POINT,
        title="The box is an access point of its own",
        cause="The box found neither a cable nor a known Wi-Fi and opened its own Wi-Fi (address 10.11.12.1), where it "
        "has no Internet and asks for no certificate.",
        remedy="Plug in a network cable, or join the box's own Wi-Fi, open http://10.11.12.1:8069 and give it the "
        "shop's Wi-Fi; then run again.",
        sentences={"address": "the box's address is {address:or not known}"},
        shows="the address of the box",
        blocks=Blocks.REPAIRS,
        systems=(OperatingSystem.LINUX,),
    ),
    Code(
        name=CodeName.WRONG_CLOCK,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.CLOCK,
        title="The box's clock is wrong",
        cause="A Raspberry Pi has no battery for its clock: without network time it goes on where it was switched off. "
        "By a wrong clock good certificates are out of date: the box's own look expired, that of www.odoo.com is "
        "refused, and the box can neither renew nor be renewed.",
        software="The repair switches network time on.",
        remedy="If the clock stays wrong, the firewall blocks it: let the box out to UDP port 123 (NTP). These "
        "network matters are beyond Odoo's support: ask your network administrator.",
        mended_by=RepairKind.ENABLE_NTP,
        variants={
            # Switching on what is on already would look like a repair in every run and mend nothing.
            Variant.TIME_IS_BLOCKED: VariantEntry(
                finding_class=FindingClass.BLOCKED,
                remedy="Network time is switched on and does not get through: let the box out to UDP port 123 (NTP). "
                "These network matters are beyond Odoo's support: ask your network administrator.",
            ),
            Variant.BY_HOMEPAGE: VariantEntry(
                when="The box is reached by its homepage, which cannot set a clock",
                finding_class=FindingClass.BLOCKED,
                remedy="Let the box out to UDP port 123 (NTP) and restart it; on Windows, switch automatic time on. "
                "These network matters are beyond Odoo's support: ask your network administrator.",
            ),
        },
        sentences={
            "although_synchronised": "the box is {skew:ahead} the control machine, although network time is "
            "switched on",
            "off": "the box is {skew:ahead} the control machine",
            "not_synchronised": "the box is {skew:ahead} the control machine; network time is not switched on",
        },
        shows="by how much the clock is off and to which side, and whether network time is on",
        on={
            OperatingSystem.WINDOWS: Otherwise(
                cause="The PC does not take its time from the network. By a wrong clock good certificates are out of "
                "date: the box's own look expired, that of www.odoo.com is refused, and the box can neither renew "
                "nor be renewed.",
                remedy="On the box, switch on Set time automatically (Settings > Time & language) or type the line "
                "below. If the clock stays wrong, the firewall blocks it: let the box out to UDP port 123 (NTP). "
                "These network matters are beyond Odoo's support: ask your network administrator.",
                recipes=(windows.CLOCK_LINE,),
            )
        },
    ),
    Code(
        name=CodeName.DISK_FULL,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.FILES,
        title="No space left on the box",
        cause="Logs or downloaded files filled the ramdisk or the SD card; a certificate written now could end up "
        "empty.",
        remedy="Restart the box: its ramdisks are emptied by that. If the SD card itself is full, remove what does not "
        "belong there from /home/pi, or flash a larger card. Nothing is written until there is space.",
        sentences={
            "tight": "{place:word place} has {free:size} free; at least {needed:size} is needed",
            "crowded": "{place:word place} can take no more files",
            "closed": "{place:word place} cannot be written: {reason}",
        },
        shows="the place and the space that is left there",
        on={
            OperatingSystem.WINDOWS: Otherwise(
                cause="Logs or downloaded files filled the disk; a certificate written now could end up empty.",
                remedy=f"Make room on the disk of the PC on which Odoo is installed, then {windows.RESTARTED} Nothing "
                "is written until there is space.",
                recipes=(windows.RESTART_LINE,),
            )
        },
    ),
    Code(
        name=CodeName.FOREIGN_LINK,
        severity=Severity.ERROR,
        finding_class=FindingClass.DRIFTED,
        step=StepName.FILES,
        title="A link stands where a file of the box should be",
        cause="In a folder that others than root may change, somebody put a symbolic link in the place of a file, or "
        "gave a file of another place a second name there (hard link). Root, following it, would read or change what "
        "it leads to; so it is not followed.",
        software="The repair replaces links in the place of the certificate and its key, and leaves alone what they "
        "lead to.",
        remedy="Replace any other yourself by a plain file that belongs to the box's user, and find out who made it: "
        "it takes the password of that user, or somebody who broke into a program on the box.",
        mended_by=RepairKind.COPY_CERTIFICATE,
        sentences={
            "link": "{path} is a link to {target:most 120}",
            "names": "{path} is a file with {names} names (hard links)",
        },
        shows="each path with where its link leads, or how many names its file has",
        systems=(OperatingSystem.LINUX,),
    ),
)
