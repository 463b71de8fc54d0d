"""Ansible's reader of files with two differences: duplicate keys are errors, and a broken file stops one box only.

Of a duplicate key Ansible takes the last: of two groups of the same name the boxes of the first are gone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml
from ansible import constants
from ansible.errors import AnsibleParserError
from ansible.parsing.dataloader import DataLoader
from ansible.plugins.loader import vars_loader

from ..yaml_file import first_duplicate
from .inner import marked

_FOLDERS: Final = frozenset({"group_vars", "host_vars"})
_YAML: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DuplicateKey(AnsibleParserError):  # type: ignore[misc]  # Ansible has no types
    """A key stands in a mapping twice; `key` is what it is called, `obj` where the second one stands."""

    def __init__(self, key: str, origin: Any) -> None:
        super().__init__(f"{key} stands there twice.", obj=origin)
        self.key = key


class Loader(DataLoader):  # type: ignore[misc]  # Ansible has no types
    """Reads the files of an inventory.

    Args:
        twice: the keys that stood in a mapping twice, in files that are not of variables.
        is_lenient: a file of variables that cannot be read is taken as empty. While the sources are read, a plugin
            such as `constructed` looks into these files, and one would stop every box. It is read again for the boxes
            whose it is, and is told of them then.
    """

    def __init__(self) -> None:
        super().__init__()
        self.twice: list[DuplicateKey] = []
        self.is_lenient = False

    def load(self, data: Any, file_name: Any = None, show_content: Any = True, json_only: Any = False) -> Any:  # noqa: FBT002
        """Parse YAML or JSON.

        Raises:
            DuplicateKey: a key stands in a mapping twice.
        """
        loaded = super().load(data, file_name, show_content, json_only)
        found = _duplicate(str.__str__(data)) if isinstance(data, str) else None
        if found is None:
            return loaded
        key, line = found
        error = DuplicateKey(key, marked(file_name, line))
        if not _is_of_variables(file_name):
            self.twice.append(error)
        raise error

    def load_from_file(self, file_name: str, *arguments: Any, **keywords: Any) -> Any:
        """Parse a file; see `is_lenient` for one of variables."""
        if not (self.is_lenient and _is_of_variables(file_name)):
            return super().load_from_file(file_name, *arguments, **keywords)
        try:
            loaded = super().load_from_file(file_name, *arguments, **keywords)
        except Exception:  # noqa: BLE001 - vault and plugins raise anything; it is raised again when a box is read
            return {}
        return loaded if isinstance(loaded, Mapping) else {}


def _is_of_variables(file_name: str | None) -> bool:
    return file_name is not None and not _FOLDERS.isdisjoint(Path(file_name).parts)


def variables_are_read_again() -> bool:
    """Tell whether files of variables are read for each box, and not only with the sources."""
    stage = vars_loader.get("host_group_vars").get_option("stage")
    return stage != "inventory" and (stage is not None or constants.RUN_VARS_PLUGINS != "start")


def _duplicate(text: str) -> tuple[str, int | None] | None:
    """Return the first key that stands in a mapping twice, and its line."""
    try:
        node = first_duplicate(yaml.compose(text, Loader=_YAML))
    except yaml.YAMLError:  # JSON with tabs is no YAML
        return _duplicate_in_json(text)
    return None if node is None else (str(node.value), node.start_mark.line + 1)


def _duplicate_in_json(text: str) -> tuple[str, None] | None:
    found: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        found.extend(key for key in keys if keys.count(key) > 1)
        return dict(pairs)

    json.loads(text, object_pairs_hook=once)
    return (found[0], None) if found else None
