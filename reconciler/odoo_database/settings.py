"""Where a database is and what is taken from it, as somebody wrote it into a file: every mistake is named at once."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Final

from ..model.errors import PermanentFailure
from ..model.names import box_problem, label_problem
from ..model.near import instead
from ..model.secret import Secret
from ..model.urls import origin, split_web

SECONDS: Final = 60
"""Seconds in which a database must have been read as a whole, where nothing else is said."""
MOST_SECONDS: Final = 3600
MOST_BOXES: Final = 10_000
"""Boxes of one database, at most; the largest fleets that are known have hundreds."""
BOXES: Final = 2000
MODEL: Final = "iot.box"
_MODEL_FORM: Final = re.compile(r"[a-z0-9_.]{1,100}")
FIELDS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "name": ("name", "display_name"),
        "identifier": ("identifier",),
        "address": ("ip", "ip_url"),
        "version": ("version",),
        "certificate_end": ("ssl_certificate_end_date",),
        "company": ("company_id",),
    }
)
"""What is read of a box, and the fields that have it in one version or edition of Odoo, the best first."""
_NEEDED: Final = ("customer", "url", "api_key")
_LOOPBACK: Final = "localhost"
_WORD: Final = re.compile(r"[^\W_]+")

BoxNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


class OdooProtocol(StrEnum):
    """Ways to speak to a database. `auto` asks the server which version it has, without the key."""

    AUTO = "auto"
    JSON2 = "json2"
    XMLRPC = "xmlrpc"


class HostNaming(StrEnum):
    """What a host is called after."""

    NAME = "name"
    IDENTIFIER = "identifier"


class BadOdooSettings(PermanentFailure):
    """Settings of a database cannot be used; `problems` has one line each, without the value of the key."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class OdooSettings:
    """One database.

    Args:
        customer: whose it is, and whose group its hosts get.
        url: where it is asked, `https://name[:port]`.
        api_key: of an administrator, since it reads system parameters.
        server_url: what boxes are linked to.
        database: its name on its server; XML-RPC needs it.
        login: whose key it is; XML-RPC needs it.
        fields: the field that has a value of `FIELDS`, for those whose names are others than the known ones.
        stores: what a company is called as a store, by the name of the company.
        host_prefix: beginning of every host's name, so that nobody can give a box the name of another customer's.
        connection: `iot_https_connection` of its hosts, if any.
        networks: where boxes may be; empty for anywhere.
        ca_file: authorities to trust beside those of the system, PEM.
        proxy: through which it is asked.
        environment_proxies: through which those of the environment are used.
        seconds: until it must have been read as a whole.
        most_boxes: a database with more is refused.
    """

    customer: str
    url: str
    api_key: Secret
    server_url: str
    database: str | None = None
    login: str | None = None
    protocol: OdooProtocol = OdooProtocol.AUTO
    model: str = MODEL
    fields: Mapping[str, str] = field(default_factory=dict)
    stores: Mapping[str, str] = field(default_factory=dict)
    host_name: HostNaming = HostNaming.NAME
    host_prefix: str = ""
    connection: str | None = None
    networks: tuple[BoxNetwork, ...] = ()
    ca_file: str | None = None
    proxy: str | None = None
    environment_proxies: bool = False
    seconds: float = SECONDS
    most_boxes: int = BOXES


NAMES: Final = tuple(OdooSettings.__dataclass_fields__)


def settings_of(given: Mapping[str, object]) -> OdooSettings:
    """Return the settings of one database.

    Args:
        given: by the names of `OdooSettings`; what is `None` is not said.

    Raises:
        BadOdooSettings: has a line for each thing that is wrong, with the way out.
    """
    said = {name: value for name, value in given.items() if value is not None}
    problems = [f"{name} is no setting of a database{instead(str(name), NAMES, ': remove it')}" for name in _odd(said)]
    problems += [f"{name} is missing: set it" for name in _NEEDED if name not in said]
    if not problems:
        read = _Reader(said, problems)
        made = read.settings()
        if made is not None and not problems:
            return made
    raise BadOdooSettings(*problems)


