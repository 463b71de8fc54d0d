# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Judges the whole inventory once for a play or batch, on the control machine, by the function of the command.

What comes of it is registered, which no answer of a box can overwrite.
"""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

from ansible.plugins.action import ActionBase

_carried = runpy.run_path(str(Path(__file__).with_name("iot_https.py")))["_carried"]


class ActionModule(ActionBase):
    """Has no module: nothing is asked of a box."""

    _supports_check_mode = True
    _requires_connection = False

    def run(self, tmp: object = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return whose each server, database and serial number is, and what each box of the batch may not be."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        known = task_vars or {}
        judged = _carried("inventory.play").judge(
            known["hostvars"],
            self._task,
            in_play=frozenset(known["ansible_play_hosts_all"]),
            wanted=known["ansible_play_batch"],
        )
        for warning in judged.pop("warnings"):
            self._display.warning(warning)
        return {**result, **judged, "changed": False, "_ansible_verbose_override": True}
