"""How an enrolment ends for one box: each ending with its sentence, the way out, and the exit status."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from ..model.admission import Hurdle
from ..model.status import FAILED, IN_SYNC, UNREACHED
from ..printable import printable
from ..results.finding import Finding

_LONGEST: Final = 600
"""Characters of one value, as of all that is said of a finding."""


class Ending(StrEnum):
    """Each way."""

    ENROLLED = "enrolled"
    NOTHING_TO_DO = "nothing_to_do"
    REMOVED = "removed"
    NOT_THERE = "not_there"
    NOT_SSH = "not_ssh"
    WINDOWS = "windows"
    SSH_OFF = "ssh_off"
    FOUND = "found"
    FAILED = "failed"
    NO_KEY = "no_key"
    HOST_KEY_DIFFERS = "host_key_differs"
    HOST_KEY_OF_ANOTHER = "host_key_of_another"
    HOST_KEY_SHARED = "host_key_shared"
    HOST_KEY_UNKNOWN = "host_key_unknown"
    HOST_KEY_NOT_COMPARED = "host_key_not_compared"
    FINGERPRINT_DIFFERS = "fingerprint_differs"
    NAME_UNFIT = "name_unfit"
    NO_HOMEPAGE = "no_homepage"
    NO_ROUTE = "no_route"
    OTHER_USER = "other_user"
    NO_PASSWORDS = "no_passwords"
    OTHER_SERIAL = "other_serial"
    SERIAL_OF_ANOTHER = "serial_of_another"
    NO_PASSWORD = "no_password"  # noqa: S105 - a name
    WRONG_PASSWORD = "wrong_password"  # noqa: S105 - a name
    RESTRICTED = "restricted"
    HURDLE = "hurdle"
    NOT_NOTED = "not_noted"
    NOT_PROVED = "not_proved"
    DECLINED = "declined"
    DEFECT = "defect"


@dataclass(frozen=True, slots=True)
class EndingEntry:
    """What is said.

    Args:
        says: with the names of values in braces.
        fix: the way out; empty where nothing is wrong.
        status: what it adds to the exit status.
    """

    says: str
    fix: str = ""
    status: int = FAILED


_COMPARE: Final = "compare it on the box (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub)"
_BY_HOMEPAGE: Final = "set iot_https_connection: homepage, by which a box without SSH is looked after"

ENDINGS: Final[Mapping[Ending, EndingEntry]] = MappingProxyType(
    {
        Ending.ENROLLED: EndingEntry("enrolled: {what}", status=IN_SYNC),
        Ending.NOTHING_TO_DO: EndingEntry("nothing to do: the key lets in already", status=IN_SYNC),
        Ending.REMOVED: EndingEntry("removed: the key no longer lets in", status=IN_SYNC),
        Ending.NOT_THERE: EndingEntry("nothing to do: the key is not on the box", status=IN_SYNC),
        Ending.NOT_SSH: EndingEntry("is reached by {connection}, so no SSH key is needed", status=IN_SYNC),
        Ending.WINDOWS: EndingEntry("is a Windows virtual IoT, which has no SSH", _BY_HOMEPAGE),
        Ending.SSH_OFF: EndingEntry(
            "SSH is refused at {address}",
            f"start sshd there (sudo systemctl enable --now ssh), or {_BY_HOMEPAGE}",
            UNREACHED,
        ),
        Ending.FOUND: EndingEntry("{code}: {evidence}", "{remedy}", UNREACHED),
        Ending.FAILED: EndingEntry("{code}: {evidence}", "{remedy}"),
        Ending.NO_KEY: EndingEntry("{reason}"),
        Ending.HOST_KEY_DIFFERS: EndingEntry(
            "shows another host key than the known one: {evidence}",
            "{remedy}",
            UNREACHED,
        ),
        Ending.HOST_KEY_OF_ANOTHER: EndingEntry(
            "{address} shows {fingerprint}, the host key of {owners}", "see whether addresses were swapped", UNREACHED
        ),
        Ending.HOST_KEY_SHARED: EndingEntry(
            "{address} shows {fingerprint}, as {owners} does",
            "one machine answers for both: correct ansible_host; or their image was cloned: make new host keys",
            UNREACHED,
        ),
        Ending.HOST_KEY_UNKNOWN: EndingEntry("its host key is not known", "run iot-https host-keys first", UNREACHED),
        Ending.HOST_KEY_NOT_COMPARED: EndingEntry(
            "its host key {fingerprint} was not compared",
            f"{_COMPARE}, then --host-key-fingerprint {{name}}={{fingerprint}}",
            UNREACHED,
        ),
        Ending.FINGERPRINT_DIFFERS: EndingEntry(
            "{address} shows the host key {fingerprint}, not {given}", "see which machine answers there", UNREACHED
        ),
        Ending.NAME_UNFIT: EndingEntry(
            "its name cannot stand in a file of known hosts", "use letters, digits, dots, dashes and underscores"
        ),
        Ending.NO_HOMEPAGE: EndingEntry(
            "no password: its homepage at {address} gives no answer that can be used ({reason})",
            "open TCP {port} to the box, or log in with --ask-password",
            UNREACHED,
        ),
        Ending.NO_ROUTE: EndingEntry(
            "no password: the homepage of {generation} cannot make one", "log in with --ask-password"
        ),
        Ending.OTHER_USER: EndingEntry(
            "no password: the homepage makes one for pi, and the inventory logs in as {user}",
            "set ansible_user: pi, or log in with --ask-password",
        ),
        Ending.NO_PASSWORDS: EndingEntry(
            "sshd takes no password (PasswordAuthentication no)",
            "add {source} to /home/{user}/.ssh/authorized_keys by a way that lets you in",
            UNREACHED,
        ),
        Ending.OTHER_SERIAL: EndingEntry(
            "is another box: its serial number is {serial}, not {wanted}; nothing was written",
            "correct ansible_host, or iot_https_serial where the box was replaced",
        ),
        Ending.SERIAL_OF_ANOTHER: EndingEntry(
            "is another box: its serial number {serial} is that of {owner}; nothing was written", "correct ansible_host"
        ),
        Ending.NO_PASSWORD: EndingEntry(
            "no password: the homepage did not make one ({reason})", "run enroll again, or log in with --ask-password"
        ),
        Ending.WRONG_PASSWORD: EndingEntry(
            "the password is not that of {user}",
            "correct it; a box that restarts makes a new one, so run enroll again if it was just made",
            UNREACHED,
        ),
        Ending.RESTRICTED: EndingEntry(
            "the key is in authorized_keys with options, such as a command that it is tied to",
            "remove that line on the box, then run enroll again",
        ),
        Ending.NOT_NOTED: EndingEntry(
            "the key was added, and the host key not noted: {reason}", "correct that, then run enroll again"
        ),
        Ending.NOT_PROVED: EndingEntry(
            "the key was added, but does not let in: {code}: {evidence}",
            "look at sshd's log on the box (journalctl -u ssh)",
        ),
        Ending.DECLINED: EndingEntry("nothing was done: {reason}"),
        Ending.DEFECT: EndingEntry(
            "iot-https has a defect, {kind}, and this box was not finished",
            "run it again with --debug, and report that",
        ),
    }
)

HURDLES: Final[Mapping[Hurdle, EndingEntry]] = MappingProxyType(
    {
        Hurdle.NO_ACCOUNT: EndingEntry("the box has no user {detail}", "correct ansible_user"),
        Hurdle.NO_HOME: EndingEntry("the home {path} of {detail} is not there", "make it, or correct ansible_user"),
        Hurdle.OPEN_FOLDER: EndingEntry(
            "others may write to {path}, so sshd ignores the keys below it", "on the box: chmod go-w {path}"
        ),
        Hurdle.FOREIGN: EndingEntry("{path} is not what it should be ({detail})", "remove it on the box"),
        Hurdle.IN_MEMORY: EndingEntry(
            "{path} is in memory ({detail}), so that a key would be gone after a reboot", "move the home to the disk"
        ),
        Hurdle.READ_ONLY: EndingEntry(
            "the root is read-only and cannot be made writable ({detail})", "check the box's SD card: dmesg on the box"
        ),
        Hurdle.UNREADABLE: EndingEntry("{path} cannot be read ({detail})", "correct or remove it on the box"),
        Hurdle.NOT_WRITTEN: EndingEntry("{path} cannot be written ({detail})", "correct that on the box"),
    }
)


@dataclass(frozen=True, slots=True)
class EnrolmentEnd:
    """What came of one box.

    Args:
        values: for the sentence.
        hurdle: which one it was, where the box met one.
        serial: to be pinned, where the box may be.
    """

    name: str
    ending: Ending
    values: Mapping[str, str] = field(default_factory=dict)
    hurdle: Hurdle | None = None
    serial: str | None = None

    @property
    def entry(self) -> EndingEntry:
        """What is known of the ending."""
        return ENDINGS[self.ending] if self.hurdle is None else HURDLES[self.hurdle]

    @property
    def text(self) -> str:
        """One line about the box."""
        values = {name: printable(value)[:_LONGEST] for name, value in {**self.values, "name": self.name}.items()}
        says = self.entry.says.format_map(values)
        return f"{says}; fix: {self.entry.fix.format_map(values)}" if self.entry.fix else says


def found(name: str, why: Finding, ending: Ending = Ending.FOUND) -> EnrolmentEnd:
    """Return an ending that a finding explains."""
    return EnrolmentEnd(name, ending, {"code": why.code, "evidence": why.evidence, "remedy": why.remedy})
