"""What can be wrong with the SSH of a box, by name."""

from __future__ import annotations

from enum import StrEnum


class SshFault(StrEnum):
    """A fault that can be switched on and off for one box; it counts from the next connection or command on."""

    NOT_LISTENING = "not_listening"
    """The SSH service is off: connections are refused."""

    STALLS = "stalls"
    """Something accepts connections and says nothing."""

    CLOSES = "closes"
    """sshd accepts a connection and closes it, as it does when it cannot start a process."""

    HOST_KEY_CHANGED = "host_key_changed"
    """The box was flashed anew and shows another host key."""

    LOGIN_REFUSED = "login_refused"
    """Our key is not on the box any more."""

    NO_PASSWORDS = "no_passwords"
    """sshd lets in by keys only (`PasswordAuthentication no`)."""

    SUDO_PASSWORD = "sudo_password"  # noqa: S105 - a name
    """`sudo` wants a password; without one in `Access` none is right."""

    SUDO_NEEDS_TERMINAL = "sudo_needs_terminal"
    """The rules of `sudo` demand a terminal (`requiretty`)."""

    SUDO_HAS_NO_RULE = "sudo_has_no_rule"
    """`sudo` has no rule for the user."""

    SUDOERS_BROKEN = "sudoers_broken"
    """The file of rules belongs to somebody else, and `sudo` does not read it."""

    PASSWORD_EXPIRED = "password_expired"  # noqa: S105 - a name
    """sshd runs nothing before the user has set a new password."""

    ACCOUNT_EXPIRED = "account_expired"
    """PAM ends the connection after the right key."""

    STARTING = "starting"
    """The box boots, and PAM lets in nobody but root (`/run/nologin`)."""

    CLOSED_FOR_USERS = "closed_for_users"
    """Somebody wrote `/etc/nologin`, in words of their own."""

    NO_LOGIN_SHELL = "no_login_shell"
    """The user's shell is `/usr/sbin/nologin`."""

    FORCED_COMMAND = "forced_command"
    """The key is tied to another command, in `authorized_keys`."""

    SHELL_ENDS = "shell_ends"
    """A start file of the shell ends it."""

    SHELL_MISSING = "shell_missing"
    """A start file of the shell hands over to one that is not installed."""

    HOME_READ_ONLY = "home_read_only"
    """The home of the login user lies on a root that is mounted read-only, as on images up to 18.0."""

    NO_PYTHON = "no_python"
    """The machine at this address has no Python."""

    SHELL_PRINTS = "shell_prints"
    """The login shell's profile prints a message before everything."""

    SLOW = "slow"
    """The box program answers `SshBox.slow_seconds` late."""

    CONNECTION_LOST = "connection_lost"
    """The connection breaks while the box program is at work, which goes on to its end."""

    PROGRAM_KILLED = "program_killed"
    """The box program is killed at its change with the number `SshBox.killed_at`, or before it answers."""