def several(
    common: Mapping[str, object], databases: object, odd: Sequence[object], folder: str
) -> tuple[OdooSettings, ...]:
    """Return the settings of every database of a file.

    Args:
        common: what counts for each that does not say otherwise; by itself it is the one database.
        databases: a list of mappings, or `None`.
        odd: keys of the file that mean nothing.
        folder: where the file is.

    Raises:
        BadOdooSettings: has a line for each thing that is wrong in any of them.
    """
    problems = [f"{key} is no setting{instead(str(key), (*NAMES, 'databases'), ': remove it')}" for key in odd]
    if databases is None:
        listed: Sequence[object] = [{}]
    elif isinstance(databases, list) and databases:
        listed = databases
    else:
        raise BadOdooSettings(*problems, "databases is no list of mappings: write one below it for each database")
    made = []
    for number, each in enumerate(listed, start=1):
        where = f"databases, {number}: " if databases is not None else ""
        try:
            made.append(_one(common, each, folder))
        except BadOdooSettings as error:
            problems += [f"{where}{problem}" for problem in error.problems]
    customers = [each.customer for each in made]
    problems += [
        f"customer {name} has two databases: give each a customer of its own, which may share by iot_https_shared_with"
        for name in dict.fromkeys(customers)
        if customers.count(name) > 1
    ]
    if problems:
        raise BadOdooSettings(*problems)
    return tuple(made)


def _one(common: Mapping[str, object], said: object, folder: str) -> OdooSettings:
    if not isinstance(said, Mapping):
        raise BadOdooSettings("is no mapping: write customer, url and api_key below it")
    made = settings_of({**common, **said})
    if made.ca_file is None:
        return made
    return replace(made, ca_file=str(Path(folder, Path(made.ca_file).expanduser())))


def _odd(said: Mapping[str, object]) -> Iterable[str]:
    return [name for name in said if name not in NAMES]


