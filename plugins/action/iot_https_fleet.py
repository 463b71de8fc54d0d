# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Judges the whole inventory once for a play or batch, on the control machine, by the function of the command.

What comes of it is registered, which no answer of a box can overwrite.
"""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase
from ansible.release import __version__

from ..module_utils.reconciler.inventory.play import judge
from ..module_utils.reconciler.inventory.supported import refusal


class ActionModule(ActionBase):
    """Sends nothing: no box is asked. Its module is only what `ansible-doc` shows."""

    _supports_check_mode = True
    _requires_connection = False

    def run(self, tmp: object = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return whose each server, database and serial number is, and what each box of the batch may not be."""
        if reason := refusal(__version__):
            raise AnsibleActionFail(reason)
        result: dict[str, Any] = super().run(tmp, task_vars)
        known = task_vars or {}
        judged = judge(
            known["hostvars"],
            self._task,
            in_play=frozenset(known["ansible_play_hosts_all"]),
            wanted=known["ansible_play_batch"],
        )
        if refused := judged.pop("refused"):
            raise AnsibleActionFail("; ".join(refused))
        for warning in judged.pop("warnings"):
            self._display.warning(warning)
        return {**result, **judged, "changed": False, "_ansible_verbose_override": True}
