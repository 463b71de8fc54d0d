"""A box of a play that has no SSH: its pages are asked from this machine, and Ansible makes no connection to it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import Any, Final

from ..model.desired import Request
from ..model.names import host_problem
from ..model.target import ConnectionKind, HomepageWay
from ..results.result import Result
from .arguments import BadArguments

_lacking: ImportError | None = None
try:
    # With the plugin, once for a play: each worker would take a fifth of a second for it. A play of boxes with SSH
    # needs none of it, so there it neither fails nor warns.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ..connections.homepage.opened import visited
except ImportError as error:
    _lacking = error

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
    if _lacking is not None:
        raise BadArguments(_MISSING) if _is_library(_lacking) else _lacking

    def ask(request: Request) -> Result:
        desired = request.desired
        way = HomepageWay(host=host, port=desired.homepage_port, https_port=desired.https_port)
        return visited(way, request)

    return ask


def _is_library(lacking: ImportError) -> bool:
    return (lacking.name or "").partition(".")[0] in _LIBRARIES
