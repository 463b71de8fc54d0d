"""What a plan would change, line by line: `-` as it is now, `+` as it will be, secrets masked.

Made from the plan and the look alone, so that check mode shows what a repair would do and not what it did.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from urllib.parse import urlsplit

from .codes.repairs import OBSTACLES
from .codes.writing.sentences import sentence
from .codes.writing.words import PAIR_PROBLEM
from .model.desired import Desired
from .model.observed import Certificate, Observed, Pair
from .model.part import Part
from .model.repair import CopyDirection, RepairKind, StoreKey
from .model.secret import Secret
from .results.result import Repair

_NOTHING = "(empty)"
_NOT_READ = "(not read)"
_ISSUED = "as issued"


def with_diffs(repairs: Sequence[Repair], desired: Desired, observed: Observed) -> tuple[Repair, ...]:
    """Return the plan with a diff in each repair that changes something a person can read."""
    return tuple(replace(repair, diff=tuple(_lines(repair, desired, observed))) for repair in repairs)


def _lines(repair: Repair, desired: Desired, observed: Observed) -> Iterator[str]:
    if repair.kind is RepairKind.SET_RESOLVERS:
        yield from (f"- nameserver {server}" for server in observed.resolvers.live)
        yield from (f"+ nameserver {server}" for server in repair.resolvers)
    elif repair.kind is RepairKind.WRITE_STORE:
        for key in repair.keys:
            yield f"- {key} = {_stored(key, observed)}"
            yield f"+ {key} = {_shown(getattr(desired, key, None) or _ISSUED)}"
    elif repair.kind is RepairKind.COPY_CERTIFICATE:
        yield from _copied(repair, observed)
    elif repair.kind is RepairKind.INSTALL_CERTIFICATE:
        yield f"- certificate: {_pair(observed.certificates.live)}"
        yield f"+ certificate: newly issued by {urlsplit(desired.authority_url).hostname}"
    elif repair.kind is RepairKind.SET_PERMISSIONS:
        yield from (f"- {sentence(each, OBSTACLES)}" for each in observed.certificates.not_renewable)
        yield from (f"- {path}: others can read it" for path in observed.certificates.exposed_keys)
        yield f"+ owner {observed.layout.service_user}, certificate 0644, key 0600"


def _copied(repair: Repair, observed: Observed) -> Iterator[str]:
    live, mirror = observed.certificates.live, observed.certificates.mirror or Pair()
    before, after = (live, mirror) if repair.direction is CopyDirection.MIRROR_TO_LIVE else (mirror, live)
    yield f"- certificate: {_pair(before)}"
    yield f"+ certificate: {_pair(after)}"


def _pair(pair: Pair) -> str:
    leaf: Certificate | None = pair.certificate
    if leaf is None:
        return PAIR_PROBLEM[pair.problem] if pair.problem else _NOTHING
    state = f" ({PAIR_PROBLEM[pair.problem]})" if pair.problem else ""
    return f"{leaf.name or 'no name'}, valid until {leaf.not_after:%Y-%m-%d}, {leaf.fingerprint[:16]}{state}"


def _stored(key: StoreKey, observed: Observed) -> str:
    part = next((each for each in Part if each == f"{Part.STORE}.{key}"), Part.STORE)
    return _NOT_READ if part in observed.unseen else _shown(getattr(observed.store, key))


def _shown(value: Secret | str | None) -> str:
    return str(value) if value else _NOTHING