class _Reader:
    """Reads one value after the other, and notes what is wrong."""

    def __init__(self, said: Mapping[str, object], problems: list[str]) -> None:
        self._said = said
        self._problems = problems

    def settings(self) -> OdooSettings | None:
        """Return what was read; what is wrong with it is noted."""
        customer, url, key = self._customer(), self._url("url"), self.text("api_key")
        server = self._url("server_url") if "server_url" in self._said else url
        made = {
            "database": self.text("database"),
            "login": self.text("login"),
            "protocol": self._choice("protocol", OdooProtocol, OdooProtocol.AUTO),
            "model": self._model(),
            "fields": self._fields(),
            "stores": self._stores(),
            "host_name": self._choice("host_name", HostNaming, HostNaming.NAME),
            "host_prefix": self._prefix(customer),
            "connection": self.text("connection"),
            "networks": self._networks(),
            "ca_file": self.text("ca_file"),
            "proxy": self._proxy(),
            "environment_proxies": self._flag("environment_proxies"),
            "seconds": self._number("seconds", SECONDS, MOST_SECONDS),
            "most_boxes": self._number("most_boxes", BOXES, MOST_BOXES),
        }
        if customer is None or url is None or key is None or server is None:
            return None
        if made["protocol"] is OdooProtocol.XMLRPC:
            self._problems += [
                f"{name} is missing: XML-RPC needs it" for name in ("database", "login") if made[name] is None
            ]
        return OdooSettings(customer=customer, url=url, api_key=Secret(key), server_url=server, **made)  # type: ignore[arg-type]

    def text(self, name: str, otherwise: str | None = None) -> str | None:
        """Return a text of one printable line, which may be empty for a prefix only."""
        value = self._said.get(name)
        if value is None:
            return otherwise
        if not isinstance(value, str) or not value.isprintable() or value != value.strip():
            self._wrong(name, "is not text on one line: put quotes around it, or remove spaces and line breaks")
            return None
        if not value and name != "host_prefix":
            self._wrong(name, "is empty: leave it out, or fill it in")
            return None
        return str.__str__(value)

    def _model(self) -> str:
        text = self.text("model", MODEL) or MODEL
        if _MODEL_FORM.fullmatch(text) is None:
            self._wrong("model", "is not the name of a model: write it as Odoo does, such as iot.box")
        return text

    def _customer(self) -> str | None:
        text = self.text("customer")
        if text is not None and (problem := label_problem(text)) is not None:
            self._wrong("customer", problem)
            return None
        return text

    def _url(self, name: str) -> str | None:
        text = self.text(name)
        if text is None:
            return None
        parts, short = split_web(text), origin(text)
        if parts is None or short is None or parts.path not in ("", "/") or parts.query or parts.fragment:
            self._wrong(name, "is not the address of a server: write https://name-of-the-database")
            return None
        if parts.username is not None or parts.password is not None:
            self._wrong(name, "contains a user or password: leave them out")
            return None
        if name == "url" and parts.scheme != "https" and not _is_loopback(parts.hostname or ""):
            self._wrong(name, "is not https, and the key would travel in clear: write https://")
            return None
        return short

    def _proxy(self) -> str | None:
        text = self.text("proxy")
        if text is not None and split_web(text) is None:
            self._wrong("proxy", "is not a proxy address: write http://[user:password@]host:port")
            return None
        return text

    def _prefix(self, customer: str | None) -> str:
        text = self.text("host_prefix", f"{customer_word(customer)}_" if customer else None)
        if text and (problem := box_problem(f"{text}a")) is not None:
            self._wrong("host_prefix", f"cannot begin the name of a host: {problem.partition(': ')[2]}")
        return text or ""

    def _choice(self, name: str, of: type[StrEnum], otherwise: StrEnum) -> StrEnum:
        text = self.text(name, otherwise.value)
        if text in list(of):
            return of(text)
        if text is not None:
            self._wrong(name, f"is not one of {', '.join(of)}{instead(text, list(of))}")
        return otherwise

    def _flag(self, name: str) -> bool:
        value = self._said.get(name, False)
        if not isinstance(value, bool):
            self._wrong(name, "is not true or false")
        return value is True

    def _number(self, name: str, otherwise: int, most: int) -> int:
        value = self._said.get(name, otherwise)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= most:
            self._wrong(name, f"is not a whole number from 1 to {most}")
            return otherwise
        return value

    def _networks(self) -> tuple[BoxNetwork, ...]:
        value = self._said.get("networks", ())
        if not isinstance(value, list | tuple):
            self._wrong("networks", "is not a list: write [192.0.2.0/24]")
            return ()
        found = []
        for each in value:
            try:
                found.append(ipaddress.ip_network(str(each)))
            except ValueError:
                self._wrong("networks", "has an entry that is no network: write 192.0.2.0/24, without bits of a host")
        return tuple(found)

    def _fields(self) -> Mapping[str, str]:
        told = self._mapping("fields")
        for name in [each for each in told if each not in FIELDS]:
            self._wrong("fields", f"has {name}, which is not one of {', '.join(FIELDS)}{instead(name, FIELDS)}")
        return told

    def _stores(self) -> Mapping[str, str]:
        told = self._mapping("stores")
        for store in told.values():
            if (problem := label_problem(store)) is not None:
                self._wrong("stores", f"has a store whose name {problem}")
        return told

    def _mapping(self, name: str) -> Mapping[str, str]:
        value = self._said.get(name, {})
        if not isinstance(value, Mapping):
            self._wrong(name, "is not a mapping: write {one: other}")
            return {}
        if not all(isinstance(each, str) and each for pair in value.items() for each in pair):
            self._wrong(name, "has a key or value that is not text: put quotes around it")
            return {}
        return {str.__str__(key): str.__str__(text) for key, text in value.items()}

    def _wrong(self, name: str, problem: str) -> None:
        self._problems.append(f"{name} {problem}")


def host_word(text: str) -> str:
    """Return text as a part of a host's name: spaces and colons, at which Ansible splits patterns, become dashes."""
    return "-".join(text.replace(":", " ").split())


def customer_word(customer: str) -> str:
    """Return a customer as a part of a name of ours, in which no `_` is: what follows one is another part."""
    return "-".join(_WORD.findall(customer)) or "customer"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == _LOOPBACK
