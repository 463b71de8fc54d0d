"""Codes about the way to a box: where the control machine could not get through, and how far it came."""

from __future__ import annotations

from typing import Final

from ...model.code_name import CodeName, Variant
from ...model.operating_system import OperatingSystem
from ...model.severity import FindingClass, Severity
from ...model.step_name import StepName
from ..entry import Code, Origin, Otherwise, Reached, RemedyVerb, Trait, VariantEntry
from ..phrases import windows
from ..phrases.way import WAY

_ADDRESS: Final = "address and port, and what happened to the connection"

_CHANGED: Final = (
    "Nothing was sent. If the box was flashed or exchanged, forget the old key and accept the new one: `ssh-keygen -R "
    "NAME`, where NAME stands for the name under which the key is known. Otherwise find out which machine has the "
    "address."
)
_UNKNOWN: Final = (
    "Nothing was sent. {how} shows the keys of all boxes that are not known yet, and adds them under the boxes' names "
    "when you have compared them. On a box, `ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` tells its key. A key "
    "that is known for another name means that addresses were swapped."
)
_UNKNOWN_IN_A_RUN: Final = _UNKNOWN.format(how="`iot-https host-keys`")
_UNKNOWN_IN_A_PLAY: Final = _UNKNOWN.format(
    how="`iot-https host-keys -i INVENTORY` (INVENTORY stands for the inventory of the play)"
)
_ACCEPT: Final = "accept the key that it shows: `{command_to_accept}`"
_FLASHED: Final = f"If the box was flashed or exchanged, forget its old key: `{{commands_to_forget}}`; then {_ACCEPT}"
_BY_HAND: Final = f"Nothing was sent. Compare the key with that of the server, and {_ACCEPT}"
_REPLACED: Final = f"Nothing was sent. {_FLASHED}"
_SWAPPED: Final = (
    "Nothing was sent. The key belongs to another machine of yours: see whether addresses were swapped. " + _FLASHED
)

