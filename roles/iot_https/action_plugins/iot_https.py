# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module's half on the control machine: runs it on the box, and keeps the report of what came of the box.

Tasks could do that, too, but a task that writes a file costs the control machine more than the look at the box, and a
box that does not answer runs no further task.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleConnectionFailure
from ansible.plugins.action import ActionBase
from ansible.utils.vars import merge_hash

PACKAGE = "iot_https_role_reconciler"
"""Not `reconciler`: another version of it may be installed on the control machine."""


class ActionModule(ActionBase):
    """Runs `library/iot_https.py`; `results_folder` is for this half alone."""

    _supports_check_mode = True
    _supports_async = True

    def run(self, tmp: object = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Run the module.

        Raises:
            AnsibleConnectionFailure: there was no connection, which is kept, too.
        """
        result = super().run(tmp, task_vars)
        arguments = dict(self._task.args)
        folder = arguments.pop("results_folder", None)
        wrap_async = bool(self._task.async_val and not self._connection.has_native_async)
        started_at = datetime.now(UTC)
        unmanaged = _carried("role.unmanaged").answer_for(arguments, self._mode(), started_at)
        if unmanaged is not None:
            if folder:
                _write(folder, arguments["name"], unmanaged["report"])
            return {**result, **unmanaged}
        try:
            came = self._execute_module(module_args=arguments, task_vars=task_vars, wrap_async=wrap_async)
        except AnsibleConnectionFailure as error:
            if folder:
                _write(folder, arguments["name"], self._unreachable(arguments, started_at, str(error)))
            raise
        if folder and "report" in came:
            _write(folder, arguments["name"], came["report"])
        if not wrap_async:
            self._remove_tmp_path(self._connection._shell.tmpdir)  # noqa: SLF001 - as Ansible's own plugin does it
        merged: dict[str, Any] = merge_hash(result, came)
        return merged

    def _mode(self) -> Any:
        mode = _carried("model.desired").Mode
        return mode.CHECK if self._task.check_mode else mode.RECONCILE

    def _unreachable(self, arguments: dict[str, Any], started_at: datetime, said: str) -> Any:
        unreachable, json_report = (_carried(name) for name in ("role.unreachable", "report.json_report"))
        report = unreachable.report(
            arguments["name"],
            customer=arguments.get("customer"),
            store=arguments.get("store"),
            mode=self._mode(),
            started_at=started_at,
            seconds=(datetime.now(UTC) - started_at).total_seconds(),
            said=said,
        )
        return json_report.as_object(report)


def _carried(name: str) -> ModuleType:
    """Import a module of the package that the role carries to boxes."""
    if PACKAGE not in sys.modules:
        folder = Path(__file__).resolve().parent.parent / "module_utils/reconciler"
        spec = importlib.util.spec_from_file_location(
            PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        if spec is None or spec.loader is None:
            raise AnsibleActionFail(f"{folder} is not there: copy the role with what its links lead to (cp -rL)")
        package = importlib.util.module_from_spec(spec)
        sys.modules[PACKAGE] = package
        spec.loader.exec_module(package)
    return importlib.import_module(f"{PACKAGE}.{name}")


def _write(folder: str, name: str, report: object) -> None:
    """Write the file of a box whole or not at all, readable to its owner only.

    Raises:
        AnsibleActionFail: the folder cannot be written to.
    """
    place = Path(folder).expanduser()
    half = None
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=place, prefix=".", delete=False) as file:
            half = Path(file.name)
            json.dump(report, file, indent=2, ensure_ascii=False)
            file.write("\n")
        half.replace(place / f"{name}.json")
    except OSError as error:
        if half:
            half.unlink(missing_ok=True)
        raise AnsibleActionFail(f"iot_https_results_folder {place}: {error.strerror}") from error
