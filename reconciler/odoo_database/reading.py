"""Read one database: its UUID and contract, and its boxes, page by page; each value is of the right type."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ..model.fields import BadField, read
from ..model.secret import Secret
from ..model.variables import VARIABLES
from .api import api_of
from .calls import OdooApi, Page
from .errors import ForeignReply, OdooRefused
from .server import OdooServer
from .settings import FIELDS, OdooSettings

PAGE: Final = 200
"""Records that are asked for at once."""
PARAMETERS: Final = "ir.config_parameter"
_NO_NUMBER: Final = 1 << 63
"""Above every number of a record; one of thousands of digits would be in every line about it."""
_UUID: Final = "database.uuid"
_CONTRACT: Final = "database.enterprise_code"
_CONTRACT_FORM: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
LONGEST: Final = 500
"""Characters of a value of a box, before anybody looks what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OdooBox:
    """A box as a customer's database has it: foreign text, none of it judged.

    Args:
        number: its id in Odoo, which never changes.
    """

    number: int
    name: str | None = None
    identifier: str | None = None
    address: str | None = None
    version: str | None = None
    certificate_end: str | None = None
    company: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OdooContent:
    """What was read of a database.

    Args:
        uuid, contract: `None` where the database has none, or where a cache may not hold it.
        missing: what is not known of any box, since no field of this Odoo has it.
    """

    uuid: Secret | None
    contract: Secret | None
    boxes: tuple[OdooBox, ...]
    missing: tuple[str, ...] = field(default=())


def read_database(settings: OdooSettings) -> OdooContent:
    """Read a database.

    Raises:
        OdooUnreachable: no answer came, or none of Odoo's.
        OdooRefused: Odoo says no, or what it says cannot be used.
    """
    server = OdooServer(settings)
    try:
        return read_by(api_of(server, settings), settings)
    finally:
        server.close()


def read_by(api: OdooApi, settings: OdooSettings) -> OdooContent:
    """Read a database by its API; see `read_database`."""
    uuid, contract = _parameters(api, settings)
    wanted = _wanted(api, settings)
    fields = sorted({each for candidates in wanted.values() for each in candidates})
    found = _all_records(api, settings, fields)
    return OdooContent(
        uuid=uuid,
        contract=contract,
        boxes=tuple(_box(settings, record, wanted) for record in found),
        missing=tuple(name for name in FIELDS if not wanted[name]),
    )


def _parameters(api: OdooApi, settings: OdooSettings) -> tuple[Secret | None, Secret | None]:
    domain = [["key", "in", [_UUID, _CONTRACT]]]
    said: dict[object, object] = {}
    for record in _records(settings, api.records(PARAMETERS, domain, ["key", "value"], Page(offset=0, limit=2))):
        said[record.get("key")] = record.get("value")
    uuid, contract = said.get(_UUID), said.get(_CONTRACT)
    if not uuid:
        raise OdooRefused(f"{settings.url} gives no {_UUID}: use a key of an administrator (Settings)")
    return _usable(settings, _UUID, "iot_https_db_uuid", uuid), _contract(settings, contract)


def _contract(settings: OdooSettings, value: object) -> Secret | None:
    if not value:
        return None
    if not isinstance(value, str) or _CONTRACT_FORM.fullmatch(value) is None:
        raise OdooRefused(f"{settings.url} has a {_CONTRACT} that is no contract number: correct it in Odoo")
    return _usable(settings, _CONTRACT, "iot_https_enterprise_code", value)


def _usable(settings: OdooSettings, parameter: str, variable: str, value: object) -> Secret:
    """Return a secret that the inventory would take, too."""
    try:
        return Secret(str(read(VARIABLES[variable], value)))
    except BadField as refusal:
        raise OdooRefused(f"{settings.url} has a {parameter} that {refusal}") from None


def _wanted(api: OdooApi, settings: OdooSettings) -> Mapping[str, tuple[str, ...]]:
    """Return the fields that have each value of a box, those that this Odoo does not have left out."""
    there = api.fields_of(settings.model)
    if not isinstance(there, Mapping) or not there:
        raise ForeignReply(f"{settings.url} tells no fields of {settings.model}: correct url or model")
    candidates = {name: (settings.fields[name],) if name in settings.fields else FIELDS[name] for name in FIELDS}
    return {name: tuple(each for each in fields if each in there) for name, fields in candidates.items()}


def _all_records(api: OdooApi, settings: OdooSettings, fields: Sequence[str]) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    last = 0
    while True:
        page = _records(settings, api.records(settings.model, [], fields, Page(offset=len(found), limit=PAGE)))
        for record in page:
            if record["id"] <= last:
                raise ForeignReply(f"{settings.url} gives boxes twice or in disorder: try again")
            last = record["id"]
        found += page
        if len(found) > settings.most_boxes:
            raise OdooRefused(f"{settings.url} has more than {settings.most_boxes} boxes: raise most_boxes")
        if len(page) < PAGE:
            return found


def _records(settings: OdooSettings, said: object) -> list[Mapping[str, Any]]:
    if not isinstance(said, list) or len(said) > PAGE or not all(map(_is_record, said)):
        raise ForeignReply(f"{settings.url} answers with something else than records: correct url")
    return said


def _is_record(value: object) -> bool:
    number = value.get("id") if isinstance(value, Mapping) else None
    return isinstance(number, int) and not isinstance(number, bool) and 0 < number < _NO_NUMBER


def _box(settings: OdooSettings, record: Mapping[str, Any], wanted: Mapping[str, tuple[str, ...]]) -> OdooBox:
    texts = {name: _first(settings, record, fields) for name, fields in wanted.items()}
    return OdooBox(number=record["id"], **texts)


def _first(settings: OdooSettings, record: Mapping[str, Any], fields: Sequence[str]) -> str | None:
    """Return the first of some fields that says anything."""
    return next(filter(None, (_text(settings, record, name) for name in fields)), None)


def _text(settings: OdooSettings, record: Mapping[str, Any], name: str) -> str | None:
    """Return a text, or the name of what a field links to; Odoo writes an empty field as false."""
    value = record.get(name)
    if isinstance(value, list) and len(value) == 2 and isinstance(value[0], int):  # noqa: PLR2004 - a pair
        value = value[1]
    if value is None or value is False:
        return None
    if not isinstance(value, str):
        raise OdooRefused(f"{settings.url} has no text in the field {name} of {settings.model}: correct fields")
    return value[:LONGEST]