CODES: Final = (
    Code(
        name=CodeName.ADDRESS_NOT_FOUND,
        severity=Severity.ERROR,
        finding_class=FindingClass.UNKNOWN,
        sentences=WAY,
        step=StepName.REACHABLE,
        title="The box's host name cannot be resolved",
        cause="The control machine's DNS does not know the name under which the inventory reaches the box.",
        remedy="Correct ansible_host in the inventory, or the DNS of the control machine. An IP address always works.",
        shows="the host name and what the resolver says",
        reached=Reached.NOTHING,
        origin=Origin.CONNECTION,
    ),
    Code(
        name=CodeName.CONNECTION_REFUSED,
        severity=Severity.ERROR,
        finding_class=FindingClass.UNKNOWN,
        sentences=WAY,
        step=StepName.REACHABLE,
        title="The box refuses SSH connections",
        cause="Something answers at the address, and no SSH server listens there: another device has the address, or "
        "the box's SSH service is off.",
        remedy="Check the address and ansible_port. On the box: `sudo systemctl enable --now ssh`.",
        shows=_ADDRESS,
        reached=Reached.NOTHING,
        origin=Origin.CONNECTION,
        on={
            OperatingSystem.WINDOWS: Otherwise(
                title="The box refuses connections",
                cause="Something answers at the address, and Odoo does not listen there: another device has the "
                "address, or its service on the box is stopped.",
                remedy=f"Check the address. {windows.RESTART} {windows.ALLOW}.",
                recipes=(windows.RESTART_LINE, windows.FIREWALL_LINE),
            )
        },
    ),
    Code(
        name=CodeName.CONNECTION_TIMEOUT,
        severity=Severity.ERROR,
        finding_class=FindingClass.UNKNOWN,
        sentences=WAY,
        step=StepName.REACHABLE,
        title="The box does not answer",
        cause="It is switched off, offline, has another address, or a firewall or VPN in between drops the packets.",
        remedy="Ask the shop whether the box has power and network. If it has, check its address on the homepage and "
        "the VPN to the shop, TCP port 22.",
        shows=_ADDRESS,
        reached=Reached.NOTHING,
        origin=Origin.CONNECTION,
        on={
            OperatingSystem.WINDOWS: Otherwise(
                remedy="Ask the shop whether the box has power and network, and does not sleep. If so, check its "
                f"address and the VPN to the shop. {windows.ALLOW}.",
                recipes=(windows.FIREWALL_LINE,),
            )
        },
    ),
    Code(
        name=CodeName.HOST_KEY_CHANGED,
        severity=Severity.ERROR,
        finding_class=FindingClass.UNKNOWN,
        sentences=WAY,
        step=StepName.REACHABLE,
        title="The box shows another SSH host key than before",
        cause="Another machine has its address, the box was flashed anew, or somebody is in between.",
        remedy=_CHANGED,
        variants={
            Variant.KEY_REPLACED: VariantEntry(
                when="The box shows another key than the one that is known", remedy=_REPLACED
            ),
            Variant.KEY_SWAPPED: VariantEntry(
                when="The key that the box shows is known for another machine as well", remedy=_SWAPPED
            ),
        },
        shows="the name under which the key is known, and the fingerprint of the new one",
        traits=(Trait.STAYS_SHUT,),
        reached=Reached.NOTHING,
        origin=Origin.CONNECTION,
        systems=(OperatingSystem.LINUX,),
    ),
    Code(
        name=CodeName.HOST_KEY_UNKNOWN,
        severity=Severity.ERROR,
        finding_class=FindingClass.UNKNOWN,
        sentences=WAY,
        step=StepName.REACHABLE,
        title="The box's SSH host key is not known yet",
        cause="Nobody has accepted the host key of this box on this control machine under its inventory name.",
        remedy=_UNKNOWN_IN_A_RUN,
        verb=RemedyVerb.HOST_KEYS,
        in_a_play=_UNKNOWN_IN_A_PLAY,
        variants={Variant.KEY_SHOWN: VariantEntry(when="It is the key of a jump host", remedy=_BY_HAND)},
        shows="the name under which the key is looked for, and its fingerprint",
        traits=(Trait.STAYS_SHUT,),
        reached=Reached.NOTHING,
        origin=Origin.CONNECTION,
        systems=(OperatingSystem.LINUX,),
    ),
    Code(
        name=CodeName.JUMP_HOST_FAILED,
        severity=Severity.ERROR,
        finding_class=FindingClass.UNKNOWN,
        sentences=WAY,
        step=StepName.REACHABLE,
        title="The jump host in front of the box cannot be used",
        cause="The way to the shop leads through another host, and that one does not let us through.",
        remedy="Try ssh to the jump host by hand from the control machine, then run again.",
        variants={
            Variant.NO_FORWARDING: VariantEntry(
                when="The jump host forwards no connection to the box",
                remedy="Allow it on the jump host: AllowTcpForwarding, PermitOpen.",
            ),
            Variant.KEY_SHOWN: VariantEntry(when="The jump host's key is not known yet", remedy=_BY_HAND),
            Variant.KEY_REPLACED: VariantEntry(
                when="The jump host shows another key than the one that is known", remedy=_REPLACED
            ),
            Variant.KEY_SWAPPED: VariantEntry(
                when="The key that the jump host shows is known for another machine as well", remedy=_SWAPPED
            ),
            Variant.KEY_UNKNOWN: VariantEntry(
                when="The jump host has a certificate that does not fit",
                remedy=_UNKNOWN_IN_A_RUN,
                verb=RemedyVerb.HOST_KEYS,
                in_a_play=_UNKNOWN_IN_A_PLAY,
            ),
            Variant.KEY_CHANGED: VariantEntry(when="The jump host has a key that was revoked", remedy=_CHANGED),
        },
        shows="the jump host and what happened there",
        reached=Reached.NOTHING,
        origin=Origin.CONNECTION,
        systems=(OperatingSystem.LINUX,),
    ),
    Code(
        name=CodeName.PYTHON_MISSING,
        severity=Severity.ERROR,
        finding_class=FindingClass.UNKNOWN,
        sentences=WAY,
        step=StepName.REACHABLE,
        title="There is no Python on the box",
        cause="The machine at this address is no IoT box, or ansible_python_interpreter names a program that is not "
        "there.",
        remedy="Check the address and ansible_python_interpreter. Every IoT box image has /usr/bin/python3.",
        shows="what the shell says",
        reached=Reached.BOX,
        origin=Origin.CONNECTION,
        systems=(OperatingSystem.LINUX,),
    ),
    Code(
        name=CodeName.REPLY_CUT_OFF,
        severity=Severity.ERROR,
        finding_class=FindingClass.UNKNOWN,
        sentences=WAY,
        step=StepName.REACHABLE,
        title="The connection broke while the box was at work",
        cause="The network failed or the box lost power after the program had been sent. The program on the box "
        "needs no connection: it finishes or undoes what it began.",
        remedy="Run again: the next run finds out how far it came.",
        shows="how far the answer came",
        traits=(Trait.END_UNSEEN,),
        origin=Origin.CONNECTION,
        systems=(OperatingSystem.LINUX,),
    ),
    Code(
        name=CodeName.CONNECTION_FAILED,
        severity=Severity.ERROR,
        finding_class=FindingClass.UNKNOWN,
        sentences=WAY,
        step=StepName.REACHABLE,
        title="No SSH connection to the box came about",
        cause="The server at the address speaks no SSH, or none that both sides accept.",
        remedy="Try ssh to the box by hand from the control machine and look at what it says.",
        variants={
            Variant.SETTINGS: VariantEntry(
                when="The SSH settings cannot be used",
                remedy="Correct the named place: ansible_ssh_ variables in the inventory, or ssh_config.",
            ),
            Variant.HOST_UNREACHABLE: VariantEntry(
                when="In the box's network nobody answers at the address",
                remedy="Ask the shop whether the box has power and network: in its network nobody answers at this "
                "address. If it has, check ansible_host against the address on the box's homepage.",
            ),
            Variant.NETWORK_UNREACHABLE: VariantEntry(
                when="The control machine has no route to the box's network",
                remedy="The control machine has no route to this network: check its VPN to the shop.",
            ),
            Variant.STARTING: VariantEntry(
                remedy="Run again in a few minutes: the box is starting or shutting down. If it stays so, remove the "
                "file /run/nologin on the box."
            ),
            Variant.DROPPED: VariantEntry(
                remedy="Run again in a few minutes, with fewer --forks: sshd drops connections while many log in at "
                "once (MaxStartups) and, from OpenSSH 9.8 on, for a while those of an address that failed to log in "
                "several times (PerSourcePenalties). If it stays so, something else has the address: check "
                "ansible_host and ansible_port."
            ),
            Variant.CLOSED_AT_LOGIN: VariantEntry(
                remedy="Look on the box for why: `sudo journalctl -u ssh`. A file /etc/nologin keeps out everybody but "
                "root, rules of PAM single users."
            ),
        },
        shows=_ADDRESS,
        reached=Reached.NOTHING,
        origin=Origin.CONNECTION,
        systems=(OperatingSystem.LINUX,),
    ),
)
