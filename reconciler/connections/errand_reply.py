"""What comes back of an errand: a small reply, and raw files behind it, cut by the lengths that the reply names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from ..codes import CodeName
from ..codes.phrases.support import SUPPORT
from ..codes.writing.sentences import UnknownSentence, bounded, sentence
from ..model import framing, wire
from ..model.errand import MOST_CARRIED, Brought, Errand, PortionName
from ..model.errors import TemporaryFailure, WireError
from ..model.secret import Secret, redact
from ..model.statement import Statement, say
from ..results.finding import Finding, finding
from . import reply

_LONGEST_VERSION: Final = 100
_UNFIT: Final = (ValueError, KeyError, TypeError, RecursionError, WireError)


class ErrandFailed(TemporaryFailure):
    """Nothing came of an errand; `finding` says why."""

    def __init__(self, why: Finding) -> None:
        super().__init__(why.evidence)
        self.finding = why


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of an errand, and the files that came along, as bytes of which nothing is known."""

    brought: Brought
    files: Mapping[PortionName, bytes] = field(default_factory=dict)


def read(output: bytes | bytearray, errand: Errand) -> Carried:
    """Return what came back.

    Raises:
        ErrandFailed: there is no reply, or none that can be read.
    """
    found = framing.find(output)
    if found is None:
        raise ErrandFailed(finding(CodeName.NOT_OBSERVED, say("no_reply"), say("nothing_printed")))
    begin, ends = found
    try:
        said = reply.fitted(output[begin:ends], secrets_of(errand))
        if "error" in said:
            raise ErrandFailed(finding(CodeName.NOT_OBSERVED, say("reports", error=redact(str(said["error"])))))
        brought = wire.decode(Brought, said["brought"], "reply")
    except _UNFIT as error:
        raise ErrandFailed(finding(CodeName.NOT_OBSERVED, say("unreadable_reply", reason=str(error)))) from None
    return Carried(_told(brought), _files(brought, bytes(output[ends + 1 :])))


def secrets_of(errand: Errand) -> tuple[Secret, ...]:
    """Return what went to the box and must not come back in a text that people see."""
    desired = errand.desired
    return tuple(each for each in (desired.token, desired.db_uuid, desired.enterprise_code, desired.proxy) if each)


def _files(brought: Brought, stream: bytes) -> dict[PortionName, bytes]:
    files: dict[PortionName, bytes] = {}
    at = 0
    for each in brought.portions:
        size = min(max(each.size, 0), MOST_CARRIED)
        files[each.name] = stream[at : at + size]
        at += size
    return files


def _told(brought: Brought) -> Brought:
    """Return it in the words of the control machine: a box names sentences and gives values, and makes no words."""
    versions = {name[:20]: text[:_LONGEST_VERSION] for name, text in list(brought.versions.items())[:10]}
    return replace(brought, seen=tuple(map(_known, bounded(brought.seen))), versions=versions)


def _known(told: Statement) -> Statement:
    try:
        sentence(told, SUPPORT)
    except UnknownSentence:
        return say("unreadable")
    return told
