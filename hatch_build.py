"""What hatchling does beside copying files: the commit is written down, and the wheel gets what Ansible looks for."""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

COLLECTION = "ansible_collections/iot_https/fleet"
"""Where Ansible looks, in each folder of sys.path. Neither folder above it gets an `__init__.py`: Ansible makes these
packages itself, and two projects could not own one file."""


class Hook(BuildHookInterface[Any]):
    """Runs in what is built: a checkout, also somebody else's, or an unpacked sdist; writes nothing there."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Add files that no checkout has, and give all of them the time of the commit."""
        if version == "editable":
            return
        root = Path(self.root)
        self._folder = TemporaryDirectory(prefix="iot-https-build-")
        made = Path(self._folder.name)
        origin = _load(root / "reconciler/origin.py")
        if found := origin.find(root):
            (made / origin.FILE).write_text(origin.written(found), encoding="utf-8")
            build_data["force_include"][str(made / origin.FILE)] = f"reconciler/{origin.FILE}"
            # the same bytes from a checkout, an sdist and a release, without anybody's having to set it
            os.environ.setdefault("SOURCE_DATE_EPOCH", str(found.moment))
        if self.target_name == "wheel":
            stage = _load(root / "tools/collection/stage.py").stage
            stage(root, made / "fleet")
            build_data["force_include"][str(made / "fleet")] = COLLECTION
            build_data["force_include"]["inventories/example"] = "reconciler/project/example"

    def finalize(self, version: str, *_: Any) -> None:
        """Remove what was made on the way."""
        if version != "editable":
            self._folder.cleanup()


def _load(file: Path) -> ModuleType:
    """Load one file of the folder that is built, whatever is installed, and leave no bytecode there."""
    spec = importlib.util.spec_from_file_location(f"iot_https_build_{file.stem}", file)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(file)
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    finally:
        sys.dont_write_bytecode = before
    return module
