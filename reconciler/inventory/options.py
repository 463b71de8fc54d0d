"""Resolve connection settings through Ansible's own configuration: variables, environment, ansible.cfg."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType
from typing import Any, Final

from ansible import constants
from ansible.errors import AnsibleError
from ansible.module_utils.parsing.convert_bool import boolean
from ansible.plugins.loader import become_loader, connection_loader

from ..model.plain import to_plain
from .command_line import OPTIONS
from .option import ConnectionOption
from .problem import Position
from .shown import DEFAULT, Giver, GiverKind

_OF_SSH: Final = (
    "host",
    "port",
    "remote_user",
    "password",
    "private_key_file",
    "private_key",
    "private_key_passphrase",
    "pkcs11_provider",
    "ssh_args",
    "ssh_common_args",
    "ssh_extra_args",
    "ssh_executable",
    "timeout",
    "reconnection_retries",
    "host_key_checking",
)
_OF_SUDO: Final = ("become_user", "become_exe", "become_flags", "become_pass", "sudo_chdir")
NO_EFFECT: Final = frozenset(
    {
        # One connection per box and run, inside this process: there is nothing to share with other processes.
        "control_path",
        "control_path_dir",
        # No program asks for a password here, and none is told one.
        "password_mechanism",
        "sshpass_prompt",
        # The program on the box always comes over standard input; no file is transferred, no terminal opened.
        "pipelining",
        "scp_executable",
        "scp_extra_args",
        "sftp_batch_mode",
        "sftp_executable",
        "sftp_extra_args",
        "ssh_transfer_method",
        "use_tty",
        # `--debug` decides what is shown.
        "verbosity",
    }
)
"""Settings of the ssh plugin that cannot change anything here. A test demands that each is here or is resolved."""
_GENERAL: Final = {
    "connection": ("DEFAULT_TRANSPORT", "ansible_connection"),
    "become": ("DEFAULT_BECOME", "ansible_become"),
    "become_method": ("DEFAULT_BECOME_METHOD", "ansible_become_method"),
    "python": ("INTERPRETER_PYTHON", "ansible_python_interpreter"),
}
"""Settings outside the plugins, and the variables that Ansible puts before them."""

_EXPECTED: Final = {"int": "a whole number", "boo": "true or false"}


def resolved(kind: str) -> frozenset[str]:
    """Return the settings of a plugin, `connection` or `become`, that are read, to be used or to be refused."""
    return frozenset({"connection": _OF_SSH, "become": _OF_SUDO}[kind])


class Resolver:
    """Resolves the settings of host after host.

    Args:
        keywords: settings of the command line, which variables beat.
    """

    def __init__(self, keywords: Mapping[str, object] = MappingProxyType({})) -> None:
        self._keywords = dict(keywords)
        # The definitions of a plugin's settings are known once it is loaded.
        connection_loader.get("ssh", class_only=True)
        become_loader.get("sudo", class_only=True)
        self._plugins = {
            **dict.fromkeys(_OF_SSH, ("connection", "ssh")),
            **dict.fromkeys(_OF_SUDO, ("become", "sudo")),
        }
        self._definitions = {
            kind: constants.config.get_configuration_definitions(plugin_type=kind, name=name)
            for kind, name in set(self._plugins.values())
        }
        of_plugins = {each for option in self._plugins for each in self._variables_of(option)}
        self.variables: frozenset[str] = frozenset(of_plugins | {name for _, name in _GENERAL.values()})

    def resolve(self, values: Mapping[str, object]) -> tuple[dict[str, ConnectionOption], tuple[str, ...]]:
        """Return every setting, and a line for each that cannot be used, which then counts as not set.

        Args:
            values: rendered variables of a host, `inventory_hostname` among them.
        """
        options: dict[str, ConnectionOption] = {}
        problems: list[str] = []
        for name in (*self._plugins, *_GENERAL):
            try:
                options[name] = self._resolve(name, values)
            except (AnsibleError, TypeError):
                problems.append(f"{self._blame(name, values)} has a value of the wrong type: {self._kind(name)}")
                options[name] = self._resolve(name, {})
        return options, tuple(problems)

    def _resolve(self, name: str, values: Mapping[str, object]) -> ConnectionOption:
        if name in _GENERAL:
            return _general(name, values, self._keywords)
        kind, plugin = self._plugins[name]
        return _configured(name, name, plugin_type=kind, plugin_name=plugin, variables=values, keys=self._keywords)

    def _blame(self, name: str, values: Mapping[str, object]) -> str:
        """Return the variable that decides, the last of those that are set, as Ansible has it."""
        variables = [_GENERAL[name][1]] if name in _GENERAL else self._variables_of(name)
        return next((each for each in reversed(variables) if values.get(each) is not None), name)

    def _kind(self, name: str) -> str:
        kind = self._definitions[self._plugins[name][0]][name].get("type") if name in self._plugins else "bool"
        return f"write {_EXPECTED.get(str(kind)[:3], 'text')}"

    def variable_of(self, option: str) -> str:
        """Return by which variable an option is set."""
        names = [_GENERAL[option][1]] if option in _GENERAL else self._variables_of(option)
        return next(each for each in names if each.startswith("ansible_"))

    def _variables_of(self, option: str) -> list[str]:
        kind, _ = self._plugins[option]
        return [str(each["name"]) for each in self._definitions[kind][option].get("vars", ())]


def _general(name: str, values: Mapping[str, object], keywords: dict[str, object]) -> ConnectionOption:
    setting, variable = _GENERAL[name]
    value = values.get(variable)
    if value is None:
        return _configured(name, setting, keys=keywords)
    return ConnectionOption(value=boolean(value, strict=True) if name == "become" else value, source=variable)


def _configured(name: str, setting: str, **of_plugin: Any) -> ConnectionOption:
    value, origin = constants.config.get_config_value_and_origin(setting, **of_plugin)
    giver, where = _giver(name, str(origin))
    return ConnectionOption(
        value=to_plain(value),
        source=_source(name, str(origin)),
        is_default=origin == "default",
        giver=giver,
        position=where,
    )


def _source(name: str, origin: str) -> str:
    """Return what a person would edit: a variable, an option, an environment variable, or a setting in a file."""
    kind, _, where = origin.partition(": ")
    if kind == "keyword":
        return OPTIONS[where]
    if kind == "var":
        return where
    if kind == "env":
        return f"{where} in the environment"
    return name if origin == "default" else f"{name} in {PurePath(origin).name}"


def _giver(name: str, origin: str) -> tuple[Giver, Position | None]:
    """Return who has set a setting, as `_source` says it, and in which file of settings."""
    kind, _, where = origin.partition(": ")
    if kind == "keyword":
        return Giver(GiverKind.COMMAND_LINE, OPTIONS[where]), None
    if kind == "env":
        return Giver(GiverKind.ENVIRONMENT, where), None
    if kind == "var":
        return Giver(GiverKind.HOST, where), None
    return (DEFAULT, None) if origin == "default" else (Giver(GiverKind.SETTINGS, name), Position(origin, None))
