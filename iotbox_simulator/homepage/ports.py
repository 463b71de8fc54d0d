"""Who answers on which port of a box: the vendor's program itself, or nginx in front of it."""

from __future__ import annotations

from http import HTTPStatus

from ..machine.options import ANY
from ..machine.web import HTTP_PORT, HTTPS_PORT, ProgramHeld, WebReply, WebRequest
from .host import Host
from .route import dispatch, not_simulated, page
from .tables import NOT_SIMULATED, routes

_NGINX = ("Server", "nginx")
_CLIENT = "192.0.2.1"
"""Who asks, as the log has it."""
_502 = b"<html><head><title>502 Bad Gateway</title></head><body>The box is starting</body></html>\n"
_404 = b"<html><head><title>404 Not Found</title></head><body>nginx</body></html>\n"


def answer(host: Host, port: int, request: WebRequest) -> WebReply:
    """Answer a request on one of the three ports.

    Raises:
        ConnectionRefusedError: nobody listens there.
        ProgramHeld: the vendor's program is stopped by a signal and will not answer before it runs again.
    """
    if port == host.odoo.bound.port and host.odoo.bound.address in ("127.0.0.1", ANY):
        return homepage(host, request)
    if port in (HTTP_PORT, HTTPS_PORT):
        return nginx(host, request, encrypted=port == HTTPS_PORT)
    raise ConnectionRefusedError(111, "Connection refused")


def homepage(host: Host, request: WebRequest) -> WebReply:
    """Answer as the vendor's program does; see `answer` for what is raised."""
    odoo = host.odoo
    if not odoo.listening:
        raise ConnectionRefusedError(111, "Connection refused")
    if odoo.stopped:
        raise ProgramHeld(110, "Connection timed out")
    if not odoo.bound.is_box:
        return page(odoo, HTTPStatus.NOT_FOUND)
    path = request.parts.path
    route = routes(odoo.image).get(path)
    if route is not None and not (route.linux_only and odoo.image.system == "Windows"):
        reply = dispatch(host, route, request)
        line = f'{_CLIENT} - - [{odoo.clock.now():%d/%b/%Y %H:%M:%S}] "{request.method} {request.target} HTTP/1.1"'
        odoo.log("INFO", "werkzeug", f"{line} {reply.status} -")
        return reply
    if path in NOT_SIMULATED[odoo.image.code.homepage]:
        return not_simulated(odoo, path)
    return page(odoo, HTTPStatus.NOT_FOUND)


def nginx(host: Host, request: WebRequest, *, encrypted: bool) -> WebReply:
    """Answer as nginx does, which hands nearly everything on; see `answer` for what is raised."""
    image = host.odoo.image
    if not host.odoo.nginx.running or (image.system == "Windows" and not encrypted):
        raise ConnectionRefusedError(111, "Connection refused")
    if image.branch == "15.0" and not encrypted and not request.parts.path.startswith("/hw_drivers/"):
        return _own_page(HTTPStatus.NOT_FOUND, _404)
    try:
        if not host.odoo.bound.asked_by_nginx:
            return _own_page(HTTPStatus.BAD_GATEWAY, _502)
        reply = homepage(host, request)
    except ConnectionRefusedError:
        return _own_page(HTTPStatus.BAD_GATEWAY, _502)
    rest = tuple(header for header in reply.headers if header[0] != "Server")
    return WebReply(reply.status, (_NGINX, *rest), reply.body)


def _own_page(status: HTTPStatus, body: bytes) -> WebReply:
    return WebReply(status, (_NGINX, ("Content-Type", "text/html"), ("Content-Length", str(len(body)))), body)
