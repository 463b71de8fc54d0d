"""From the arguments of the Ansible module to the request for one box, refused in the words of the command.

Ansible would convert and complain by itself, and show the value as it does. So it gets every value as it is (`raw`),
and `model.validate` judges, which shows no secret.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from ..model.desired import CertificateSource, Desired, Mode, Request
from ..model.fields import QUOTES, Refused, of_ini, read
from ..model.support import ORCHESTRATION
from ..model.urls import origin
from ..model.validate import PREFIX, desired_from_variables
from ..model.variables import VARIABLES

_ON_THE_BOX: Final = ORCHESTRATION - {"iot_https_fail_on_drift", "iot_https_results_folder", "iot_https_secure_logging"}
_PASSED: Final = tuple(name for name in VARIABLES if name not in ORCHESTRATION or name in _ON_THE_BOX)

ARGUMENT_SPEC: Final[Mapping[str, dict[str, Any]]] = {
    "name": {"type": "str", "required": True},
    **{name.removeprefix(PREFIX): {"type": "raw", "no_log": VARIABLES[name].secret} for name in _PASSED},
    "variable_names": {"type": "list", "elements": "str", "default": []},
    "own_servers": {"type": "list", "elements": "str", "default": []},
    "copies": {"type": "list", "elements": "str", "default": []},
    "sent_at": {"type": "str"},
}
"""Of the module, as Ansible takes it: a variable of a box is called as in the inventory, without its prefix."""


def request(params: Mapping[str, Any], mode: Mode) -> tuple[Request | None, tuple[str, ...]]:
    """Return what the box program is asked to do and no problem, or `None` and each problem as a line."""
    values = _variables(params)
    desired, wrong = desired_from_variables(params["name"], values)
    problems = [*map(_in_any_inventory, wrong), *_of_the_role(params, mode, desired)]
    if desired is None or problems:
        return None, tuple(problems)
    relink = VARIABLES["iot_https_relink"]
    deadline = VARIABLES["iot_https_deadline"]
    guarded = replace(
        desired,
        own_servers=_own_servers(params["own_servers"], desired),
        copies=tuple(params["copies"]),
        relink=bool(read(relink, _or(values, relink.name, relink.default))),
    )
    seconds = float(str(read(deadline, _or(values, deadline.name, deadline.default))))
    return Request(desired=guarded, mode=mode, deadline_seconds=seconds, sent_at=_instant(params["sent_at"])), ()


def _in_any_inventory(problem: str) -> str:
    """Add what an INI inventory needs: a play does not know in which kind of file a value stood."""
    return problem.replace(QUOTES, f"{QUOTES}; in an INI inventory {of_ini(problem.split(' ', 1)[0])}")


def _variables(params: Mapping[str, Any]) -> dict[str, object]:
    """Return the variables of the box; of those that are not known only the name is here, and it is refused."""
    strange = {name: "" for name in params["variable_names"] if name not in VARIABLES}
    return {**strange, **{name: params[name.removeprefix(PREFIX)] for name in _PASSED}}


def _of_the_role(params: Mapping[str, Any], mode: Mode, desired: Desired | None) -> list[str]:
    problems = []
    if desired and desired.certificate_source is CertificateSource.RELAY and mode is Mode.RECONCILE:
        why = "one machine has to ask for all boxes of a database, which a play does not do"
        problems.append(f"iot_https_certificate_source relay is for the command: {why}, use iot-https reconcile")
    if _instant(params["sent_at"]) is None and params["sent_at"] is not None:
        problems.append("sent_at is not a time in ISO 8601 with an offset: leave it out where the clock is not judged")
    return problems


def _own_servers(urls: list[str], desired: Desired) -> tuple[str, ...]:
    """Return the other servers of the customer, each in one spelling; one that cannot be read vouches for nobody."""
    clean = []
    for url in urls:
        try:
            clean.append(str(read(VARIABLES["iot_https_server_url"], url)))
        except Refused:
            continue
    own = desired.server_url and origin(desired.server_url)
    return tuple(url for url in dict.fromkeys(clean) if url != own)


def _or(values: Mapping[str, object], name: str, default: object) -> object:
    value = values.get(name)
    return default if value is None else value


def _instant(text: str | None) -> datetime | None:
    try:
        instant = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return instant if instant.tzinfo else None
