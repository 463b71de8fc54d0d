"""What may be asked of a box beside a look, as one request in its dialect, and what its answer means.

A change is done when its answer says so; that of a route that restarts comes before the restart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from urllib.parse import urlencode

from ..model.reveal import reveal
from ..model.secret import Secret
from ..model.statement import say
from .answer import NoAnswer, PageAnswer
from .dialect import DialectEntry, LinkForm, Manner, PageRoute
from .replies import found, json_of, quoted, result_of
from .session import Fields, Homepage

_BAR: Final = "|"
_LOGGER: Final = "iot-logging-"
"""Before the name of a logger in what the pages send."""
_LONGEST_PASSWORD: Final = 128
"""Characters; boxes make 12 to 22."""


@dataclass(frozen=True, slots=True)
class PageOrder:
    """One request: a route and what is sent with it.

    Args:
        hides: what is never repeated of an answer, beside the secrets among the fields.
    """

    route: PageRoute
    fields: Fields = field(default_factory=lambda: MappingProxyType({}), repr=False)
    hides: tuple[Secret, ...] = field(default=(), repr=False)

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """All that is never repeated."""
        return (*(each for each in self.fields.values() if isinstance(each, Secret)), *self.hides)


def save_credentials(entry: DialectEntry, db_uuid: str, enterprise_code: Secret | None) -> PageOrder:
    """Return the order to store database UUID and enterprise code."""
    code = enterprise_code or Secret("")
    return PageOrder(
        entry.save_credentials,
        {"db_uuid": _escaped(entry, db_uuid), "enterprise_code": Secret(_escaped(entry, reveal(code)))},
    )


def link(
    entry: DialectEntry,
    server: str,
    *,
    token: Secret | None,
    db_uuid: str,
    enterprise_code: Secret | None,
    db_name: str | None = None,
) -> PageOrder:
    """Return the order to link a box, with its credentials: one write and one restart.

    Args:
        db_name: left out where the generation does not know it.

    Raises:
        NoAnswer: the generation takes no token with such values; nothing was sent.
    """
    values = {
        "token": reveal(token) if token else "",
        "db_uuid": db_uuid,
        "enterprise_code": reveal(enterprise_code) if enterprise_code else "",
    }
    if db_name and entry.knows_db_name:
        values["db_name"] = db_name
    written = {name: _escaped(entry, value) for name, value in values.items()}
    hides = tuple(each for each in (token, enterprise_code) if each)
    return PageOrder(entry.link, {"token": Secret(_token(entry, server, written))}, hides)


def log_level(entry: DialectEntry, logger: str, level: str) -> PageOrder | None:
    """Return the order to set the level of a logger (`root` or `odoo`); `None` where the generation has none."""
    if entry.set_log_level is None:
        return None
    name = f"{_LOGGER}{logger}"
    fields = {name: level} if entry.levels_in_names else {"name": name, "value": level}
    return PageOrder(entry.set_log_level, fields)


def send(homepage: Homepage, order: PageOrder) -> PageAnswer:
    """Send an order in its manner.

    Raises:
        NoAnswer: see there.
    """
    route = order.route
    fields = {**order.fields, **dict(route.fixed)}
    if route.manner is Manner.GET:
        return homepage.get(route.path)
    if route.manner is Manner.FORM:
        return homepage.form(route.path, fields)
    return homepage.rpc(route.path, fields)


def carry_out(homepage: Homepage, order: PageOrder) -> object:
    """Send an order; return what the box answers to it: the result of JSON-RPC, JSON, or nothing for a page.

    Raises:
        NoAnswer: the box did not do it, or did not say so. `sent` where it may have.
    """
    answer = send(homepage, order)
    path = order.route.path
    if order.route.manner is Manner.RPC:
        return _succeeded(order, result_of(answer, path, *order.secrets))
    found(answer, path)
    return _succeeded(order, _json_or_none(answer, path))


def new_password(homepage: Homepage, entry: DialectEntry) -> Secret | None:
    """Have the box give `pi` another password; return it, or `None` where the generation cannot.

    It travels as the session does: in clear, unless a name is proved.

    Raises:
        NoAnswer: see `carry_out`.
    """
    if entry.password is None:
        return None
    result = carry_out(homepage, PageOrder(entry.password))
    found = result.get("password") if isinstance(result, Mapping) else result
    if not isinstance(found, str) or not found.isprintable() or not 0 < len(found) <= _LONGEST_PASSWORD:
        raise NoAnswer(say("page_strange", path=entry.password.path), sent=True)
    return Secret(found)


def _succeeded(order: PageOrder, result: object) -> object:
    """Return a result that is no failure: the vendor says so in `status` of its objects."""
    if isinstance(result, Mapping) and "status" in result and result["status"] != "success":
        reason = quoted(result.get("message"), *order.secrets)
        raise NoAnswer(say("page_failed", path=order.route.path, reason=reason), sent=True)
    return result


def _json_or_none(answer: PageAnswer, path: str) -> object:
    return json_of(answer, path) if answer.body.lstrip()[:1] == b"{" else None


def _escaped(entry: DialectEntry, value: str) -> str:
    return value.replace("%", "%%") if entry.doubles_percent else value


def _token(entry: DialectEntry, server: str, values: Mapping[str, str]) -> str:
    for form in entry.link_forms:
        if form is LinkForm.URL:
            return f"{server.rstrip('/')}?{urlencode(values)}"
        parts = (server, values["token"], values["db_uuid"], values["enterprise_code"])
        if not any(_BAR in each for each in parts):
            return _BAR.join(parts)
    raise NoAnswer(say("page_no_bars"))
