"""A route and how a request becomes the call of a function, in the shapes of the vendor's web framework."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl

from ..machine.odoo import Odoo
from ..machine.vendor import FAILURES
from ..machine.web import Headers, WebReply, WebRequest
from ..vendor_facts import answers
from .host import Host

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=utf-8"
_SERVERS = {
    "buster": "Werkzeug/0.14.1 Python/3.7.3",
    "bookworm": "Werkzeug/2.2.2 Python/3.11.2",
    "trixie": "Werkzeug/3.1.3 Python/3.13.5",
    "windows": "Werkzeug/3.0.1 Python/3.12.3",
}
_NOT_SIMULATED = "The real box has this route, the simulated one does not: {}\n"


@dataclass(frozen=True, slots=True)
class HomepageRoute:
    """One path.

    Args:
        call: gets the host and the parameters that it names; returns text, something that becomes JSON, or, where it
            is called by JSON-RPC, the result.
        rpc: it takes JSON-RPC by POST, and failures come as 200 with an error.
        form: it takes POST as well as GET.
        linux_only: it does not exist on Windows.
    """

    call: Callable[..., object]
    rpc: bool = False
    form: bool = False
    linux_only: bool = False


class BadRequest(Exception):
    """What came is not what the route takes; answered with 400."""


def dispatch(host: Host, route: HomepageRoute, request: WebRequest) -> WebReply:
    """Call a route and wrap what it returns."""
    if route.rpc:
        return _dispatch_rpc(host, route, request)
    if request.method not in ("GET", "HEAD", *(("POST",) if route.form else ())):
        return page(host.odoo, HTTPStatus.BAD_REQUEST)
    try:
        value = _call(host, route, _form(request))
    except BadRequest:
        return page(host.odoo, HTTPStatus.BAD_REQUEST)
    except FAILURES as error:
        host.odoo.print(f"Traceback (most recent call last):\n{type(error).__name__}: {error}\n")
        return page(host.odoo, HTTPStatus.INTERNAL_SERVER_ERROR)
    body = (value if isinstance(value, str) else json.dumps(value)).encode()
    own = (("Content-Type", HTML), ("Content-Length", str(len(body))), *_shared("GET, POST"))
    return WebReply(200, (*_first(host.odoo), *own), body)


def page(odoo: Odoo, status: HTTPStatus) -> WebReply:
    """Return the page that the framework makes of an error; that of 15.0 is older."""
    body = answers.error_page(status, oldest=odoo.image.branch == "15.0").encode()
    return WebReply(status, (*_first(odoo), ("Content-Type", HTML), ("Content-Length", str(len(body)))), body)


def not_simulated(odoo: Odoo, path: str) -> WebReply:
    """Say that nobody needed this route so far, which no real box would say."""
    body = _NOT_SIMULATED.format(path).encode()
    own = (("Content-Type", "text/plain"), ("Content-Length", str(len(body))))
    return WebReply(HTTPStatus.NOT_IMPLEMENTED, (*_first(odoo), *own), body)


def _dispatch_rpc(host: Host, route: HomepageRoute, request: WebRequest) -> WebReply:
    if request.method != "POST":
        return page(host.odoo, HTTPStatus.METHOD_NOT_ALLOWED)
    try:
        identifier, parameters = _envelope(request)
    except BadRequest:
        return page(host.odoo, HTTPStatus.BAD_REQUEST)
    try:
        outcome = {"result": _call(host, route, parameters)}
    except FAILURES as error:
        outcome = {"error": answers.rpc_error(error)}
    body = json.dumps({"jsonrpc": "2.0", "id": identifier, **outcome}).encode()
    own = (("Content-Length", str(len(body))), ("Content-Type", JSON), *_shared("POST"))
    return WebReply(200, (*_first(host.odoo), *own), body)


def _envelope(request: WebRequest) -> tuple[object, dict[str, Any]]:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise BadRequest
    try:
        sent = json.loads(request.body)
        parameters = sent.get("params") or {}
    except (ValueError, AttributeError):
        raise BadRequest from None
    if not isinstance(parameters, dict):
        raise BadRequest
    return sent.get("id"), parameters


def _form(request: WebRequest) -> dict[str, Any]:
    kind = request.headers.get("content-type", "")
    if kind.startswith("application/json"):
        raise BadRequest
    fields = parse_qsl(request.parts.query, keep_blank_values=True)
    if request.method == "POST" and kind.startswith("application/x-www-form-urlencoded"):
        fields += parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True)
    return dict(fields)


def _call(host: Host, route: HomepageRoute, parameters: dict[str, Any]) -> object:
    """Call with the parameters that the function names; the framework leaves others out, unless it takes all."""
    _, *known = inspect.signature(route.call).parameters.values()
    takes_all = any(each.kind is inspect.Parameter.VAR_KEYWORD for each in known)
    names = {each.name for each in known}
    return route.call(host, **{name: value for name, value in parameters.items() if takes_all or name in names})


def _first(odoo: Odoo) -> Headers:
    return ("Server", _SERVERS[odoo.image.codename]), (
        "Date",
        format_datetime(odoo.clock.now().astimezone(UTC), usegmt=True),
    )


def _shared(methods: str) -> Headers:
    return (
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Methods", methods),
        ("X-Content-Type-Options", "nosniff"),
    )
