"""Options in `odoo.conf` that decide whether a till reaches Odoo: read, judged, named, and left to a person.

They belong to the box. Where one keeps everybody out, it is the cause of all that does not answer, and a restart of
Odoo cures nothing or makes it come true.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from ..codes import CodeName, Variant
from ..model.observed import Observed
from ..results.finding import Finding, finding
from .case import Case

_MODULES: Final = frozenset({"hw_drivers", "iot_drivers"})
"""Up to saas-18.3, and from saas-18.4 on. One of them serves every route of a box."""
_FALSE: Final = ("False", "false")
_TRUE: Final = ("True", "true")
_LOCAL_SINCE: Final = (19, 1)
"""From saas-19.1 on Odoo listens on 127.0.0.1 unless told otherwise; odoo/odoo#226569, #271857."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option.

    Args:
        name: as in section `[options]`.
        harm: what an unusual value does to tills, in words; `None` for a value that is as good as the vendor's.
        cuts_off: nothing of Odoo answers then, neither by itself nor behind nginx.
    """

    name: str
    harm: Callable[[str, Case], str | None]
    cuts_off: bool


def _serves_nothing(value: str, _: Case) -> str | None:
    return "Odoo opens no port" if value in _FALSE else None


def _other_port(value: str, case: Case) -> str | None:
    port = case.desired.homepage_port
    return None if value == str(port) else f"nginx and tills ask port {port}"


def _other_address(value: str, _: Case) -> str | None:
    return None if _is_any(value) or _is_local(value) else "nginx asks 127.0.0.1 and gets no answer"


def _local_address(value: str, case: Case) -> str | None:
    if not _is_local(value) or listens_locally_by_default(case.observed):
        return None
    return f"tills get no answer on port {case.desired.homepage_port}, only through nginx on ports 80 and 443"


def _no_box(value: str, _: Case) -> str | None:
    loaded = {each.strip() for each in value.split(",")}
    return None if loaded & _MODULES else "without hw_drivers or iot_drivers Odoo is no IoT box"


def _believes_askers(value: str, _: Case) -> str | None:
    if value not in _TRUE:
        return None
    return "Odoo takes address and scheme of a till from the headers that it sends; the image has it off"


OPTIONS: Final = (
    Option("http_enable", _serves_nothing, cuts_off=True),
    Option("http_port", _other_port, cuts_off=True),
    Option("http_interface", _other_address, cuts_off=True),
    Option("http_interface", _local_address, cuts_off=False),
    Option("server_wide_modules", _no_box, cuts_off=True),
    Option("proxy_mode", _believes_askers, cuts_off=False),
)
"""Whatever else keeps a till away is one more row; which options are read at all stands in `model.observed`."""


def check_odoo_options(case: Case) -> Finding | None:
    """Odoo's options let tills reach it."""
    found = list(_harmful(case))
    if not found:
        return None
    said = "; ".join(f"{option.name} = {case.observed.odoo.options[option.name]}: {harm}" for option, harm in found)
    cut = any(option.cuts_off for option, _ in found)
    later = " (from Odoo's next start on: it still runs with others)" if cut and case.observed.odoo.answers else ""
    return finding(CodeName.ODOO_OPTIONS, f"{said}{later}", variant=None if cut else Variant.STILL_REACHED)


def cut_off(case: Case) -> bool:
    """Tell whether the options keep everybody from Odoo, so that no restart makes it answer."""
    return any(option.cuts_off for option, _ in _harmful(case))


def listens_locally_by_default(observed: Observed) -> bool:
    """Tell whether the vendor's program on this branch listens for nginx alone unless it is told otherwise."""
    version = re.fullmatch(r"(?:saas-)?(\d+)\.(\d+)", observed.layout.branch or "")
    return version is not None and (int(version[1]), int(version[2])) >= _LOCAL_SINCE


def _harmful(case: Case) -> Iterator[tuple[Option, str]]:
    for option in OPTIONS:
        value = case.observed.odoo.options.get(option.name)
        harm = None if value is None else option.harm(value, case)
        if harm is not None:
            yield option, harm


def _is_any(value: str) -> bool:
    try:
        return not value or ipaddress.ip_address(value).is_unspecified
    except ValueError:
        return False


def _is_local(value: str) -> bool:
    return value in ("127.0.0.1", "localhost")
