# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Imports the package that the collection carries to boxes, for what its plugins do with it on the control machine."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

PACKAGE = "iot_https_fleet_reconciler"
"""Not `reconciler`: another version of it may be installed on the control machine. Nor the name that a collection gives
it: Ansible compiles what it imports by such a name anew in each play, which takes longer than a look at a box."""


class NotCarried(Exception):
    """The package is not there; the text says what to do."""


def carried(name: str) -> ModuleType:
    """Import a module of the package.

    Args:
        name: below the package, such as `role.task`.

    Raises:
        NotCarried: it is not there.
    """
    if PACKAGE not in sys.modules:
        _import_package()
    return importlib.import_module(f"{PACKAGE}.{name}")


def _import_package() -> None:
    folder = Path(__file__).resolve().parent.parent / "module_utils/reconciler"
    first, within = folder / "__init__.py", [str(folder)]
    spec = importlib.util.spec_from_file_location(PACKAGE, first, submodule_search_locations=within)
    if spec is None or spec.loader is None or not folder.is_dir():
        raise NotCarried(f"{folder} is not there: install the collection iot_https.fleet anew")
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)
