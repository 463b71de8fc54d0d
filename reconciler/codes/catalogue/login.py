"""Codes about the login on a box: whose key it takes, whether it then runs a command, and whether `sudo` lets us.

Each variant is a cause that is known better than by the code alone, with the remedy that fits it.
"""

from __future__ import annotations

from typing import Final

from ...model.code_name import CodeName, Variant
from ...model.operating_system import OperatingSystem
from ...model.severity import FindingClass, Severity
from ...model.step_name import StepName
from ..entry import Code, Origin, Reached, Trait, VariantEntry
from ..phrases.way import WAY

_BOTH: Final = (
    "What is changed in /etc is gone when the box restarts: change it below /root_bypass_ramdisks/etc as well, which "
    "takes `sudo mount -o remount,rw /root_bypass_ramdisks` first where that is read-only."
)
_USER: Final = "USER stands for the user in the evidence."
_USER_AND_BOX: Final = "USER stands for the user in the evidence, BOX for the address of the box."
_ADD: Final = (
    "ssh -o PubkeyAuthentication=no pi@BOX 'ro=; [ -w ~ ] || ro=1; [ -z $ro ] || sudo mount -o remount,rw /; "
    "umask 077; mkdir -p ~/.ssh; cat >> ~/.ssh/authorized_keys; [ -z $ro ] || { sudo mount -o remount,ro /; "
    "sudo mount -o remount,rw /root_bypass_ramdisks/etc/cups; }' < ~/.ssh/id_ed25519.pub"
)
"""Adds a key to a box. Its root, read-only up to 18.0, is so again afterwards, but for the folder of CUPS that the
image keeps writable."""

