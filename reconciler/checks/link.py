"""Is the box linked to the right database, with the right credentials? Values are compared and never shown."""

# ruff: noqa: ARG001 - all checks take the same three arguments, whether or not they need them

from __future__ import annotations

from datetime import datetime

from ..codes import CodeName, finding
from ..model.desired import Desired
from ..model.digests import Concern, database_digest, named_database_digest, server_digest, unknown_database_digest
from ..model.observed import Observed, StoreFormat
from ..model.result import Finding
from ..model.secret import Secret
from ..model.urls import oddly_spelled, origin, server
from .movement import moved
from .unknown import unseen


def store_known(observed: Observed) -> bool:
    """Tell whether the box's values were read, so that an absent one is really absent."""
    broken = observed.store.unreadable is not None or observed.store.malformed is not None
    return not broken and not unseen(observed, "store")


def check_no_server(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """A box must be linked to some server."""
    if not store_known(observed) or _linked(observed):
        return None
    stored = "bytes that are no text are" if observed.store.server_url else "no server is"
    if desired.server_url is None:
        return finding(CodeName.CHECK_NO_SERVER, f"{stored} stored on the box, and the inventory names none")
    evidence = f"{stored} stored on the box, it should be {origin(desired.server_url)}"
    return finding(CodeName.CHECK_NO_SERVER, evidence, finding_class=moved(desired, observed, Concern.LINK))


def check_linked_elsewhere(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """A box that is linked to a database which is not this customer's is left alone, unless it is to be moved."""
    if desired.relink or not store_known(observed):
        return None
    if _is_elsewhere(desired, observed):
        return finding(CodeName.LINKED_ELSEWHERE, _servers(desired, observed))
    if (evidence := _foreign_database(desired, observed)) is not None:
        return finding(CodeName.LINKED_ELSEWHERE, evidence)
    return None


def check_server(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """The box's server is the desired one."""
    elsewhere = not desired.relink and _is_elsewhere(desired, observed)
    if not server_differs(desired, observed) or elsewhere:
        return None
    return finding(
        CodeName.SERVER_DIFFERS, _servers(desired, observed), finding_class=moved(desired, observed, Concern.LINK)
    )


def check_db_name(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """Newer branches also keep the database's name on its server."""
    if not db_name_differs(desired, observed) or not _linked(observed):
        return None
    return finding(
        CodeName.DB_NAME_DIFFERS,
        f"the box names {observed.store.db_name or 'no database'}, it should name {desired.db_name}",
        finding_class=moved(desired, observed, Concern.LINK),
    )


def check_no_credential(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """Without the database's UUID the authority cannot be asked."""
    if not store_known(observed) or observed.store.db_uuid:
        return None
    if desired.db_uuid is None:
        return finding(CodeName.LOAD_NO_CREDENTIAL, "no db_uuid is stored on the box, and the inventory gives none")
    return finding(
        CodeName.LOAD_NO_CREDENTIAL,
        "no db_uuid is stored on the box, the inventory gives one",
        finding_class=moved(desired, observed, Concern.CREDENTIALS),
    )


def check_credentials(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """Stored credentials are the desired ones, to the letter: older branches keep a copied space."""
    # An absent db_uuid has a code of its own.
    named = [key for key in credentials_to_write(desired, observed) if key != "db_uuid" or observed.store.db_uuid]
    if not named:
        return None
    return finding(
        CodeName.CREDENTIALS_DIFFER,
        f"{' and '.join(named)} on the box {'differs' if len(named) == 1 else 'differ'} from the inventory",
        finding_class=moved(desired, observed, Concern.CREDENTIALS),
    )


def credentials_to_write(desired: Desired, observed: Observed) -> tuple[str, ...]:
    """Return which managed credentials are absent or other than desired."""
    if not store_known(observed):
        return ()
    pairs = {
        "db_uuid": (desired.db_uuid, observed.store.db_uuid),
        "enterprise_code": (desired.enterprise_code, observed.store.enterprise_code),
    }
    return tuple(key for key, (wanted, found) in pairs.items() if wanted is not None and wanted != found)


def server_differs(desired: Desired, observed: Observed) -> bool:
    """Tell whether the box is linked to another address than desired, or to the same in a spelling that may fail."""
    stored = observed.store.server_url
    if desired.server_url is None or stored is None or not _linked(observed):
        return False
    if origin(stored) is None or oddly_spelled(stored) is not None:
        return True
    return origin(stored) != origin(desired.server_url)


def db_name_differs(desired: Desired, observed: Observed) -> bool:
    """Tell whether the database's name is managed, kept by this branch, and another one."""
    kept = observed.layout.store_format is StoreFormat.INI_RAW and store_known(observed)
    return kept and desired.db_name is not None and desired.db_name != observed.store.db_name


def _linked(observed: Observed) -> bool:
    """Tell whether the box names a server; what no file of text holds, such as NUL bytes, names nobody's."""
    stored = (observed.store.server_url or "").strip()
    return store_known(observed) and bool(stored) and stored.isprintable()


def _is_elsewhere(desired: Desired, observed: Observed) -> bool:
    """Tell whether the stored server is none of this customer's; where none is known, only others' are foreign."""
    if not _linked(observed):
        return False
    stored = (observed.store.server_url or "").strip()
    own = {server(url) for url in (desired.server_url, *desired.own_servers) if url is not None}
    return server(stored) not in own if own else server_digest(stored) in desired.foreign_servers


def _foreign_database(desired: Desired, observed: Observed) -> str | None:
    """Say by what the box belongs to a database that is another customer's, whatever server it names."""
    store = observed.store
    if store.db_uuid and (digest := database_digest(store.db_uuid)) in desired.foreign_databases:
        return f"the database UUID on the box (digest {digest}) is not its customer's"
    if not _linked(observed):
        return None
    unknown = unknown_database_digest((store.server_url or "").strip()) in desired.foreign_databases
    if unknown and store.db_uuid and desired.db_uuid and not _same_database(store.db_uuid, desired.db_uuid):
        return "the database UUID on the box is another one, on a server with a customer whose UUID cannot be compared"
    if not store.db_name:
        return None
    digest = named_database_digest((store.server_url or "").strip(), store.db_name)
    if digest not in desired.foreign_databases:
        return None
    return f"the box names the database {store.db_name} (digest {digest}), which is not its customer's"


def _same_database(one: Secret, other: Secret) -> bool:
    return database_digest(one) == database_digest(other)


def _servers(desired: Desired, observed: Observed) -> str:
    stored = observed.store.server_url or ""
    shown = origin(stored.strip()) or "something that is not a web address"
    odd = "with spaces around it" if stored != stored.strip() else oddly_spelled(stored)
    spelled = f" ({odd})" if odd else ""
    wanted = origin(desired.server_url or "") or " or ".join(desired.own_servers)
    return (
        f"the box is linked to {shown}{spelled}, {f'it should be {wanted}' if wanted else 'another customer has that'}"
    )
