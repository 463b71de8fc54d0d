"""From the variables of an inventory to the desired state of a box, with all that is wrong told at once.

The one way in for every orchestrator, so that Ansible and the command refuse the same things in the same words.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from .desired import DECLARING, DUE_AT_MOST_DAYS, CertificateSource, Desired
from .fields import BadField, read
from .names import box_problem, shown
from .near import nearest, question
from .secret import Secret
from .support import NOT_YET, ORCHESTRATION
from .target import ConnectionKind
from .variables import VARIABLES, Variable

PREFIX: Final = "iot_https_"
_TELLING_NAME: Final = re.compile(r"\w{1,80}", re.ASCII)
_FIELDS: Final = frozenset(field.name for field in dataclasses.fields(Desired))


def desired_from_variables(name: str, values: Mapping[str, object]) -> tuple[Desired | None, tuple[str, ...]]:
    """Build the desired state of one box.

    Args:
        name: what the inventory calls the box.
        values: its variables; those without the prefix `iot_https_` are somebody else's, and one that is null counts
            as left out.

    Returns:
        The desired state and no problem, or `None` and every problem as a line: variable, what is wrong, way out.
    """
    mine = {str(key): value for key, value in values.items() if str(key).startswith(PREFIX) and value is not None}
    if _is_no_box(mine):
        mine = {key: value for key, value in mine.items() if key.removeprefix(PREFIX) not in DECLARING}
    problems = [problem] if (problem := box_problem(name)) else []
    problems += [unknown_variable(key) for key in sorted(mine) if key not in VARIABLES]
    clean: dict[str, object] = {}
    for variable in VARIABLES.values():
        try:
            value = _value(variable, mine)
        except BadField as refusal:
            problems.append(f"{variable.name} {refusal}")
        else:
            if value is not None and variable.name not in ORCHESTRATION:
                clean[variable.name.removeprefix(PREFIX)] = value
    problems += _source(clean)
    problems += _together(clean)
    if problems:
        return None, tuple(problems)
    return _build(name, clean), ()


def _is_no_box(values: Mapping[str, object]) -> bool:
    """Tell whether a host is said to be no box: what it inherits counts for nothing."""
    variable = VARIABLES["iot_https_managed"]
    try:
        return variable.name in values and read(variable, values[variable.name]) is False
    except BadField:
        return False


def shared_serial(others: Sequence[str]) -> str:
    """Say that other boxes have the same serial number."""
    listed = ", ".join(map(shown, others[:3])) + (" and others" if len(others) > 3 else "")  # noqa: PLR2004
    return f"iot_https_serial is also that of {listed}: one box has one entry, correct or remove the other"


def unknown_variable(name: str) -> str:
    """Say that there is no variable of this name, and which is meant."""
    if not _TELLING_NAME.fullmatch(name):
        return f"a name that begins with {PREFIX} holds other characters than letters, digits and _: correct it"
    if name in NOT_YET:
        return f"{name} is not supported yet: remove it"
    near = nearest(name, VARIABLES, (PREFIX,), takes_short=True)
    way_out = question(near) if near else "remove it"
    return f"{name} is not a known variable: {way_out}"


def _value(variable: Variable, values: Mapping[str, object]) -> object:
    if variable.name not in values:
        return read(variable, variable.default) if variable.default is not None else None
    value = read(variable, values[variable.name])
    return Secret(str(value)) if variable.secret else value


def _source(clean: dict[str, object]) -> list[str]:
    """Settle who fetches: by its homepage a box can only be made to fetch for itself, which nobody has to write."""
    by_homepage, source = clean.get("connection") == ConnectionKind.HOMEPAGE, clean.get("certificate_source")
    if by_homepage:
        clean["certificate_source"] = CertificateSource.NATIVE
    if by_homepage and source == CertificateSource.RELAY:
        why = "by its homepage a box takes no certificate, it fetches its own"
        return [f"iot_https_certificate_source relay does not go with iot_https_connection homepage: {why}; remove it"]
    if source == CertificateSource.NATIVE and not by_homepage:
        why = "needs iot_https_connection homepage"
        return [f"iot_https_certificate_source native {why}: over any other connection this program fetches; remove it"]
    return []


def _together(clean: Mapping[str, object]) -> list[str]:
    problems = []
    set_to, overdue = clean.get("renew_before_days"), clean.get("overdue_days")
    renew = set_to if isinstance(set_to, int) else DUE_AT_MOST_DAYS
    if isinstance(overdue, int) and overdue >= renew:
        unset = "" if set_to is not None else " where it is not set"
        is_less = f"it must be less than iot_https_renew_before_days ({renew}{unset})"
        less = f"{is_less}: a renewal is due first and overdue later"
        problems.append(f"iot_https_overdue_days is {overdue}, {less}")
    if "token" in clean and "server_url" not in clean:
        problems.append("iot_https_token is of no use alone, it is written when linking: set iot_https_server_url too")
    if clean.get("certificate_source") == CertificateSource.RELAY and "db_uuid" not in clean:
        why = "the control machine asks, and what a box has stored never leaves it"
        problems.append(f"iot_https_certificate_source relay needs iot_https_db_uuid: {why}")
    return problems


def _build(name: str, clean: Mapping[str, object]) -> Desired:
    fields: dict[str, Any] = {key: value for key, value in clean.items() if key in _FIELDS}
    fields["certificate_source"] = CertificateSource(str(clean["certificate_source"]))
    return Desired(name=str.__str__(name), **fields)
