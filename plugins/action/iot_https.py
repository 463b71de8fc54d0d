# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module's half on the control machine: lends Ansible's way to the box to `role.task`, and returns what that says.

A box may be broken into, so what its module returns is not passed on to Ansible, which would take facts from it, print
its warnings and keep its texts. `role.task` reads it in the program's own wire format, and makes the result.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from ansible import constants
from ansible.errors import AnsibleActionFail, AnsibleAuthenticationFailure, AnsibleConnectionFailure, AnsibleError
from ansible.plugins.action import ActionBase
from ansible.release import __version__

from ..module_utils.reconciler.inventory.play import unread
from ..module_utils.reconciler.inventory.supported import refusal
from ..module_utils.reconciler.role.ask import ModuleNotRun, Ran
from ..module_utils.reconciler.role.task import TaskRefused, Unreachable, carry_out

_MODULE = "iot_https.fleet.iot_https_box"


class ActionModule(ActionBase):
    """Runs the module `iot_https_box` with one request; is the `PlayedBox` of `role.ask`.

    Not in the background: the answer of `async_status` would go to Ansible as the box wrote it.
    """

    _supports_check_mode = True
    _supports_async = False
    _variables: Mapping[str, Any] = MappingProxyType({})
    _last: Any = None
    _printed: Any = None

    def run(self, tmp: object = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Carry out the task.

        Raises:
            AnsibleActionFail: it cannot be done as it is written, or not with this ansible-core.
            AnsibleConnectionFailure: there is no connection.
        """
        if reason := refusal(__version__):
            raise AnsibleActionFail(reason)
        super().run(tmp, task_vars)
        self._variables = task_vars or {}
        mode = {"check_mode": self._task.check_mode, "diff": self._task.diff}
        task = self._task.args
        failed = unread(task, self._variables, self._templar.template)
        try:
            made: dict[str, Any] = carry_out(task, self._variables, self, now=datetime.now(UTC), unread=failed, **mode)
        except TaskRefused as error:
            raise AnsibleActionFail(str(error)) from None
        except Unreachable as error:
            raise AnsibleConnectionFailure(str(error)) from None
        return made

    def address(self) -> str:
        """Return what the box is connected to, with its template filled in."""
        told = self._variables.get("ansible_host")
        return str(self._templar.template(self._variables["inventory_hostname"] if told is None else told))

    def run_module(self, arguments: Mapping[str, str]) -> Any:
        """Run the module on the box and return what it printed."""
        self._keep_off_the_home()
        try:
            self._execute_module(_MODULE, module_args=dict(arguments), task_vars=self._variables)
        except AnsibleConnectionFailure as error:
            raise self._no_connection(error) from None
        except AnsibleError as error:
            raise ModuleNotRun(str(error)) from None
        self._remove_tmp_path(self._connection._shell.tmpdir)  # noqa: SLF001 - as Ansible's own plugin does it
        return self._printed

    def run_command(self, command: str) -> Any:
        """Run a command as the login user and return what it printed."""
        try:
            self._low_level_execute_command(command, sudoable=False)
        except AnsibleConnectionFailure as error:
            raise self._no_connection(error) from None
        return self._last

    def _no_connection(self, error: AnsibleConnectionFailure) -> Exception:
        is_refused = isinstance(error, AnsibleAuthenticationFailure)
        made: Exception = Unreachable(str(error), is_refused=is_refused, last=self._last)
        return made

    def _low_level_execute_command(self, *args: Any, **options: Any) -> dict[str, Any]:
        """Note how the last command ended: one that ran shows that there is a connection, whatever comes of it."""
        self._last = None
        ran: dict[str, Any] = super()._low_level_execute_command(*args, **options)
        self._last = _ran(ran)
        return ran

    def _parse_returned_data(self, res: Mapping[str, Any], *profile: object) -> Any:
        """Keep what the module printed from Ansible's reading, which shows and passes on all that comes.

        Ansible reads an empty answer instead, into what its version makes of one: a dictionary up to 2.20.
        """
        self._printed = _ran(res)
        return super()._parse_returned_data({**res, "stdout": "{}", "stderr": ""}, *profile)

    def _keep_off_the_home(self) -> None:
        """Have Ansible put its files into /tmp, a ramdisk of the box, unless somebody set another folder.

        Its own choice is the home of the login user, which lies on a root that is read-only up to 18.0.
        """
        shell = self._connection._shell  # noqa: SLF001 - as Ansible's own plugins do it
        place = {"plugin_type": "shell", "plugin_name": shell._load_name, "variables": dict(self._variables)}  # noqa: SLF001
        origin = constants.config.get_config_value_and_origin("remote_tmp", **place)[1]
        if origin == "default":
            shell.set_option("remote_tmp", "/tmp")  # noqa: S108 - Ansible makes a folder of its own in it


def _ran(came: Mapping[str, Any]) -> Any:
    return Ran(came.get("stdout", ""), came.get("stderr", ""), came.get("rc"))
