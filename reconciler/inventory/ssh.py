"""Make an SSH connection of resolved settings, in the order in which Ansible passes them to OpenSSH."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from typing import Any, Final

from ..model.names import host_problem
from ..model.secret import Secret
from ..model.target import Ssh
from .option import ConnectionOption, Options
from .ssh_arguments import Arguments
from .ssh_options import CHECKED

_DIRECT: Final = {
    "port": "Port",
    "private_key_file": "IdentityFile",
    "remote_user": "User",
    "timeout": "ConnectTimeout",
}
MOST_RETRIES: Final = 100
"""More than fit into a box's time, with pauses of half a minute."""
_CONNECTIONS: Final = ("ssh", "ansible.builtin.ssh", "ansible.legacy.ssh", "smart")
_SUDO: Final = ("sudo", "ansible.builtin.sudo", "ansible.legacy.sudo")
_SUDO_FLAGS: Final = re.compile(r"(-[HSnEk]+\s*)*")
"""Home, standard input, no questions, environment, forget the password: none changes who runs what."""


def ssh_from_options(name: str, options: Options) -> tuple[Ssh, tuple[str, ...]]:
    """Build the connection to one box.

    Args:
        name: what the inventory calls the box; its host key is known by this name unless HostKeyAlias says another.

    Returns:
        The connection, and every problem as a line: setting, what is wrong, way out. With problems, do not use it.
    """
    arguments = _arguments(options)
    problems = [*_refused(options), *arguments.problems]
    host = options["host"].text or name
    if (wrong := host_problem(host)) is not None:
        problems.append(f"{options['host'].source} {wrong}")
    retries, refused = _retries(options["reconnection_retries"])
    problems += refused
    connection = Ssh(
        host=host,
        retries=retries,
        host_key_alias=arguments.values.get("hostkeyalias", name),
        identity_files=tuple(arguments.identity_files),
        password=_secret(options["password"]) if _may_offer_password(arguments) else None,
        become=_become(options) and arguments.values.get("user") != "root",
        become_password=_secret(options["become_pass"]),
        python=_python(options["python"]),
        **_given(arguments),
    )
    return connection, (*problems, *_root(options, connection))


def _given(arguments: Arguments) -> dict[str, Any]:
    """Return the fields that the arguments set; the others keep their defaults."""
    readers: dict[str, tuple[str, Callable[[str], object]]] = {
        "port": ("port", int),
        "user": ("user", str),
        "identitiesonly": ("identities_only", "yes".__eq__),
        "userknownhostsfile": ("known_hosts", lambda value: tuple(shlex.split(value))),
        "proxyjump": ("proxy_jump", _unless_none),
        "proxycommand": ("proxy_command", _unless_none),
        "connecttimeout": ("connect_timeout", float),
        "serveraliveinterval": ("keepalive_interval", float),
        "serveralivecountmax": ("keepalive_count", int),
    }
    values = arguments.values
    fields = {field: reader(values[name]) for name, (field, reader) in readers.items() if name in values}
    if arguments.config_file is not None:
        no_file = arguments.config_file in ("none", "/dev/null")
        fields["config_files"] = () if no_file else (arguments.config_file,)
    return fields


def _retries(option: ConnectionOption) -> tuple[int, list[str]]:
    number = int(option.text or "0")
    if 0 <= number <= MOST_RETRIES:
        return number, []
    return 0, [f"{option.source} must be a whole number from 0 to {MOST_RETRIES}: correct it"]


def _arguments(options: Options) -> Arguments:
    arguments = Arguments()
    arguments.text(options["ssh_args"].source, options["ssh_args"].text or "")
    for name, option in _DIRECT.items():
        value = options[name]
        # Ansible puts its default timeout before the other arguments, where it beats theirs; nobody means that.
        if value.text is not None and not value.is_default:
            arguments.option(value.source, "", option, value.text)
    for name in ("ssh_common_args", "ssh_extra_args"):
        arguments.text(options[name].source, options[name].text or "")
    if options["timeout"].is_default and options["timeout"].text:
        arguments.option(options["timeout"].source, "", "ConnectTimeout", options["timeout"].text)
    return arguments


def _refused(options: Options) -> list[str]:
    """Say what is set that would lead to the box in another way than this program goes."""
    rules: dict[str, tuple[Callable[[ConnectionOption], bool], str]] = {
        "connection": (
            lambda option: option.value in _CONNECTIONS,
            "is not ssh: set ssh, or iot_https_connection to local where the box is this machine",
        ),
        "host_key_checking": (lambda option: option.value is not False, f"is false, and {CHECKED}"),
        "private_key": (
            lambda option: option.text is None,
            "cannot be used: save the key and set ansible_private_key_file",
        ),
        "private_key_passphrase": (
            lambda option: option.text is None,
            "cannot be used: load the key into ssh-agent, or use one without a passphrase",
        ),
        "sudo_chdir": (lambda option: option.text is None, "cannot be used: remove it"),
        "pkcs11_provider": (lambda option: option.text is None, "cannot be used: load the key into ssh-agent"),
        "ssh_executable": (
            lambda option: str(option.value).rpartition("/")[2] == "ssh",
            "is another program than ssh, and none is run here: remove it, or use ProxyCommand",
        ),
        "become_method": (lambda option: option.value in _SUDO, "is not sudo, the only way to root here: set sudo"),
        "become_user": (lambda option: option.text in (None, "root"), "is not root, which boxes need: remove it"),
        "become_exe": (lambda option: option.text in (None, "sudo", "/usr/bin/sudo"), "is not sudo: remove it"),
        "become_flags": (
            lambda option: _SUDO_FLAGS.fullmatch(option.text or "") is not None,
            "has flags of sudo that cannot be used here: leave only -H -S -n -E -k",
        ),
        "python": (
            lambda option: re.fullmatch(r"[\w./~][\w./+@~-]*", option.text or "python3") is not None,
            "is not one path or name of an interpreter: correct it",
        ),
    }
    return [f"{options[name].source} {text}" for name, (fine, text) in rules.items() if not fine(options[name])]


def _root(options: Options, connection: Ssh) -> list[str]:
    """Boxes are looked at and mended as root; who will not become it must log in as root."""
    if _become(options) or connection.user in (None, "root"):
        return []
    return [f"{options['become'].source} is false, and boxes need root: remove it, or log in as root"]


def _become(options: Options) -> bool:
    """Become root unless somebody said no: Ansible's own default is no, which fits no box."""
    return options["become"].is_default or options["become"].value is True


def _python(option: ConnectionOption) -> str:
    """Boxes have one Python 3, so Ansible's discovery would find just that."""
    text = option.text or "auto"
    return "python3" if text.startswith("auto") else text


def _may_offer_password(arguments: Arguments) -> bool:
    """Keep a password at home where the arguments say so; the order of methods has no effect otherwise."""
    methods = arguments.values.get("preferredauthentications", "password").lower().split(",")
    allowed = arguments.values.get("passwordauthentication") != "no"
    return allowed and any(method in methods for method in ("password", "keyboard-interactive"))


def _secret(option: ConnectionOption) -> Secret | None:
    return None if option.text is None else Secret(option.text)


def _unless_none(value: str) -> str | None:
    return None if value.lower() == "none" else value
