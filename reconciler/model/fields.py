"""What one variable may hold: each reader returns a clean value, or raises `BadField` with the fault and the way out.

The text never contains the value of a secret, and no value that could be one by mistake.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from . import connection_token
from .names import label_problem
from .near import instead
from .observed import MOST_RESOLVERS
from .support import CHOICES_NOT_YET
from .urls import origin, split_web
from .variables import Variable

QUOTES: Final = "put quotes around it"
"""The way out where YAML has taken a text for something else; an INI inventory needs more, see `of_ini`."""
TEMPLATE: Final = ("{{", "{%", "{#")
"""What makes a template of a text in Ansible, which runs lookups, and with them programs."""
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_PARTS_OF_TOKEN: Final = frozenset(
    f"iot_https_{part}" for part in ("server_url", "token", "db_name", "db_uuid", "enterprise_code")
)
_FLAGS: Final[Mapping[str, bool]] = MappingProxyType(
    {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
)
"""What YAML takes for true and false, as text: so it comes from `-e NAME=true`, a survey of AWX or an INI inventory."""
_MOST_SHOWN: Final = 10**12
_LOOPBACK_NAMES: Final = ("localhost", "localhost.localdomain")


class BadField(Exception):
    """A value cannot be used; the text goes after the variable's name."""


def of_ini(name: str) -> str:
    """Return the same for an INI inventory, in which Ansible takes a pair of quotes away and then looks for numbers."""
    return (
        f"write {name}=\"'...'\" on the line of a host, both kinds of quotes, or {name}='...' in a section [GROUP:vars]"
    )


def read(variable: Variable, value: object) -> object:
    """Return a value as its type says, checked and reduced to one spelling.

    Raises:
        BadField: what is wrong and the way out, in one line.
    """
    by_type: dict[str, Callable[[Variable, object], object]] = {"str": _text, "int": _number, "list": _texts}
    reader = by_type.get(variable.kind, _flag)
    clean = reader(variable, value)
    if variable.name in _PARTS_OF_TOKEN and (told := connection_token.refusal(str(clean))) is not None:
        raise BadField(told)
    special = _SPECIAL.get(variable.name)
    return clean if special is None else special(clean)


def _text(variable: Variable, value: object) -> str:
    if not isinstance(value, str):
        raise BadField(f"is {_kind(value)}, text is expected: {QUOTES}")
    # Ansible hands over tagged texts; what goes on is a plain one.
    text = str.__str__(value)
    _refuse_unprintable(text)
    if text in CHOICES_NOT_YET.get(variable.name, ()):
        raise BadField(f"{text} is not supported yet, use {' or '.join(variable.choices)}")
    if variable.choices and text not in variable.choices:
        raise BadField(f"is not one of {', '.join(variable.choices)}{instead(text, variable.choices)}")
    return text


def _refuse_unprintable(text: str) -> None:
    if not text:
        raise BadField("is empty: leave it out where it is not managed")
    if not text.isprintable():
        raise BadField("contains a line break or another control character: remove it")
    if text != text.strip():
        raise BadField("has spaces around it: remove them")


def _number(variable: Variable, value: object) -> int:
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadField(f"is {_kind(value)}, a whole number is expected")
    low, high = variable.minimum, variable.maximum
    if (low is not None and value < low) or (high is not None and value > high):
        raise BadField(f"is {_shown(int(value))}, it must be from {low} to {high}")
    return int(value)


def _texts(variable: Variable, value: object) -> tuple[str, ...]:
    if not isinstance(value, list | tuple):
        raise BadField(f"is {_kind(value)}, a list is expected: write [a, b]")
    return tuple(_text(variable, item) for item in value)


def _flag(_variable: Variable, value: object) -> bool:
    if isinstance(value, str):
        value = _FLAGS.get(value.lower(), value)
    if not isinstance(value, bool):
        raise BadField(f"is {_kind(value)}, true or false is expected")
    return value


def _server(value: object) -> str:
    url = str(value)
    parts, short = split_web(url), origin(url)
    if parts is None or short is None:
        raise BadField("is not a web address: write https://name-of-the-database")
    if parts.username is not None or parts.password is not None:
        raise BadField("contains a user or password: leave them out")
    if (parts.hostname or "").rstrip(".") in _LOOPBACK_NAMES:
        raise BadField("names localhost, which on a box is the box itself: write the database's address")
    return short


def _authority(value: object) -> str:
    """Accept plain http only on this machine: the answer carries a private key."""
    url = str(value)
    parts = split_web(url)
    if parts is None or parts.hostname is None:
        raise BadField("is not a web address: leave it out for the one of www.odoo.com")
    if parts.username is not None or parts.password is not None:
        raise BadField("contains a user or password: leave them out")
    if parts.scheme != "https" and not _loopback(parts.hostname):
        raise BadField("is not an https address, and a private key would travel in clear: write https://")
    return url


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in _LOOPBACK_NAMES


def _proxy(value: object) -> str:
    if split_web(str(value)) is None:
        raise BadField("is not a proxy address: write http://[user:password@]host:port")
    return str(value)


def _uuid(value: object) -> str:
    if not _UUID.fullmatch(str(value)):
        raise BadField("is not a UUID: copy it from the database, 8-4-4-4-12 hexadecimal digits")
    return str(value)


def _word(value: object) -> str:
    if any(character.isspace() for character in str(value)):
        raise BadField("contains a space: copy it again without one")
    return str(value)


def _resolvers(value: object) -> tuple[str, ...]:
    servers = tuple(value) if isinstance(value, tuple) else ()
    if not servers:
        raise BadField("is an empty list: leave it out where it is not managed")
    if len(servers) > MOST_RESOLVERS:
        raise BadField(f"lists {len(servers)} servers, a box asks only the first {MOST_RESOLVERS}: remove the others")
    addresses = tuple(_address(server) for server in servers)
    if len(set(addresses)) < len(addresses):
        raise BadField("lists a server twice: remove one of them")
    return addresses


def _address(server: str) -> str:
    try:
        address = ipaddress.ip_address(server)
    except ValueError:
        raise BadField(f"{server} is not an IP address: names cannot be used here") from None
    if address.is_unspecified or address.is_multicast:
        raise BadField(f"{server} is not the address of a server")
    return str(address)


def _label(value: object) -> str:
    if (problem := label_problem(str(value))) is not None:
        raise BadField(problem)
    return str(value)


def _file(value: object) -> str:
    if not str(value).startswith("/"):
        raise BadField("is not an absolute path: it is a file on the box, begin with /")
    return str(value)


def _shown(number: int) -> str:
    """Python refuses to write thousands of digits, which a YAML file can hold in another base."""
    return str(number) if abs(number) < _MOST_SHOWN else "a huge number"


def _kind(value: object) -> str:
    names = {"NoneType": "empty", "dict": "a dictionary", "list": "a list", "tuple": "a list", "bool": "true or false"}
    if isinstance(value, str):
        return "text"
    return names.get(type(value).__name__, "a number" if isinstance(value, int | float) else "of another type")


_SPECIAL: Final[Mapping[str, Callable[[object], object]]] = MappingProxyType(
    {
        "iot_https_server_url": _server,
        "iot_https_authority_url": _authority,
        "iot_https_proxy": _proxy,
        "iot_https_db_uuid": _uuid,
        "iot_https_enterprise_code": _word,
        "iot_https_token": _word,
        "iot_https_serial": _word,
        "iot_https_customer": _label,
        "iot_https_store": _label,
        "iot_https_resolvers": _resolvers,
        "iot_https_client_resolvers": _resolvers,
        "iot_https_ca_file": _file,
    }
)
