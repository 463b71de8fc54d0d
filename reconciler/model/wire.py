"""Dataclasses to JSON and back, strictly: a field that is unknown, missing or of another type is named.

Only what the messages need is supported: dataclasses, str, int, float, bool, None, datetime (ISO 8601 with an
offset), StrEnum, tuples, frozen sets of text, dictionaries with keys of text, unions with None, values of statements,
and secrets.

A secret leaves as its mask. Only `encode(..., secret=reveal)`, used for the one message that carries desired
credentials to a box over an encrypted or local channel, writes it in clear.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

from .errors import WireError
from .secret import Secret
from .statement import Statement, Value

T = TypeVar("T")
_LONGEST_KEY = 80
_GREATEST = (1 << 63) - 1
_VALUE = typing.get_args(Value)


def encode(value: object, *, secret: Callable[[Secret], str] = str) -> Any:
    """Return `value` as what `json.dumps` accepts.

    Args:
        secret: what to write for a secret, by default its mask.

    Raises:
        WireError: a type that the wire format does not know.
    """
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, Secret):
        return secret(value)
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = dataclasses.fields(value)
        return {f.name: encode(getattr(value, f.name), secret=secret) for f in fields}
    if isinstance(value, tuple | list):
        return [encode(item, secret=secret) for item in value]
    if isinstance(value, frozenset):
        return sorted(encode(item, secret=secret) for item in value)
    if isinstance(value, Mapping):
        return {str(key): encode(item, secret=secret) for key, item in value.items()}
    raise WireError(f"{type(value).__name__} has no wire format")


def decode(kind: type[T], data: object, where: str = "message") -> T:
    """Build a `kind` from parsed JSON.

    Args:
        kind: a dataclass of the model.
        data: what `json.loads` returned.
        where: how to call the top of the message in an error.

    Raises:
        WireError: names the field, what is there and what should be.
    """
    return typing.cast("T", _decode(kind, data, where))


def _decode(kind: Any, data: object, where: str) -> object:
    origin = _origin(kind)
    if origin in (typing.Union, types.UnionType):
        return _decode_union(_arguments(kind), data, where)
    if origin is tuple:
        return tuple(_decode(_arguments(kind)[0], item, f"{where}[{i}]") for i, item in _items(data, where))
    if origin is frozenset:
        return frozenset(_decode(_arguments(kind)[0], item, f"{where}[{i}]") for i, item in _items(data, where))
    if origin in (dict, Mapping):
        of_keys, of_values = _arguments(kind)
        return _decode_mapping(of_keys, of_values, data, where)
    if dataclasses.is_dataclass(kind):
        return _decode_dataclass(typing.cast("type", kind), data, where)
    return _decode_scalar(kind, data, where)


def _decode_mapping(of_keys: Any, of_values: Any, data: object, where: str) -> dict[object, object]:
    decoded: dict[object, object] = {}
    for key, item in _members(data, where).items():
        inside = f"{where}.{_shown(key)}"
        decoded[_decode_scalar(of_keys, key, inside)] = _decode(of_values, item, inside)
    return decoded


def _decode_union(options: tuple[Any, ...], data: object, where: str) -> object:
    if data is None and type(None) in options:
        return None
    if options == _VALUE:
        return _decode_value(data, where)
    real = [option for option in options if option is not type(None)]
    if len(real) != 1:
        raise WireError(f"{where}: a union of {real} has no wire format")
    return _decode(real[0], data, where)


def _decode_value(data: object, where: str) -> object:
    if isinstance(data, list):
        return _decode(tuple[str, ...], data, where)
    if isinstance(data, dict):
        return _decode_dataclass(Statement, data, where)
    return _decode_scalar(type(data), data, where)


def _decode_dataclass(kind: type, data: object, where: str) -> object:
    members = dict(_members(data, where))
    hints = _hints(kind)
    values: dict[str, object] = {}
    for field in dataclasses.fields(kind):
        if field.name in members:
            values[field.name] = _decode(hints[field.name], members.pop(field.name), f"{where}.{field.name}")
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise WireError(f"{where}.{field.name} is missing")
    if members:
        raise WireError(f"{where}.{_shown(min(members))} is not known to this version")
    return kind(**values)


_origin: Callable[[Any], Any] = functools.cache(typing.get_origin)
_arguments: Callable[[Any], tuple[Any, ...]] = functools.cache(typing.get_args)


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _decode_scalar(kind: Any, data: object, where: str) -> object:
    if kind is float and type(data) in (int, float):
        return _finite(typing.cast("float", data), where)
    if kind in (str, int, float, bool):
        if type(data) is not kind:
            raise WireError(f"{where} is {_name(data)}, {kind.__name__} is expected")
        if kind is int and abs(typing.cast("int", data)) > _GREATEST:
            raise WireError(f"{where} is a number of more than 64 bits")
        return data
    convert = _FROM_TEXT.get(kind)
    if convert is None and isinstance(kind, type) and issubclass(kind, StrEnum):
        convert = kind
    if convert is None:
        raise WireError(f"{where}: {kind!r} has no wire format")
    if not isinstance(data, str):
        raise WireError(f"{where} is {_name(data)}, text is expected")
    try:
        return convert(data)
    except ValueError:
        raise WireError(f"{where} has a value that this version does not know") from None


def _finite(number: float, where: str) -> float:
    """Return a number that can be reckoned with and written as JSON, which Python's own parser does not demand."""
    if not -_GREATEST <= number <= _GREATEST:  # not a number is not between them either
        raise WireError(f"{where} is not a finite number of at most 64 bits")
    return float(number)


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("without an offset it cannot be compared")
    return instant


_FROM_TEXT: dict[object, Callable[[str], object]] = {Secret: Secret, datetime: _instant}


def _items(data: object, where: str) -> enumerate[object]:
    if not isinstance(data, list):
        raise WireError(f"{where} is {_name(data)}, a list is expected")
    return enumerate(data)


def _members(data: object, where: str) -> Mapping[str, object]:
    if not isinstance(data, dict):
        raise WireError(f"{where} is {_name(data)}, an object is expected")
    return data


def _shown(key: str) -> str:
    """Keys come from the other side, and an error is one line."""
    return key[:_LONGEST_KEY] if key.isprintable() else "(unprintable)"


def _name(data: object) -> str:
    names = {"NoneType": "null", "dict": "an object", "list": "a list", "str": "text", "bool": "true or false"}
    return names.get(type(data).__name__, "a number")
