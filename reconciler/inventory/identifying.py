"""Make the identity of a host from its variables; of secrets, digests only."""

from __future__ import annotations

from typing import Final

from ..model.desired import DECLARING
from ..model.digests import contract_digest, database_digest
from ..model.fields import BadField, read
from ..model.secret import Secret
from ..model.validate import PREFIX
from ..model.variables import VARIABLES
from .identity import DeclaredIdentity
from .problem import Problem, at
from .values import Values

_TEXTS: Final = ("customer", "store", "server_url", "db_name", "serial")
_SHARED: Final = f"{PREFIX}shared_with"
_UUID: Final = f"{PREFIX}db_uuid"
_CONTRACT: Final = f"{PREFIX}enterprise_code"
_TOKEN: Final = f"{PREFIX}token"
_COMPARED: Final = (_UUID, _CONTRACT, _TOKEN)
MANAGED: Final = f"{PREFIX}managed"
VARIABLE_NAMES: Final = (*(f"{PREFIX}{each}" for each in _TEXTS), _SHARED, MANAGED, *_COMPARED)
"""What is read of a host to know who it is."""
TAKEN: Final = tuple(f"{PREFIX}{each}" for each in ("server_url", "token", "db_name", "db_uuid", "enterprise_code"))
"""What a customer has for itself."""


def identity(name: str, values: Values, salt: bytes) -> tuple[DeclaredIdentity, list[str]]:
    """Return what is usable of who a box is, and a line for what is not and is no secret.

    Args:
        salt: of the digests of its contract and its token.
    """
    found: dict[str, str] = {}
    problems = []
    for field in _TEXTS:
        value, problem = _usable(f"{PREFIX}{field}", values)
        if value is not None:
            found[field] = str(value)
        problems += problem
    shared, problem = _usable(_SHARED, values)
    uuid, code, token = (_secret(each, values) for each in _COMPARED)
    unusable = frozenset(each for each in VARIABLE_NAMES if each in values.failed or _usable(each, values)[1])
    who = DeclaredIdentity(
        name=name,
        customer=found.get("customer"),
        store=found.get("store"),
        server_url=found.get("server_url"),
        db_name=found.get("db_name"),
        serial=found.get("serial"),
        database=database_digest(uuid) if uuid else None,
        contract=contract_digest(code, salt) if code else None,
        token=contract_digest(token, salt) if token else None,
        unread=unusable,
        lacks_customer="customer" not in found and f"{PREFIX}customer" not in unusable and _declares(values),
        shared_with=shared if isinstance(shared, tuple) else (),
    )
    return who, [*problems, *problem]


def is_no_box(values: Values) -> bool:
    """Tell whether the inventory says that a host is no box: it is compared with none then, whatever it inherits."""
    return _usable(MANAGED, values)[0] is False


def _declares(values: Values) -> bool:
    """Tell whether something is declared for the box, as `Desired.declares_something` says it."""
    return any(values.plain.get(f"{PREFIX}{field}") is not None for field in DECLARING)


def unread(values: Values) -> tuple[Problem, ...]:
    """Return a line for each variable that could not be read, those left out that are only not decrypted here."""
    apart = {each for each in _COMPARED if each in values.locked}
    return values.problems(lambda name: name not in apart)


def locked(values: Values) -> dict[str, str]:
    """Return the reason for each variable that is compared and cannot be decrypted, by its name and place."""
    return {f"{name}{at(values.places.get(name))}": values.locked[name] for name in _COMPARED if name in values.locked}


def _usable(name: str, values: Values) -> tuple[object, list[str]]:
    value = values.plain.get(name)
    if value is None:
        return None, []
    try:
        return read(VARIABLES[name], value), []
    except BadField as refusal:
        return None, [f"{name} {refusal}"]


def _secret(name: str, values: Values) -> Secret | None:
    value, _ = _usable(name, values)
    return None if value is None else Secret(str(value))
