"""Repairs that depend on no other one: each is planned where one of its codes is found."""

from __future__ import annotations

from collections.abc import Iterator

from ..codes import CodeName
from ..codes.repairs import REPAIRS
from ..model.repair import RepairKind
from ..results.result import Repair
from .case import Judged


def repairs(case: Judged) -> Iterator[Repair]:
    """Plan each that something found asks for."""
    for kind in (kind for kind, entry in REPAIRS.items() if entry.alone):
        if because := _causes(case, kind):
            resolvers = (case.given.desired.resolvers or ()) if kind is RepairKind.SET_RESOLVERS else ()
            yield Repair(kind=kind, because=because, resolvers=resolvers)


def _causes(case: Judged, kind: RepairKind) -> tuple[str, ...]:
    """Return what asks for it; a certificate that only its own user cannot read needs no new one."""
    causes = case.asking_for(kind)
    if kind is RepairKind.SET_PERMISSIONS and case.only_vendor_cannot_read:
        return case.because({*map(CodeName, causes), CodeName.CHECK_CERT_READ_EXCEPTION})
    return causes
