"""Which values of the vendor's store are written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from ..checks.link import credentials_to_write, db_name_differs, store_known
from ..checks.validity import sound
from ..codes import CodeName
from ..model.repair import CopyDirection, RepairKind, StoreKey
from ..results.result import Repair
from .case import Judged

_LINK: Final = frozenset({CodeName.CHECK_NO_SERVER, CodeName.SERVER_DIFFERS, CodeName.DB_NAME_DIFFERS})
_CREDENTIALS: Final = frozenset({CodeName.LOAD_NO_CREDENTIAL, CodeName.CREDENTIALS_DIFFER})


def repairs(case: Judged, planned: Sequence[Repair]) -> Iterator[Repair]:
    """Write only what differs; the subject also where a new certificate may bring another one."""
    if not store_known(case.given.observed) and case.given.observed.by_homepage is None:
        return
    keys, because = _keys_to_write(case)
    causes = [*because]
    for repair in planned:
        if repair.kind is RepairKind.FETCH_CERTIFICATE or _brings_other_subject(case, repair):
            keys.add(StoreKey.SUBJECT)
            causes += repair.because
    if keys:
        in_order = tuple(key for key in StoreKey if key in keys)
        yield Repair(kind=RepairKind.WRITE_STORE, because=tuple(dict.fromkeys(causes)), keys=in_order)


def _keys_to_write(case: Judged) -> tuple[set[StoreKey], tuple[str, ...]]:
    keys: set[StoreKey] = set()
    link = case.because(_LINK)
    if set(link) & {CodeName.CHECK_NO_SERVER, CodeName.SERVER_DIFFERS}:
        keys.add(StoreKey.SERVER_URL)
        if case.given.desired.token is not None:
            keys.add(StoreKey.TOKEN)
    if link and db_name_differs(case.given.desired, case.given.observed):
        keys.add(StoreKey.DB_NAME)
    credentials = case.because(_CREDENTIALS)
    if credentials:
        keys.update(credentials_to_write(case.given.desired, case.given.observed))
    subject = case.because({CodeName.SUBJECT_MISMATCH})
    if subject:
        keys.add(StoreKey.SUBJECT)
    return keys, (*link, *credentials, *subject)


def _brings_other_subject(case: Judged, repair: Repair) -> bool:
    if repair.direction is not CopyDirection.MIRROR_TO_LIVE:
        return False
    leaf = sound(case.certificates.mirror)
    return leaf is not None and leaf.name != case.given.observed.store.subject
