"""Two customers with three shops of real boxes, their inventory, and the command as an MSP runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from ansible.parsing.vault import VaultLib, VaultSecret

import boxes
from realbox import connection
from reconciler.model.desired import Desired
from reconciler.model.secret import Secret

from .lab import TOKEN, Lab, Unit

REPOSITORY = Path(__file__).resolve().parents[2]
VAULT_PASSWORD = "only for the tests"
SIDE_BY_SIDE = 3
"""Boxes that boot at the same time on two cores."""


@dataclass(frozen=True)
class Customer:
    """Whose boxes they are. DNS of the lab knows the two subdomains."""

    name: str
    server_url: str
    subdomain: str
    code: str
    stores: tuple[str, ...]

    @cached_property
    def db_uuid(self) -> str:
        """By which the authority knows the database."""
        return str(uuid.uuid5(uuid.NAMESPACE_DNS, self.subdomain))


BAKERY = Customer("bakery", "https://db.customer-a.example", "111111112222", "M000111", ("hanoi", "hue"))
BUTCHER = Customer("butcher", "https://db.customer-b.example", "222222223333", "M000222", ("saigon",))
CUSTOMERS = (BAKERY, BUTCHER)


@dataclass(frozen=True)
class Shop:
    """One box of the fleet."""

    customer: Customer
    store: str
    unit: Unit


@dataclass
class Fleet:
    """All boxes by inventory name."""

    folder: Path
    shops: dict[str, Shop] = field(default_factory=dict)

    def unit(self, name: str) -> Unit:
        """The box of that name."""
        return self.shops[name].unit

    def units(self) -> Iterable[Unit]:
        """All of them."""
        return [shop.unit for shop in self.shops.values()]

    def inventory(
        self, name: str = "inventory", *, only: Iterable[str] | None = None, **hosts: Mapping[str, Any]
    ) -> Path:
        """Write an inventory of these boxes with its host keys and vault; return its folder.

        Args:
            only: names of the boxes in it, all by default.
            hosts: variables that differ, by name of the box (`_` for `-`).
        """
        changes = {each.replace("_", "-"): dict(values) for each, values in hosts.items()}
        place = self.folder / name
        (place / "group_vars").mkdir(parents=True, exist_ok=True)
        (place / "known_hosts").write_text(
            "".join(connection.host_key(name, shop.unit.box) for name, shop in self.shops.items())
        )
        (place / "vault-password").write_text(VAULT_PASSWORD)
        chosen = set(only) if only is not None else set(self.shops)
        groups: dict[str, Any] = {}
        for customer in CUSTOMERS:
            hosts_of = {
                each: {**self._host(each), **changes.get(each, {})}
                for each, shop in self.shops.items()
                if shop.customer is customer and each in chosen
            }
            groups[f"customer_{customer.name}"] = {"hosts": hosts_of}
            self._vault(place / "group_vars" / f"customer_{customer.name}.yml", _customer_variables(customer))
        self._write(place / "hosts.yml", {"all": {"children": groups}})
        self._write(place / "group_vars" / "all.yml", self._common(place))
        return place

    def run(self, verb: str, inventory: Path, *options: str) -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        return subprocess.run(
            self.command(verb, inventory, *options),
            cwd=REPOSITORY,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    def start(self, verb: str, inventory: Path, *options: str, **environment: str) -> subprocess.Popen[str]:
        """Start the command in a process group of its own, with these variables besides its usual ones."""
        return subprocess.Popen(
            self.command(verb, inventory, *options),
            cwd=REPOSITORY,
            env={**self.environment(), **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def command(self, verb: str, inventory: Path, *options: str) -> list[str]:
        """What is run: the command, on a control machine whose DNS is that of the lab, which nobody else sees."""
        dns = self.folder / "resolv.conf"
        dns.write_text(f"nameserver {boxes.peers().address}\n")
        within = ["unshare", "-m", "sh", "-c", 'mount --bind "$0" /etc/resolv.conf && exec "$@"', str(dns)]
        vault = ("--vault-password-file", str(inventory / "vault-password"))
        hosts = str(inventory / "hosts.yml")
        return [*within, sys.executable, "-m", "reconciler.cli", verb, "-i", hosts, *vault, *options]

    def environment(self) -> dict[str, str]:
        """Of the control machine: it trusts the test authority, as boxes and tills of the lab do."""
        trust = self.folder / "ca.pem"
        trust.write_text(boxes.peers().ca_pem())
        return {**os.environ, "SSL_CERT_FILE": str(trust), "XDG_STATE_HOME": str(self.folder / "state")}

    def _host(self, name: str) -> dict[str, Any]:
        shop = self.shops[name]
        return {**connection.host_variables(shop.unit.box), "iot_https_store": shop.store}

    def _common(self, place: Path) -> dict[str, Any]:
        login = connection.login_variables(place / "known_hosts")
        return {**login, "iot_https_resolvers": [boxes.peers().address]}

    def _vault(self, path: Path, content: object) -> None:
        vault = VaultLib([("default", VaultSecret(VAULT_PASSWORD.encode()))])
        path.write_bytes(vault.encrypt(yaml.safe_dump(content)))

    @staticmethod
    def _write(path: Path, content: object) -> None:
        path.write_text(yaml.safe_dump(content))


def _customer_variables(customer: Customer) -> dict[str, Any]:
    return {
        "iot_https_customer": customer.name,
        "iot_https_server_url": customer.server_url,
        "iot_https_token": TOKEN,
        "iot_https_db_name": customer.name,
        "iot_https_db_uuid": customer.db_uuid,
        "iot_https_enterprise_code": customer.code,
    }


def open_shops(lab: Lab, folder: Path) -> Fleet:
    """Make one box of each kind for each store, as from the shop."""
    fleet = Fleet(folder)
    wanted = [
        (f"{store}-till-{number}", customer, store, kind)
        for customer in CUSTOMERS
        for store in customer.stores
        for number, kind in enumerate(boxes.KINDS, 1)
    ]
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        units = list(pool.map(lambda each: lab.unit(each[3], each[0].replace("-till-", "")), wanted))
    # the first box may have made the peers anew, and they forget
    for customer in CUSTOMERS:
        database = {customer.db_uuid: [customer.code, customer.subdomain]}
        boxes.peers().control("PUT", "/control/databases", database)
    for (name, customer, store, _), unit in zip(wanted, units, strict=True):
        fleet.shops[name] = Shop(customer, store, Unit(unit.box, _desired(name, customer, unit), customer.subdomain))
    return fleet


def _desired(name: str, customer: Customer, unit: Unit) -> Desired:
    return Desired(
        name=name,
        customer=customer.name,
        serial=unit.box.serial,
        server_url=customer.server_url,
        token=Secret(TOKEN),
        db_uuid=Secret(customer.db_uuid),
        enterprise_code=Secret(customer.code),
        resolvers=(boxes.peers().address,),
    )


def report_of(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    """The JSON report on standard output."""
    assert done.returncode != 1, done.stderr
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def codes_of(report: Mapping[str, Any]) -> dict[str, list[str]]:
    """Codes of all findings that stand, by box."""
    return {each["name"]: [found["code"] for found in each["findings"]] for each in report["boxes"]}


def states_of(report: Mapping[str, Any]) -> dict[str, str]:
    """State by box."""
    return {each["name"]: each["state"] for each in report["boxes"]}
