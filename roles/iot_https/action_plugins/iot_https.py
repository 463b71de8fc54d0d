# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module's half on the control machine: judges the arguments, asks the box, and believes nothing but evidence.

A box may be broken into, so what its module returns is not passed on to Ansible, which would take facts from it, print
its warnings and keep its texts. It is decoded by the program's own wire format; the result of the task, and the file of
the box, are made here.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from ansible import constants
from ansible.errors import AnsibleActionFail, AnsibleAuthenticationFailure, AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase

PACKAGE = "iot_https_role_reconciler"
"""Not `reconciler`: another version of it may be installed on the control machine."""
PREFIX = "iot_https_"
FLEET = "__iot_https_fleet"
"""Variable in which the role keeps what the other plugin said of the whole inventory."""
NO_CONNECTION = 255
"""How OpenSSH ends where there is none."""
_SAID = "iot_https_said"
_NEEDED = (
    "connections.carrier",
    "connections.ssh_command",
    "model.plain",
    "model.secret",
    "model.variables",
    "report.json_report",
    "role.arguments",
    "role.printed",
    "role.results",
    "role.run",
    "role.unreachable",
)
"""Imported when Ansible looks for this plugin, so that its workers, one for each box, do not."""


class ActionModule(ActionBase):
    """Runs `library/iot_https.py` with one request; `results_folder` is for this half alone.

    Not in the background: the answer of `async_status` would go to Ansible as the box wrote it.
    """

    _supports_check_mode = True
    _supports_async = False
    _ran: Mapping[str, Any] | None = None

    def run(self, tmp: object = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module.

        Raises:
            AnsibleConnectionFailure: there was no connection, which is kept, too.
        """
        super().run(tmp, task_vars)
        role = _carried("role.run")
        _refuse_facts(task_vars or {})
        spec = dict(_carried("role.arguments").ARGUMENT_SPEC)
        arguments = _carried("model.plain").to_plain(self._task.args)
        folder = arguments.pop("results_folder", None)
        params = _checked(spec, arguments)
        began = datetime.now(UTC)
        try:
            made: dict[str, Any] = role.run(
                params,
                lambda request: self._asked(request, task_vars),
                role.Known.of((task_vars or {}).get(FLEET), params["name"]),
                check_mode=self._task.check_mode,
                diff=self._task.diff,
                now=began,
            )
        except AnsibleConnectionFailure as error:
            said = _carried("model.secret").redact(str(error))
            _keep(folder, params["name"], self._unreachable(params, began, error))
            raise AnsibleConnectionFailure(said) from None
        _keep(folder, params["name"], made["report"])
        return made

    def _asked(self, request: Any, task_vars: dict[str, Any] | None) -> Any:
        """Run the module on the box and return what it said."""
        sent = {"request": _carried("connections.carrier").request_text(request)}
        printed = _carried("role.printed")
        self._keep_off_the_home(task_vars or {})
        try:
            came = self._execute_module(module_args=sent, task_vars=task_vars)
        except AnsibleConnectionFailure:
            if self._ran is None or self._ran["rc"] == NO_CONNECTION:
                raise
            said = printed.without_folder(self._ran["stdout"], self._ran["stderr"], self._ran["rc"])
        except AnsibleError as error:
            said = _carried("role.run").Said(b"", " ".join(str(error).split()))
        else:
            self._remove_tmp_path(self._connection._shell.tmpdir)  # noqa: SLF001 - as Ansible's own plugin does it
            said = came[_SAID]
        if said.is_unexplained and not self._runs_commands():
            return printed.blocked(said)
        return said

    def _keep_off_the_home(self, task_vars: Mapping[str, Any]) -> None:
        """Have Ansible put its files into /tmp, a ramdisk of the box, unless somebody set another folder.

        Its own choice is the home of the login user, which lies on a root that is read-only up to 18.0.
        """
        shell = self._connection._shell  # noqa: SLF001 - as Ansible's own plugins do it
        place = {"plugin_type": "shell", "plugin_name": shell._load_name, "variables": dict(task_vars)}  # noqa: SLF001
        _, origin = constants.config.get_config_value_and_origin("remote_tmp", **place)
        if origin == "default":
            shell.set_option("remote_tmp", "/tmp")  # noqa: S108 - Ansible makes a folder of its own in it

    def _low_level_execute_command(self, *args: Any, **options: Any) -> dict[str, Any]:
        """Note how the last command ended: one that ran shows that there is a connection, whatever comes of it."""
        self._ran = None
        ran: dict[str, Any] = super()._low_level_execute_command(*args, **options)
        self._ran = ran
        return ran

    def _runs_commands(self) -> bool:
        """Tell whether the box runs a command that only says a word."""
        command = _carried("connections.ssh_command")
        ran = self._low_level_execute_command(command.PROBE, sudoable=False)
        return command.LIVES in ran["stdout"].splitlines()

    def _parse_returned_data(self, res: Mapping[str, Any], *_: object) -> dict[str, Any]:
        """Read what the module printed, in place of Ansible's reading, which shows and passes on all that comes."""
        said = _carried("role.printed").said(res.get("stdout", ""), res.get("stderr", ""), res.get("rc"))
        return {_SAID: said}

    def _unreachable(self, params: Mapping[str, Any], began: datetime, error: AnsibleConnectionFailure) -> Any:
        desired, unreachable, json_report = (
            _carried(name) for name in ("model.desired", "role.unreachable", "report.json_report")
        )
        report = unreachable.report(
            params["name"],
            customer=params["customer"],
            store=params["store"],
            mode=desired.Mode.CHECK if self._task.check_mode else desired.Mode.RECONCILE,
            started_at=began,
            seconds=(datetime.now(UTC) - began).total_seconds(),
            said=str(error),
            refused=isinstance(error, AnsibleAuthenticationFailure),
        )
        return json_report.as_object(report)


def _refuse_facts(task_vars: Mapping[str, Any]) -> None:
    """Refuse a box whose facts hold variables of the role: whoever answers a module writes its facts.

    Raises:
        AnsibleActionFail: they do.
    """
    names = [str(each) for each in task_vars.get("ansible_facts") or {} if str(each).startswith(PREFIX)]
    if names:
        known = sorted(set(names) & set(_carried("model.variables").VARIABLES))[:3]
        which = ", ".join(known) or f"a name that begins with {PREFIX}"
        raise AnsibleActionFail(
            f"the facts of this box hold {which}: a box does not say what it should be. Somebody may have broken into "
            "it; where a play did it (set_fact with cacheable), set it in the inventory, and clear the cache of facts"
        )


def _checked(spec: Mapping[str, Mapping[str, Any]], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return all arguments, those that are left out by their default; what they say is judged later.

    Raises:
        AnsibleActionFail: one is not known, is missing or of the wrong kind.
    """
    unknown = sorted(str(each) for each in set(arguments) - set(spec))
    if unknown:
        raise AnsibleActionFail(f"iot_https has no option {', '.join(unknown)}")
    params = {name: arguments.get(name) for name in spec}
    for name, option in spec.items():
        if params[name] is None and "default" in option:
            params[name] = option["default"]
        kind = {"str": str, "list": list, "dict": dict}.get(str(option["type"]))
        is_there = params[name] is not None or option.get("required", False)
        if kind is not None and is_there and not isinstance(params[name], kind):
            raise AnsibleActionFail(f"iot_https needs its option {name} as a {kind.__name__}")
    return params


def _carried(name: str) -> ModuleType:
    """Import a module of the package that the role carries to boxes."""
    if PACKAGE not in sys.modules:
        folder = Path(__file__).resolve().parent.parent / "module_utils/reconciler"
        spec = importlib.util.spec_from_file_location(
            PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        if spec is None or spec.loader is None or not folder.is_dir():
            raise AnsibleActionFail(f"{folder} is not there: copy the role with what its links lead to (cp -rL)")
        package = importlib.util.module_from_spec(spec)
        sys.modules[PACKAGE] = package
        spec.loader.exec_module(package)
    return importlib.import_module(f"{PACKAGE}.{name}")


def _keep(folder: str | None, name: str, report: object) -> None:
    if not folder:
        return
    results = _carried("role.results")
    try:
        results.write(folder, name, report)
    except results.ResultsError as error:
        raise AnsibleActionFail(str(error)) from None


def _load() -> None:
    with suppress(AnsibleActionFail):  # the task says it, once for each box
        for name in _NEEDED:
            _carried(name)


_load()
