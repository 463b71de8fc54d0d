"""What stands in a support bundle: each file with what it is, made from what is known, and what is missing and why."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from ..codes.phrases.support import SUPPORT
from ..codes.writing.sentences import line
from ..codes.writing.wording import mebibytes
from ..connections.errand_reply import Carried
from ..model import wire
from ..model.errand import Brought, PortionName
from ..model.target import Target
from ..results.result import Result
from .scrub import Scrubber

README: Final = "README.txt"
FILES: Final[Mapping[PortionName, str]] = MappingProxyType(
    {
        PortionName.CONFIGURATION: "configuration.txt",
        PortionName.RESOLVERS: "resolv.conf",
        PortionName.NGINX: "nginx.conf",
        PortionName.LOG: "odoo.log",
    }
)
_WHAT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "diagnosis.txt": "the chain from the control machine to a till, with the cause and what to do",
        "diagnosis.json": "the same for a program, with all that was observed",
        "certificate.json": "the certificates that the box has and serves",
        "declared.json": "what the inventory says that the box should be",
        "versions.json": "of iot-https, of the box and of the programs on it",
        "configuration.txt": "the box's configuration, secrets masked",
        "resolv.conf": "the DNS servers that the box asks",
        "nginx.conf": "how nginx is configured",
        "odoo.log": "the end of the log of Odoo on the box",
    }
)
_OF_A_BOX: Final = tuple(FILES.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """All that was found out.

    Args:
        at: when.
        text: the diagnosis in words.
        report: the same as `json` knows it.
        versions: of the control machine's programs.
        carried: what the box sent; `None` where it sent nothing.
        missing: why, and what else could not be done.
    """

    target: Target
    at: datetime
    text: str
    report: Mapping[str, Any]
    result: Result | None
    versions: Mapping[str, str]
    carried: Carried | None = None
    missing: Sequence[str] = ()
    said: Sequence[str] = field(default=())


def in_words(brought: Brought) -> str:
    """Return what a box did, or could not, in one line; empty where there is nothing to say."""
    return line(brought.seen, SUPPORT)


def contents(known: Known, scrub: Scrubber) -> dict[str, bytes]:
    """Return the files of a bundle in their order, each cleaned."""
    texts = {
        "diagnosis.txt": scrub.of(known.text),
        "diagnosis.json": _json(scrub.of_data(known.report)),
        "certificate.json": _json(scrub.of_data(_certificates(known.result))),
        "declared.json": _json(scrub.of_data(_declared(known.target))),
        "versions.json": _json(_versions(known, scrub)),
    }
    left_out: dict[str, int] = {}
    if known.carried is not None:
        for portion in known.carried.brought.portions:
            name = FILES[portion.name]
            texts[name] = scrub.of_bytes(known.carried.files.get(portion.name, b""))
            left_out[name] = portion.left_out
    readme = scrub.ours(_readme(known, tuple(texts), left_out))
    return {name: text.encode("utf-8", "replace") for name, text in {README: readme, **texts}.items()}


def _readme(known: Known, names: Sequence[str], left_out: Mapping[str, int]) -> str:
    lines = [
        f"Support bundle of the IoT box {known.target.name}, made by iot-https at {known.at:%Y-%m-%d %H:%M:%S} UTC.",
        "Passwords, tokens, UUIDs, contract numbers and whatever looks like one are masked; names of other customers",
        "are left out. Read it before you send it: nobody knows every form in which a secret can be written.",
        "",
        *(f"{name:<20}{_WHAT[name]}{_cut(left_out.get(name, 0))}" for name in names),
    ]
    lacking = [name for name in _OF_A_BOX if name not in names]
    if lacking:
        lines += ["", f"Not in it: {', '.join(lacking)}."]
    for why in (*known.said, *known.missing):
        lines += ["", why]
    return "\n".join(lines) + "\n"


def _cut(left_out: int) -> str:
    return f" (the {mebibytes(left_out)} before it are left out)" if left_out else ""


def _certificates(result: Result | None) -> object:
    observed = result and result.observed
    return wire.encode(observed.certificates) if observed else None


def _declared(target: Target) -> object:
    """Return what is declared, without what is there to tell other customers' boxes from this one."""
    declared = wire.encode(target.desired)
    hidden = ("own_servers", "compared", "copies")
    return {
        "connection": target.connection.value,
        **{name: value for name, value in declared.items() if name not in hidden},
    }


def _versions(known: Known, scrub: Scrubber) -> dict[str, object]:
    box = known.carried.brought.versions if known.carried else {}
    return {"control machine": dict(known.versions), "box": scrub.of_data(dict(sorted(box.items())))}


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