CODES: Final = (
    Code(
        name=CodeName.AUTHENTICATION_FAILED,
        severity=Severity.ERROR,
        finding_class=FindingClass.UNKNOWN,
        sentences=WAY,
        step=StepName.REACHABLE,
        title="The box does not accept our SSH key",
        cause="The key was never put on the box, or the box was flashed since: /home/pi/.ssh is lost by that. A "
        "password does not last, the box sets a new one at every start.",
        remedy="Put the public key on the box: `ssh-copy-id -i KEY.pub pi@BOX`, where KEY stands for your key and BOX "
        "for the address of the box; the password is on the homepage (gear button). Where the root is read-only, as "
        "on images up to 18.0, first on the box: `sudo mount -o remount,rw /` and afterwards: `sudo mount -o "
        "remount,ro /` and `sudo mount -o remount,rw /root_bypass_ramdisks/etc/cups`. If the key is there already, "
        "`sudo journalctl -u ssh` on the box tells why sshd does not take it.",
        recipes=(("On the control machine, with the address of the box and the file of the public key", _ADD),),
        variants={
            Variant.KEY_FILE_MISSING: VariantEntry(
                title="The SSH key file is missing on the control machine",
                cause="The file that ansible_ssh_private_key_file or ssh_config names is not there.",
                remedy="Nothing is wrong with the box yet: the key file is not on the control machine. Correct "
                "ansible_ssh_private_key_file, or put the file back.",
            ),
            Variant.KEY_FILE_UNUSABLE: VariantEntry(
                title="The SSH key file on the control machine cannot be used",
                cause="The file holds no private key, or this user may not read it, so the box was offered no key.",
                remedy="Nothing is wrong with the box yet: the key file cannot be used. Correct "
                "ansible_ssh_private_key_file, which names the private key, not the .pub file, or the file's owner "
                "and mode (0600).",
            ),
            Variant.KEY_FILE_ENCRYPTED: VariantEntry(
                title="The SSH key on the control machine is encrypted",
                cause="Its passphrase is not asked for, and no agent holds the key, so the box was offered none.",
                remedy="Nothing is wrong with the box yet: the key is encrypted, and nobody is asked for its "
                "passphrase. Load it into an agent with ssh-add. A schedule has no agent: give it a key of its own.",
            ),
            Variant.NO_KEY: VariantEntry(
                title="The control machine has no SSH key to offer",
                cause="No key file is named, none of the usual ones is there, and there is no agent.",
                remedy="Name a private key by ansible_ssh_private_key_file, or load one into an agent: the control "
                "machine had none to offer.",
            ),
            Variant.OTHER_USER: VariantEntry(
                title="The box does not let this user in",
                cause="The image has no such login, or our key is not in the user's authorized_keys.",
                remedy="Set ansible_user: pi in the inventory: that is the user of the images, and the evidence "
                "names another one. Where that user is meant, put the public key into its ~/.ssh/authorized_keys on "
                "the box.",
            ),
            Variant.TOO_MANY_KEYS: VariantEntry(
                remedy="The box gave up before the right key came. Name that key by ansible_ssh_private_key_file, "
                "and offer no other: ansible_ssh_common_args: -o IdentitiesOnly=yes."
            ),
        },
        shows="the user, the keys that were offered and what the server accepts",
        traits=(Trait.STAYS_SHUT,),
        reached=Reached.NOTHING,
        origin=Origin.CONNECTION,
        systems=(OperatingSystem.LINUX,),
    ),
    Code(
        name=CodeName.LOGIN_BLOCKED,
        severity=Severity.ERROR,
        finding_class=FindingClass.UNKNOWN,
        sentences=WAY,
        step=StepName.REACHABLE,
        title="The box accepts our key and runs no command for us",
        cause="The user's password or account has expired, its shell runs nothing, its key is tied to another "
        "command, or a start file of its shell ends it.",
        remedy="Look on the box at what ends the login. A start file of the shell (~/.bashrc, ~/.zshenv, "
        "config.fish): exit, exec and set -e belong behind a test for a person, in bash case $- in *i*) ;; *) "
        "return;; esac. The user's shell: `getent passwd USER`. The key's line in ~/.ssh/authorized_keys: command=. "
        f"sshd: `sudo sshd -T | grep -i -e forcecommand -e chroot`. {_USER}",
        variants={
            Variant.PASSWORD_EXPIRED: VariantEntry(
                title="The password of the user on the box has expired",
                cause="sshd then runs nothing but a change of the password, also for who logs in with a key.",
                remedy="Log in on a terminal (`ssh -t USER@BOX`) and set a new password when asked, then keep it from "
                f"expiring: `sudo chage -M -1 USER`. {_USER_AND_BOX} {_BOTH} The user pi gets a new password whenever "
                "Odoo starts.",
            ),
            Variant.ACCOUNT_EXPIRED: VariantEntry(
                title="The account of the user on the box has expired",
                cause="Its end was set with chage or usermod, and PAM lets nobody in after it.",
                remedy=f"On the box, as another user who may become root: `sudo chage -E -1 USER`. {_USER} {_BOTH}",
            ),
            Variant.NO_LOGIN_SHELL: VariantEntry(
                title="The user on the box has no login shell",
                cause="Its shell is nologin, which prints a line and ends.",
                remedy="Set ansible_user: pi in the inventory: the user in the evidence has a shell that runs "
                "nothing, as odoo and other service users have. Where that user is meant, on the box: `sudo usermod "
                f"-s /bin/bash USER`. {_USER} {_BOTH}",
            ),
            Variant.FORCED_COMMAND: VariantEntry(
                title="The login on the box is tied to another command",
                cause="The key's line in authorized_keys, or sshd, names the command that runs in place of ours.",
                remedy="Name another key by ansible_ssh_private_key_file, or free this one on the box: take command= "
                "from its line in ~/.ssh/authorized_keys, and ForceCommand from /etc/ssh/sshd_config and "
                "sshd_config.d.",
            ),
            Variant.SHELL_MISSING: VariantEntry(
                title="A start file on the box hands over to a shell that is missing",
                cause="It says exec with the name of a shell that is not installed.",
                remedy="Take the line that the evidence names out of the start file on the box, or install the shell "
                "that it starts. A login without a command (`ssh USER@BOX`) still opens a shell. Where no file is "
                f"named, look for ChrootDirectory: `sudo sshd -T`. {_USER_AND_BOX}",
            ),
            Variant.RESTRICTED_SHELL: VariantEntry(
                title="The shell of the user on the box is restricted",
                cause="It runs no program by its path.",
                remedy="Set ansible_user: pi in the inventory, or give the user a shell that runs programs by their "
                f"path, on the box: `sudo usermod -s /bin/bash USER`. {_USER} {_BOTH}",
            ),
            Variant.TOO_MANY_LOGINS: VariantEntry(
                remedy="Run again when others have logged out. If it stays so, raise maxlogins in "
                "/etc/security/limits.conf and limits.d on the box."
            ),
            Variant.NO_SESSION: VariantEntry(
                remedy="Look on the box at what keeps sshd from opening a session: MaxSessions (`sudo sshd -T`), nproc "
                "in /etc/security/limits.d, free memory."
            ),
        },
        shows="the user, and what was printed in place of an answer",
        reached=Reached.BOX,
        origin=Origin.CONNECTION,
        systems=(OperatingSystem.LINUX,),
    ),
    Code(
        name=CodeName.SUDO_REFUSED,
        severity=Severity.ERROR,
        finding_class=FindingClass.UNKNOWN,
        sentences=WAY,
        step=StepName.REACHABLE,
        title="The user on the box may not become root without a password",
        cause="Images let the user pi use sudo without a password; here that was taken away, or the user is another "
        "one.",
        remedy="Set ansible_become_password in the vault where sudo is to ask. Otherwise look on the box at which "
        "rules hold: `sudo -l -U USER`; of several that fit the last one counts. Images have the line 'pi ALL=(ALL) "
        f"NOPASSWD: ALL' in /etc/sudoers.d/010_pi-nopasswd. {_USER} {_BOTH}",
        variants={
            Variant.TERMINAL_DEMANDED: VariantEntry(
                title="sudo on the box demands a terminal",
                cause="A line 'Defaults requiretty' is in its rules.",
                remedy="The rule for the user is there; a line 'Defaults requiretty' demands a terminal, which no "
                "program has. Take it out (`sudo grep -r requiretty /etc/sudoers /etc/sudoers.d`), or add the line "
                f"'Defaults:USER !requiretty' below it. {_BOTH}",
            ),
            Variant.NO_RULE: VariantEntry(
                title="sudo on the box has no rule for this user",
                cause="The user is another one than the image's, or its rule was taken away.",
                remedy="Set ansible_user: pi in the inventory: sudo has no rule for the user in the evidence. Where "
                f"that user is meant, give it one on the box, as docs/privileges.md has it. {_BOTH}",
            ),
            Variant.OTHER_COMMANDS: VariantEntry(
                title="The rules of sudo on the box do not allow our command",
                cause="The user may run some commands as root, and this one is not among them.",
                remedy="The rules for the user allow other commands than this one: `sudo -l -U USER` on the box lists "
                f"them, and docs/privileges.md has the line that iot-https needs. {_USER} {_BOTH}",
            ),
            Variant.WRONG_PASSWORD: VariantEntry(
                title="sudo on the box does not accept the become password",
                cause="ansible_become_password is not the password of the user on the box.",
                remedy="Correct ansible_become_password in the vault: it is the password of the user on the box.",
            ),
            Variant.ACCOUNT_EXPIRED: VariantEntry(
                title="sudo on the box refuses an expired account",
                cause="The password or the account of the user has expired.",
                remedy="The user's password or account has expired, whatever the rules of sudo: `sudo chage -M -1 -E "
                f"-1 USER`, on the box, as another user who may become root. {_USER} {_BOTH}",
            ),
            Variant.SUDOERS_BROKEN: VariantEntry(
                title="The rules of sudo on the box cannot be read",
                cause="A file of rules has a syntax error, another owner, or may be written by others.",
                remedy="A file of rules is broken, so that sudo does not read it, whatever it says: `visudo -c`, as "
                "root on the box, names file and line. They belong to root, with mode 0440; `pkexec visudo` works "
                f"where sudo does not. {_BOTH}",
            ),
            Variant.SUDO_BROKEN: VariantEntry(
                title="sudo on the box cannot become root",
                cause="The program has lost its owner or its setuid bit, or its file system is mounted with nosuid.",
                remedy="sudo itself cannot become root on this box: give the program back to root with mode 4755, on "
                "a file system without nosuid. The rules are not the cause.",
            ),
            Variant.SUDO_MISSING: VariantEntry(
                title="There is no sudo on the box",
                cause="The machine at this address is no IoT box, or sudo was removed.",
                remedy="Check the address: every IoT box image has sudo, and there is none here, or it may not be "
                "run. A user root needs none: ansible_user: root.",
            ),
        },
        shows="what sudo says",
        reached=Reached.BOX,
        origin=Origin.CONNECTION,
        systems=(OperatingSystem.LINUX,),
    ),
)
