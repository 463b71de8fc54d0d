"""Is the box linked to the right database, with the right credentials? Values are compared and never shown."""

from __future__ import annotations

from ..codes import CodeName, Variant
from ..model.desired import Desired
from ..model.digests import Concern
from ..model.observed import Observed
from ..model.part import Part
from ..model.repair import StoreKey
from ..model.statement import Statement, say
from ..model.urls import Spelling, oddly_spelled, origin, server
from ..results.finding import Finding, finding
from .case import Case
from .movement import moved
from .unknown import unseen


def store_known(observed: Observed, part: Part = Part.STORE) -> bool:
    """Tell whether the box's values were read, so that an absent one is really absent.

    Args:
        part: one of them, where a way to the box shows some of them and no others.
    """
    broken = observed.store.unreadable is not None or bool(observed.store.malformed)
    return not broken and not unseen(observed, part)


def check_no_server(case: Case) -> Finding | None:
    """A box must be linked to some server."""
    if not store_known(case.observed, Part.STORE_SERVER_URL) or is_linked(case.observed):
        return None
    stored = say("no_text" if case.observed.store.server_url else "nothing")
    if case.desired.server_url is None:
        return finding(CodeName.CHECK_NO_SERVER, stored, say("none_named"))
    should_be = say("should_be", wanted=origin(case.desired.server_url))
    return _of_link(CodeName.CHECK_NO_SERVER, case, stored, should_be)


def _of_link(code: CodeName, case: Case, *seen: Statement) -> Finding:
    """Build a finding about the link; by its homepage a box takes none without a token, and none is made up."""
    if case.observed.by_homepage is not None and case.desired.token is None:
        return finding(code, *seen, variant=Variant.NEEDS_TOKEN)
    return finding(code, *seen, finding_class=moved(case, Concern.LINK))


def check_linked_elsewhere(case: Case) -> Finding | None:
    """A box that is linked to a server which is not this customer's is left alone, unless it is to be moved.

    Where the server does not tell, the control machine judges, by `ownership`.
    """
    if case.desired.relink or not store_known(case.observed, Part.STORE_SERVER_URL):
        return None
    if _is_elsewhere(case.desired, case.observed):
        return finding(CodeName.LINKED_ELSEWHERE, servers(case.desired, case.observed))
    return None


def check_server(case: Case) -> Finding | None:
    """The box's server is the desired one."""
    elsewhere = not case.desired.relink and _is_elsewhere(case.desired, case.observed)
    if not server_differs(case.desired, case.observed) or elsewhere:
        return None
    return _of_link(CodeName.SERVER_DIFFERS, case, servers(case.desired, case.observed))


def check_db_name(case: Case) -> Finding | None:
    """Newer branches also keep the database's name on its server."""
    if not db_name_differs(case.desired, case.observed) or not is_linked(case.observed):
        return None
    seen = say("names", stored=case.observed.store.db_name, wanted=case.desired.db_name)
    return finding(CodeName.DB_NAME_DIFFERS, seen, finding_class=moved(case, Concern.LINK))


def check_no_credential(case: Case) -> Finding | None:
    """Without the database's UUID the authority cannot be asked."""
    if not store_known(case.observed, Part.STORE_DB_UUID) or case.observed.store.db_uuid:
        return None
    if case.desired.db_uuid is None:
        return finding(CodeName.LOAD_NO_CREDENTIAL, say("none_given"))
    return finding(CodeName.LOAD_NO_CREDENTIAL, say("one_given"), finding_class=moved(case, Concern.CREDENTIALS))


def check_credentials(case: Case) -> Finding | None:
    """Stored credentials are the desired ones, to the letter: older branches keep a copied space."""
    # An absent db_uuid has a code of its own.
    named = [
        key
        for key in credentials_to_write(case.desired, case.observed)
        if key is not StoreKey.DB_UUID or case.observed.store.db_uuid
    ]
    if not named:
        return None
    seen = say("one" if len(named) == 1 else "several", names=tuple(named))
    return finding(CodeName.CREDENTIALS_DIFFER, seen, finding_class=moved(case, Concern.CREDENTIALS))


def credentials_to_write(desired: Desired, observed: Observed) -> tuple[StoreKey, ...]:
    """Return which managed credentials are absent or other than desired."""
    pairs = {
        StoreKey.DB_UUID: (Part.STORE_DB_UUID, desired.db_uuid, observed.store.db_uuid),
        StoreKey.ENTERPRISE_CODE: (
            Part.STORE_ENTERPRISE_CODE,
            desired.enterprise_code,
            observed.store.enterprise_code,
        ),
    }
    return tuple(
        key
        for key, (part, wanted, found) in pairs.items()
        if store_known(observed, part) and wanted is not None and wanted != found
    )


def server_differs(desired: Desired, observed: Observed) -> bool:
    """Tell whether the box is linked to another address than desired, or to the same in a spelling that may fail."""
    stored = observed.store.server_url
    if desired.server_url is None or stored is None or not is_linked(observed):
        return False
    if origin(stored) is None or oddly_spelled(stored) is not None:
        return True
    return origin(stored) != origin(desired.server_url)


def db_name_differs(desired: Desired, observed: Observed) -> bool:
    """Tell whether the database's name is managed, kept by this branch, and another one."""
    kept = observed.layout.keeps_database_name and store_known(observed, Part.STORE_DB_NAME)
    return kept and desired.db_name is not None and desired.db_name != observed.store.db_name


def is_linked(observed: Observed) -> bool:
    """Tell whether the box names a server; what no file of text holds, such as NUL bytes, names nobody's."""
    stored = (observed.store.server_url or "").strip()
    return store_known(observed, Part.STORE_SERVER_URL) and bool(stored) and stored.isprintable()


def _is_elsewhere(desired: Desired, observed: Observed) -> bool:
    """Tell whether the stored server is none of this customer's, where one is known."""
    own = {server(url) for url in (desired.server_url, *desired.own_servers) if url is not None}
    return is_linked(observed) and bool(own) and server((observed.store.server_url or "").strip()) not in own


def servers(desired: Desired, observed: Observed) -> Statement:
    """Say to which server a box is linked, and to which it should be."""
    stored = observed.store.server_url or ""
    shown = origin(stored.strip())
    spelling = Spelling.SPACES if stored != stored.strip() else oddly_spelled(stored)
    only = origin(desired.server_url or "")
    wanted = desired.own_servers if only is None else (only,)
    if not wanted:
        return say("of_another", server=shown, spelling=spelling)
    return say("should_be", server=shown, spelling=spelling, wanted=wanted)
