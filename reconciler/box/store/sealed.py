"""What a box keeps of its database, for who asked for it alone."""

from __future__ import annotations

from ...model.observed import Store
from ...model.sealing import seal


def sealed(store: Store, public_key: str) -> str:
    """Return database UUID and enterprise code, sealed; one that is not there is left out. The token is never in it.

    Raises:
        ValueError: the key is none.
    """
    kept = {"db_uuid": store.db_uuid, "enterprise_code": store.enterprise_code}
    return seal({name: each for name, each in kept.items() if each}, public_key)
