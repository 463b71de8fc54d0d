"""Write a pair that was found good beside the one in place, in every tree: nothing points to it yet."""

from __future__ import annotations

from ...model.reveal import reveal
from ...model.statement import Statement
from ...results.result import Repair, RepairOutcome
from ..pair.generations import PairFiles, stage
from ..pair.parse import PemPair
from .work import Prepared, Work, done


def staged(work: Work, repair: Repair, pair: PemPair, of: Statement) -> RepairOutcome:
    """Stage it and note it as prepared."""
    box = work.box
    files = PairFiles(
        pair.certificate_pem, reveal(pair.key_pem).encode("latin-1"), box.system.user(box.layout.service_user)
    )
    name = f"{pair.leaf.not_after:%Y%m%d}-{pair.leaf.fingerprint[:16]}"
    names = []
    for tree in box.trees:
        work.step(f"stage the pair in the {tree.name} tree")
        names.append(stage(box.disk, tree, name, files))
    work.prepared = Prepared(pair, files, tuple(names))
    return done(repair, of)
