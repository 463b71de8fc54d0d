"""A box of a play that has no SSH: its pages are asked from this machine, and Ansible makes no connection to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ..model.desired import Request
from ..model.names import host_problem
from ..model.target import ConnectionKind, HomepageWay
from ..results.result import Result
from .arguments import BadArguments

_LIBRARIES: Final = ("requests", "urllib3")
_MISSING: Final = (
    "this box is reached by its homepage, which needs the Python package requests where Ansible runs: install it "
    "there, or into the execution environment"
)


def is_by_homepage(params: Mapping[str, Any]) -> bool:
    """Tell whether its pages are the way to a box; what is no kind of connection is refused with the others."""
    return bool(params["connection"] == ConnectionKind.HOMEPAGE)


def asking(host: str) -> Callable[[Request], Result]:
    """Return what does a request on the box at this address.

    Raises:
        BadArguments: there can be no such address, or this machine lacks the library for it.
    """
    if (wrong := host_problem(host)) is not None:
        raise BadArguments(f"ansible_host {wrong}")
    try:
        from ..connections.homepage.opened import visited  # it brings a library that plays lack
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in _LIBRARIES:
            raise
        raise BadArguments(_MISSING) from None

    def ask(request: Request) -> Result:
        desired = request.desired
        way = HomepageWay(host=host, port=desired.homepage_port, https_port=desired.https_port)
        return visited(way, request)

    return ask
