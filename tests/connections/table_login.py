"""What boxes print where no program comes to run: recorded on Debian 12 and 13, beside older and newer wordings."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.codes import CodeName, Variant

C, V = CodeName, Variant


@dataclass(frozen=True)
class Said:
    """A text, the exit status that comes with it, and what it means."""

    text: str
    status: int | None
    code: CodeName
    variant: Variant | None = None


def _sudo(text: str, variant: Variant | None = None, status: int = 1) -> Said:
    return Said(text, status, C.SUDO_REFUSED, variant)


def _login(text: str, status: int | None, variant: Variant) -> Said:
    return Said(text, status, C.LOGIN_BLOCKED, variant)


_BOOTING = (
    "System is booting up. Unprivileged users are not permitted to log in yet. Please come back later. For technical"
)
_DOWN = "System is going down. Unprivileged users are not permitted to log in anymore. For technical details, see"

RECORDED = (
    # sshd and PAM
    _login(
        "WARNING: Your password has expired.\nPassword change required but no TTY available.\n", 1, V.PASSWORD_EXPIRED
    ),
    _login("Password change required but no TTY available.\n", 1, V.PASSWORD_EXPIRED),
    _login("You are required to change your password immediately (password expired).\n", None, V.PASSWORD_EXPIRED),
    _login("Your account has expired; please contact your system administrator.\n", None, V.ACCOUNT_EXPIRED),
    Said(f"{_BOOTING} details, see pam_nologin(8).\n\n", None, C.CONNECTION_FAILED, V.STARTING),
    Said(f'"{_DOWN} pam_nologin(8)."\n', None, C.CONNECTION_FAILED, V.STARTING),
    _login("Linux iotbox 6.1\n\nThere were too many logins for 'pi'.\n", 254, V.TOO_MANY_LOGINS),
    # shells
    _login("This account is currently not available.\n", 1, V.NO_LOGIN_SHELL),
    _login("This service allows sftp connections only.\n", 1, V.FORCED_COMMAND),
    _login("fatal: Interactive git shell is not enabled.\n", 128, V.FORCED_COMMAND),
    _login("rbash: line 1: /usr/bin/env: restricted: cannot specify `/' in command names\n", 1, V.RESTRICTED_SHELL),
    _login("/home/pi/.bashrc: line 1: exec: fish: not found\n", 127, V.SHELL_MISSING),
    _login("/home/pi/.bashrc: line 12: /usr/bin/fish: No such file or directory\n", 127, V.SHELL_MISSING),
    _login("sh: 1: exec: fish: not found\n", 127, V.SHELL_MISSING),
    _login("/home/pi/.zshenv:exec:1: command not found: fish\n", 127, V.SHELL_MISSING),
    _login("/bin/bash: No such file or directory\n", 1, V.SHELL_MISSING),
    # sudo that is not whole
    _sudo("sudo: /usr/bin/sudo must be owned by uid 0 and have the setuid bit set\n", V.SUDO_BROKEN),
    _sudo(
        "sudo: effective uid is not 0, is /usr/bin/sudo on a file system with the 'nosuid' option set?\n", V.SUDO_BROKEN
    ),
    _sudo('sudo: The "no new privileges" flag is set, which prevents sudo from running as root.\n', V.SUDO_BROKEN),
    _sudo("sudo: /etc/sudoers is world writable\nsudo: no valid sudoers sources found, quitting\n", V.SUDOERS_BROKEN),
    _sudo(
        "sudo: /etc/sudoers is owned by uid 1000, should be 0\nsudo: error initializing audit plugin sudoers_audit\n",
        V.SUDOERS_BROKEN,
    ),
    _sudo("/etc/sudoers:1:1: syntax error\n(((\n^\nsudo: a password is required\n", V.SUDOERS_BROKEN),
    _sudo(">>> /etc/sudoers.d/x: syntax error near line 1 <<<\nsudo: a password is required\n"),
    _sudo("sudo: unable to stat /etc/sudoers: Permission denied\n", V.SUDOERS_BROKEN),
    _sudo("sudo: no valid sudoers sources found, quitting\n", V.SUDOERS_BROKEN),
    _sudo("/usr/bin/env: 'sudo': No such file or directory\n", V.SUDO_MISSING, 127),
    _sudo("env: \u2018sudo\u2019: Permission denied\n", V.SUDO_MISSING, 126),
    _sudo("bash: line 1: sudo: command not found\n", V.SUDO_MISSING, 127),
    _sudo("sh: 1: sudo: not found\n", V.SUDO_MISSING, 127),
    # sudo that says no
    _sudo("sudo: sorry, you must have a tty to run sudo\n", V.TERMINAL_DEMANDED),
    _sudo("sudo: you must have a tty to run sudo\n", V.TERMINAL_DEMANDED),
    _sudo("sudo: Account or password is expired, reset your password and try again\n", V.ACCOUNT_EXPIRED),
    _sudo("sudo: account validation failure, is your account locked?\n", V.ACCOUNT_EXPIRED),
    _sudo("sudo: Password expired, contact your system administrator\n", V.ACCOUNT_EXPIRED),
    _sudo("sudo: PAM account management error: Authentication failure\n", V.ACCOUNT_EXPIRED),
    _sudo("tuan is not in the sudoers file.\n", V.NO_RULE),
    _sudo("tuan is not in the sudoers file.  This incident will be reported.\n", V.NO_RULE),
    _sudo("pi is not allowed to run sudo on iotbox.  This incident will be reported.\n", V.NO_RULE),
    _sudo("Sorry, user pi may not run sudo on iotbox.\n", V.NO_RULE),
    _sudo("sudo: I'm sorry pi. I'm afraid I can't do that\n", V.NO_RULE),
    _sudo("Sorry, user pi is not allowed to execute '/usr/bin/python3 -I' as root on iotbox.\n", V.OTHER_COMMANDS),
    _sudo(
        "Sorry, try again.\n\nsudo: no password was provided\nsudo: 1 incorrect password attempt\n", V.WRONG_PASSWORD
    ),
    _sudo("sudo: unable to resolve host iotbox: Name or service not known\nsudo: a password is required\n"),
    _sudo("sudo: interactive authentication is required\n"),
    _sudo("sudo: a terminal is required to read the password; either use the -S option\n"),
    _sudo("sudo: no tty present and no askpass program specified\n"),
    # no Python
    Said("sudo: python3: command not found\n", 1, C.PYTHON_MISSING),
    Said("/usr/bin/env: 'python3': No such file or directory\n", 127, C.PYTHON_MISSING),
)
