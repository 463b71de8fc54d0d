"""Repairs that depend on no other one: each is planned where one of its codes is found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from ..codes import CodeName
from ..model.repair import RepairKind
from ..results.result import Repair
from .case import Judged

_RESOLVERS: Final = frozenset(
    {CodeName.RESOLVERS_DIFFER, CodeName.RESOLVERS_NOT_PERSISTED, CodeName.RESOLVERS_DO_NOT_WORK}
)


def repairs(case: Judged) -> Iterator[Repair]:
    """Plan each that something found asks for."""
    permissions = {CodeName.NOT_RENEWABLE, CodeName.KEY_EXPOSED}
    if case.only_vendor_cannot_read:
        permissions.add(CodeName.CHECK_CERT_READ_EXCEPTION)
    causes: dict[RepairKind, Iterable[CodeName]] = {
        RepairKind.RESUME_ODOO: {CodeName.ODOO_STOPPED},
        RepairKind.ENABLE_NTP: {CodeName.WRONG_CLOCK},
        RepairKind.SET_RESOLVERS: _RESOLVERS,
        RepairKind.SET_PERMISSIONS: permissions,
    }
    for kind, codes in causes.items():
        if because := case.because(codes):
            resolvers = (case.given.desired.resolvers or ()) if kind is RepairKind.SET_RESOLVERS else ()
            yield Repair(kind=kind, because=because, resolvers=resolvers)
