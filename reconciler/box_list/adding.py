"""Add the boxes of a list to the files of an inventory, in the way in which it has its customers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..inventory_files import EditRefused, InventoryFiles
from ..model.names import group_name, shown
from .boxes import ListedBox
from .comparing import confused
from .flaw import BadList, ListFlaw
from .reading import BoxList

if TYPE_CHECKING:
    from ..inventory.declarations import Declaration, Declarations

_ALL: Final = "all"
_YAML: Final = (".yml", ".yaml")
_CUSTOMER: Final = "iot_https_customer"
_COMPARED: Final = (_CUSTOMER, "iot_https_store", "iot_https_serial", "ansible_host", "ansible_port")
"""What is compared, in the order of the fields of `_Known`."""


@dataclass(frozen=True, slots=True)
class Added:
    """What came of a list: the boxes that are new, and those that the inventory has as the list has them."""

    new: tuple[str, ...]
    there: tuple[str, ...]


def add(listed: BoxList, files: InventoryFiles, declared: Declarations) -> Added:
    """Add boxes; nothing is written yet.

    Raises:
        BadList: with a line for each box that cannot be added, and for each that is there otherwise.
    """
    hosts = frozenset(declared.hosts)
    there = [each for each in listed.boxes if each.name in hosts]
    new = [each for each in listed.boxes if each.name not in hosts]
    flaws = [flaw for each in there for flaw in _differing(each, declared)]
    known = _known(declared)
    flaws += _taken(new, known)
    flaws += confused([*_places(known), *((each.line, each.customer, each.store) for each in new)])
    by_plugin = any(map(_makes_customers, declared.files()))
    for each in new:
        try:
            files.add_host(_ALL if by_plugin else _group(each, files), each.name, each.variables)
        except EditRefused as refusal:
            flaws.append(ListFlaw(each.line, str(refusal)))
    if flaws:
        raise BadList(listed.name, flaws)
    return Added(tuple(each.name for each in new), tuple(each.name for each in there))


def _differing(box: ListedBox, declared: Declarations) -> Iterator[ListFlaw]:
    """Yield that a box is in the inventory with other values: a list adds boxes, and changes none."""
    said = {name: declared.of_host(box.name, name) for name in box.variables}
    there = {name: None if each is None else each.value for name, each in said.items()}
    other = [name for name, value in box.variables.items() if not _is_same(there[name], value)]
    if other:
        text = f"{shown(box.name)} is in the inventory already, with another {' and '.join(other)}"
        yield ListFlaw(box.line, f"{text}: rename it here, or change the inventory by hand")


def _is_same(there: object, value: object) -> bool:
    return there is not None and str(there) == str(value)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the inventory has of a box already, as text; empty for what it does not say."""

    name: str
    customer: str
    store: str
    serial: str
    address: str
    port: str


def _known(declared: Declarations) -> list[_Known]:
    """Return every box of the inventory: each is read once, which takes milliseconds."""
    return [_Known(host, *(_text(declared.of_host(host, each)) for each in _COMPARED)) for host in declared.hosts]


def _text(said: Declaration | None) -> str:
    return "" if said is None or said.value is None else str(said.value)


def _taken(new: Sequence[ListedBox], known: Sequence[_Known]) -> Iterator[ListFlaw]:
    """Yield what a box of the inventory has already that a new one would have, too."""
    serials = {each.serial: each.name for each in known if each.serial}
    addresses = {(each.address, each.port): each.name for each in known if each.address}
    for each in new:
        found = {
            "serial": serials.get(each.serial or ""),
            "address": addresses.get((each.address, str(each.port or ""))),
        }
        for noun, owner in found.items():
            if owner is not None:
                yield ListFlaw(each.line, f"{noun} is that of {shown(owner)} in the inventory: correct one of them")


def _places(known: Sequence[_Known]) -> Iterator[tuple[None, str, str | None]]:
    """Yield customer and store of each box of the inventory, once."""
    found = dict.fromkeys((each.customer, each.store or None) for each in known if each.customer)
    yield from ((None, customer, store) for customer, store in found)


def _group(box: ListedBox, files: InventoryFiles) -> str:
    """Return the group in which a box belongs, which is made with that of its customer where it is not there."""
    customer = group_name("customer", box.customer)
    files.add_group(customer)
    if box.store is None:
        return customer
    store = group_name("store", box.customer, box.store)
    files.add_group(store, customer)
    return store


def _makes_customers(path: Path) -> bool:
    """Tell whether a file is a plugin that makes the groups of customers of what boxes say."""
    if path.suffix not in _YAML:
        return False
    import yaml

    try:
        content: Any = yaml.safe_load(path.read_bytes())
    except (OSError, ValueError, yaml.YAMLError):
        return False
    keys = content.get("keyed_groups") if isinstance(content, dict) and "plugin" in content else None
    return isinstance(keys, list) and any(isinstance(each, dict) and each.get("key") == _CUSTOMER for each in keys)
