# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Imports the package that the collection carries to boxes, for what its plugins do with it on the control machine."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

from ansible.release import __version__ as ansible_version

FOLDER = Path(__file__).resolve().parent.parent / "module_utils/reconciler"
PACKAGE = "iot_https_fleet_reconciler"
"""Not `reconciler`: another version of it may be installed on the control machine. Nor the name that a collection gives
it: Ansible compiles what it imports by such a name anew in each play, which takes longer than a look at a box."""


class NotCarried(Exception):
    """The package is not there, or not for this version of Ansible; the text says what to do."""


def carried(name: str) -> ModuleType:
    """Import a module of the package.

    Args:
        name: below the package, such as `role.task`.

    Raises:
        NotCarried: it is not there, or not for this version of Ansible.
    """
    if not FOLDER.is_dir():
        raise NotCarried(f"{FOLDER} is not there: install the collection iot_https.fleet anew")
    if (reason := _refusal(ansible_version)) is not None:
        raise NotCarried(reason)
    if PACKAGE not in sys.modules:
        _import_package()
    return importlib.import_module(f"{PACKAGE}.{name}")


@cache
def _refusal(version: str) -> str | None:
    """Ask the one file that knows, without the package, which a Python that comes with an old Ansible cannot read."""
    refused: str | None = _run(f"{PACKAGE}_supported", FOLDER / "inventory/supported.py").refusal(version)
    return refused


def _import_package() -> None:
    _run(PACKAGE, FOLDER / "__init__.py", [str(FOLDER)])


def _run(name: str, path: Path, within: list[str] | None = None) -> ModuleType:
    """Run a file as a module, or as a package with a folder of modules."""
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=within)
    if spec is None or spec.loader is None:
        raise NotCarried(f"{path} cannot be imported: install the collection iot_https.fleet anew")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
