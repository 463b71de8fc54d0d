"""What routes answer beside pages: short objects, and errors of the web framework."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

CONNECTED: Final = "Successfully connected to db, IoT will restart to update the configuration."
NOT_CONNECTED: Final = "Failed to write server configuration files on IoT. Please try again."
BAD_URL: Final = "Invalid URL provided."
DISCONNECTED: Final = "Successfully disconnected from server"
SAVED: Final = "Successfully saved credentials"
CLEARED: Final = "Successfully cleared credentials"
RESTARTED: Final = "Odoo service restarted"
RESTART_AFTER_LINKING: Final = 1.0
"""Seconds, of late 17.0 and later."""
_PAGES: Final = {
    HTTPStatus.BAD_REQUEST: "The browser (or proxy) sent a request that this server could not understand.",
    HTTPStatus.NOT_FOUND: (
        "The requested URL was not found on the server. If you entered the URL manually please check your spelling and "
        "try again."
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: "The method is not allowed for the requested URL.",
    HTTPStatus.INTERNAL_SERVER_ERROR: (
        "The server encountered an internal error and was unable to complete your request. Either the server is "
        "overloaded or there is an error in the application."
    ),
}


def success(message: str) -> dict[str, str]:
    """Return the answer of a route that did what it was asked."""
    return {"status": "success", "message": message}


def failure(message: str) -> dict[str, str]:
    """Return the answer of a route that could not."""
    return {"status": "failure", "message": message}


def rpc_error(error: Exception) -> dict[str, object]:
    """Return what a JSON-RPC route answers, with status 200, when its code raises."""
    text = str(error)
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    data = {"name": name, "message": text, "arguments": [str(each) for each in error.args], "context": {}}
    return {"code": 200, "message": "Odoo Server Error", "data": data}


def error_page(status: HTTPStatus, *, oldest: bool = False) -> str:
    """Return the page that the web framework makes of an error; that of 15.0 begins otherwise."""
    begin = '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">' if oldest else "<!doctype html>\n<html lang=en>"
    title = f"<title>{status.value} {status.phrase}</title>\n<h1>{status.phrase}</h1>"
    return f"{begin}\n{title}\n<p>{_PAGES[status]}</p>\n"
