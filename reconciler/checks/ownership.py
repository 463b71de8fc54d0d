"""What a box shows of whose it is, and whether the control machine has to judge that before anything is changed."""

from __future__ import annotations

from ..model.desired import Desired
from ..model.digests import database_digest, named_database_digest, serial_digest, server_digest
from ..model.marks import Mark, Marks
from ..model.observed import Observed
from ..model.part import Part
from .link import is_linked, store_known


def marks_of(observed: Observed) -> Marks:
    """Return what a box shows; of a store that cannot be read it is nothing."""
    serial, store = observed.identity.serial, observed.store
    shown = Marks(serial=serial_digest(serial) if serial else None)
    if not store_known(observed, Part.STORE_SERVER_URL):
        return shown
    server = (store.server_url or "").strip() if is_linked(observed) else None
    return Marks(
        serial=shown.serial,
        server=server_digest(server) if server else None,
        database=database_digest(store.db_uuid) if store.db_uuid else None,
        name=named_database_digest(server, store.db_name) if server and store.db_name else None,
    )


def has_to_be_judged(desired: Desired, marks: Marks) -> bool:
    """Tell whether a box shows something that others have some of, and that is not what is declared for it.

    One that is to be moved from wherever it is linked may have any link, but not the serial number of another box.
    """
    own = {
        Mark.DATABASE: database_digest(desired.db_uuid) if desired.db_uuid else None,
        Mark.NAME: _name(desired),
    }
    shown = {
        Mark.SERIAL: marks.serial,
        Mark.SERVER: marks.server,
        Mark.DATABASE: marks.database,
        Mark.NAME: marks.name,
    }
    compared = [each for each in desired.compared if each is Mark.SERIAL or not desired.relink]
    return any(shown[each] is not None and shown[each] != own.get(each) for each in compared)


def _name(desired: Desired) -> str | None:
    if desired.server_url is None or desired.db_name is None:
        return None
    return named_database_digest(desired.server_url, desired.db_name)
