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
from ..model.statement import Statement, say
from ..results.finding import Finding, finding
from .case import Case

_MODULES: Final = frozenset({"hw_drivers", "iot_drivers"})
"""Up to saas-18.3, and from saas-18.4 on. One of them serves every route of a box."""
_FALSE: Final = ("False", "false")
_TRUE: Final = ("True", "true")
_LOCAL_SINCE: Final = (19, 1)
"""From saas-19.1 on Odoo listens on 127.0.0.1 unless told otherwise; odoo/odoo#226569, #271857."""


@dataclass(frozen=True, slots=True)
class ReachOption:
    """One option, and one way in which it keeps tills away.

    Args:
        name: as in section `[options]`.
        says: what an unusual value does to tills: a sentence of the code.
        harms: whether a value does that; one that is as good as the vendor's does not.
        cuts_off: nothing of Odoo answers then, neither by itself nor behind nginx.
    """

    name: str
    says: str
    harms: Callable[[str, Case], bool]
    cuts_off: bool


def _other_port(value: str, case: Case) -> bool:
    return value != str(case.desired.homepage_port)


def _other_address(value: str, _: Case) -> bool:
    return not _is_any(value) and not _is_local(value)


def _local_address(value: str, case: Case) -> bool:
    return _is_local(value) and not listens_locally_by_default(case.observed)


def _no_box(value: str, _: Case) -> bool:
    return _MODULES.isdisjoint(each.strip() for each in value.split(","))


OPTIONS: Final = (
    ReachOption("http_enable", "opens_no_port", lambda value, _: value in _FALSE, cuts_off=True),
    ReachOption("http_port", "other_port", _other_port, cuts_off=True),
    ReachOption("http_interface", "other_address", _other_address, cuts_off=True),
    ReachOption("http_interface", "local_address", _local_address, cuts_off=False),
    ReachOption("server_wide_modules", "no_box", _no_box, cuts_off=True),
    ReachOption("proxy_mode", "believes_askers", lambda value, _: value in _TRUE, cuts_off=False),
)
"""Whatever else keeps a till away is one more row; which options are read at all stands in `model.observed`."""


def check_odoo_options(case: Case) -> Finding | None:
    """Odoo's options let tills reach it."""
    found = list(_harmful(case))
    if not found:
        return None
    seen = [_seen(option, case) for option in found]
    cut = any(option.cuts_off for option in found)
    if cut and case.observed.odoo.answers:
        seen.append(say("from_next_start"))
    return finding(CodeName.ODOO_OPTIONS, *seen, variant=None if cut else Variant.STILL_REACHED)


def _seen(option: ReachOption, case: Case) -> Statement:
    value = case.observed.odoo.options[option.name]
    return say(option.says, option=option.name, value=value, port=case.desired.homepage_port)


def cut_off(case: Case) -> bool:
    """Tell whether the options keep everybody from Odoo, so that no restart makes it answer."""
    return any(option.cuts_off for option in _harmful(case))


def listens_locally_by_default(observed: Observed) -> bool:
    """Tell whether the vendor's program on this branch listens for nginx alone unless it is told otherwise."""
    version = re.fullmatch(r"(?:saas-)?(\d+)\.(\d+)", observed.layout.branch or "")
    return version is not None and (int(version[1]), int(version[2])) >= _LOCAL_SINCE


def _harmful(case: Case) -> Iterator[ReachOption]:
    for option in OPTIONS:
        value = case.observed.odoo.options.get(option.name)
        if value is not None and option.harms(value, case):
            yield option


def _is_any(value: str) -> bool:
    try:
        return not value or ipaddress.ip_address(value).is_unspecified
    except ValueError:
        return False


def _is_local(value: str) -> bool:
    return value in ("127.0.0.1", "localhost")
