"""Put what was decided into the files of an inventory; what somebody declared is left, and said."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ..inventory_files import AlreadyDeclared, Encrypted, InventoryFiles, NewValue
from ..model.validate import PREFIX
from .found import FoundBox
from .grouping import Adoption, AdoptionWay
from .naming import customer_group

if TYPE_CHECKING:
    from ..inventory.declarations import Declarations

_CUSTOMER: Final = f"{PREFIX}customer"
_OF_DATABASE: Final = ("server_url", "db_uuid", "enterprise_code")
_ALL: Final = "all"


def declare(
    adoptions: Iterable[Adoption], files: InventoryFiles, declared: Declarations, *, with_resolvers: bool
) -> tuple[str, ...]:
    """Declare what boxes have; return a line for each value that somebody declared otherwise.

    Args:
        with_resolvers: their DNS servers, too.

    Raises:
        EditRefused: an inventory cannot take something.
    """
    kept: list[str] = []
    writer = _Writer(files, declared, kept.append, by_plugin=keyed_by_customer(declared))
    for each in adoptions:
        writer.adoption(each, with_resolvers=with_resolvers)
    return tuple(kept)


class _Writer:
    def __init__(
        self, files: InventoryFiles, declared: Declarations, kept: Callable[[str], None], *, by_plugin: bool
    ) -> None:
        self._files = files
        self._declared = declared
        self._kept = kept
        self._by_plugin = by_plugin

    def adoption(self, adoption: Adoption, *, with_resolvers: bool) -> None:
        """Declare one customer's boxes and database."""
        if adoption.way in (AdoptionWay.NEW, AdoptionWay.JOINING):
            self._join(adoption)
        if adoption.way in (AdoptionWay.NEW, AdoptionWay.FIRST):
            for owner in self._owners(adoption):
                self._database(adoption, owner)
        if adoption.way is AdoptionWay.SETTLED:
            self._server(adoption)
        for box in adoption.boxes:
            if box.serial is not None:
                self._host(box, "serial", box.serial)
        if with_resolvers:
            self._resolvers(adoption)

    def _join(self, adoption: Adoption) -> None:
        """Make boxes those of a customer, in the way in which the inventory has its customers."""
        group = customer_group(adoption.customer)
        if self._by_plugin:
            for box in adoption.boxes:
                self._host(box, "customer", adoption.customer)
            self._files.add_group(group, by_plugin=True)
            return
        self._files.add_group(group)
        self._try(self._files.set_group, group, _CUSTOMER, adoption.customer)
        for box in adoption.boxes:
            self._files.add_member(group, box.name)

    def _owners(self, adoption: Adoption) -> Iterator[str | FoundBox]:
        """Yield the group that has what is the customer's, or each box where there is none."""
        group = customer_group(adoption.customer)
        if adoption.way is AdoptionWay.NEW or all(
            each.name in self._declared.hosts_of(group) for each in adoption.boxes
        ):
            yield group
            return
        named = (self._declared.of_host(each.name, _CUSTOMER) for each in adoption.boxes)
        givers = {each.giver for each in named if each is not None}
        giver = next(iter(givers)) if len(givers) == 1 else None
        yield from [giver] if giver is not None else adoption.boxes

    def _database(self, adoption: Adoption, owner: str | FoundBox) -> None:
        database = adoption.database
        values: dict[str, NewValue] = {
            "server_url": database.server,
            "db_uuid": Encrypted(database.uuid),
            "enterprise_code": Encrypted(database.contract),
        }
        for name in _OF_DATABASE:
            if isinstance(owner, FoundBox):
                self._host(owner, name, values[name])
            else:
                self._try(self._files.set_group, owner, f"{PREFIX}{name}", values[name])

    def _server(self, adoption: Adoption) -> None:
        """Declare the server of a customer of whom credentials alone are declared, where all boxes know the same.

        Boxes that nobody has looked at get none: one that lies would say where the whole customer is to be linked.
        """
        there = (self._declared.of_host(each.name, f"{PREFIX}server_url") for each in adoption.boxes)
        if any(there) or len({each.database.server for each in adoption.boxes}) > 1:
            return
        seen = {each.name for each in adoption.boxes}
        owners = list(self._owners(adoption))
        if not all(isinstance(each, FoundBox) or seen.issuperset(self._declared.hosts_of(each)) for each in owners):
            owners = list(adoption.boxes)
        for owner in owners:
            if isinstance(owner, FoundBox):
                self._host(owner, "server_url", adoption.database.server)
            else:
                self._try(self._files.set_group, owner, f"{PREFIX}server_url", adoption.database.server)

    def _resolvers(self, adoption: Adoption) -> None:
        """Declare DNS servers for the customer where its boxes agree and nobody declared any, or else for each box."""
        group, name = customer_group(adoption.customer), f"{PREFIX}resolvers"
        servers = {each.resolvers for each in adoption.boxes}
        common = next(iter(servers)) if len(servers) == 1 else None
        if adoption.way is AdoptionWay.NEW and common is not None:
            self._try(self._files.set_group, group, name, list(common))
            return
        for box in adoption.boxes:
            if box.resolvers is not None and self._declared.of_host(box.name, name) is None:
                self._host(box, "resolvers", list(box.resolvers))

    def _host(self, box: FoundBox, name: str, value: NewValue) -> None:
        self._try(self._files.set_host, box.name, f"{PREFIX}{name}", value)

    def _try(self, setter: Callable[[str, str, NewValue], bool], owner: str, name: str, value: NewValue) -> None:
        try:
            setter(owner, name, value)
        except AlreadyDeclared as refusal:
            self._kept(str(refusal))


def keyed_by_customer(declared: Declarations) -> bool:
    """Tell whether a plugin of the inventory makes the groups of customers of what boxes say."""
    return any(_makes_customers(path) for path in declared.files())


def _makes_customers(path: Path) -> bool:
    if path.suffix not in (".yml", ".yaml"):
        return False
    import yaml

    try:
        content: Any = yaml.safe_load(path.read_bytes())
    except (OSError, ValueError, yaml.YAMLError):
        return False
    keys = content.get("keyed_groups") if isinstance(content, dict) and "plugin" in content else None
    return isinstance(keys, list) and any(
        isinstance(each, dict) and each.get("key") == _CUSTOMER and each.get("prefix") == "customer" for each in keys
    )
