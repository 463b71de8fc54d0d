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
from ..model.fields import QUOTES, BadField, of_ini, read
from ..model.plain import to_plain
from ..model.support import ORCHESTRATION
from ..model.urls import origin
from ..model.validate import PREFIX, desired_from_variables
from ..model.variables import VARIABLES

_ON_THE_BOX: Final = ORCHESTRATION - {"iot_https_fail_on_drift", "iot_https_results_folder", "iot_https_secure_logging"}
_KINDS: Final[Mapping[str, type]] = {"str": str, "list": list, "dict": dict}
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


_MODULE: Final = "iot_https.fleet.iot_https"
FOR_THE_FILE: Final = "results_folder"
"""The argument that the box does not get."""


class BadArguments(Exception):
    """The task cannot be done as it is written; the text is one line and holds no value."""


def refuse_facts(facts: Mapping[str, Any]) -> None:
    """Refuse a box whose facts hold variables of the role: whoever answers a module writes its facts.

    Raises:
        BadArguments: they do.
    """
    names = {str(each) for each in facts if str(each).startswith(PREFIX)}
    if names:
        which = ", ".join(sorted(names & set(VARIABLES))[:3]) or f"a name that begins with {PREFIX}"
        raise BadArguments(
            f"the facts of this box hold {which}: a box does not say what it should be. Somebody may have broken into "
            "it; where a play did it (set_fact with cacheable), set it in the inventory, and clear the cache of facts"
        )


def taken(task: Mapping[str, Any]) -> tuple[dict[str, Any], str | None]:
    """Return all arguments, those that are left out by their default, and the folder for results.

    What they say is judged later, by `request`.

    Raises:
        BadArguments: one is not known, is missing or of the wrong kind.
    """
    arguments = to_plain(task)
    folder = arguments.pop(FOR_THE_FILE, None)
    unknown = sorted(str(each) for each in set(arguments) - set(ARGUMENT_SPEC))
    if unknown:
        raise BadArguments(f"iot_https has no option {', '.join(unknown)}: ansible-doc {_MODULE} lists them")
    return {name: _taken(name, option, arguments.get(name)) for name, option in ARGUMENT_SPEC.items()}, folder


def _taken(name: str, option: Mapping[str, Any], value: Any) -> Any:
    if value is None:
        value = option.get("default")
    kind = _KINDS.get(str(option["type"]))
    is_there = value is not None or option.get("required", False)
    if value is None and is_there:
        raise BadArguments(f"iot_https needs its option {name}, which is missing; ansible-doc {_MODULE} describes it")
    if kind is not None and is_there and not isinstance(value, kind):
        raise BadArguments(f"iot_https needs its option {name} as a {kind.__name__}")
    return value


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
        except BadField:
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
