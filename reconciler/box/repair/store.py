"""Write link, credentials and subject where the vendor's program looks for them.

Some branches keep the file in memory and would write the old values back, so Odoo is held while this is done and
restarts itself as soon as it may run again. A mark in /run remembers the restart should we die before it.
"""

from __future__ import annotations

from ...machine.durable import ROOT_DIRECTORY, ROOT_FILE
from ...model.repair import RepairKind, StoreKey
from ...model.reveal import reveal
from ...model.statement import say
from ...results.result import Repair, RepairOutcome
from ..pair.reading import read_pair
from ..paths import RESTART_PENDING, RUNTIME
from ..store.files import StoreFiles
from .work import Work, done, unchanged


def write_store(work: Work, repair: Repair) -> RepairOutcome:
    """Write the keys that the plan names, as far as they still differ."""
    files = StoreFiles(work.box.system, work.box.layout)
    changes = {key: value for key in repair.keys if files.knows(key) and (value := _wanted(work, key)) is not None}
    if work.plans(RepairKind.RESTART_ODOO):
        work.step("note that Odoo must restart")
        mark_restart(work)
    work.step("write the store")
    written = files.write(work.box.disk, changes)
    if not written:
        return unchanged(repair, say("same_values"))
    work.restart = True
    return done(repair, say("wrote", keys=written))


def mark_restart(work: Work) -> None:
    """Leave a mark that lasts until the restart or the next boot, whichever comes first."""
    disk = work.box.disk
    disk.directory(RUNTIME, ROOT_DIRECTORY)
    disk.replace(RESTART_PENDING, b"", ROOT_FILE)


def _wanted(work: Work, key: StoreKey) -> str | None:
    desired = work.box.desired
    if key is StoreKey.SUBJECT:
        return _subject(work)
    secrets = {
        StoreKey.TOKEN: desired.token,
        StoreKey.DB_UUID: desired.db_uuid,
        StoreKey.ENTERPRISE_CODE: desired.enterprise_code,
    }
    secret = secrets.get(key)
    if secret is not None:
        return reveal(secret)
    return {StoreKey.SERVER_URL: desired.server_url, StoreKey.DB_NAME: desired.db_name}.get(key)


def _subject(work: Work) -> str | None:
    """The subject follows the certificate that is in place now, never the one that was hoped for."""
    pair = read_pair(work.box.system, work.box.live)
    leaf = pair.certificate
    return leaf.name if leaf and pair.problem is None and not leaf.temporary else None
