"""What the authority grants or refuses as one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

from ...model.desired import Desired
from ...model.digests import Concern, concern_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """Credentials at an authority, and who is told together what came of them.

    Args:
        authority: its address.
        credentials: a digest.
        customer: whose boxes believe each other; `None` where the control machine asks, which all may believe.
        box: set for a box that asks with credentials that are not managed: it stands for itself.
    """

    authority: str
    credentials: str
    customer: str | None = None
    box: str | None = None

    @classmethod
    def asked_from_here(cls, desired: Desired) -> Self:
        """Return the database of a box for which the control machine asks."""
        return cls(authority=desired.authority_url, credentials=concern_digest(desired, Concern.CREDENTIALS))

    @classmethod
    def asked_by_boxes(cls, desired: Desired) -> Self:
        """Return the database of a box that asks for itself.

        Customers that share a database ask each for themselves, so that none believes boxes of another.
        """
        is_managed = desired.db_uuid is not None and desired.enterprise_code is not None
        shared = replace(cls.asked_from_here(desired), customer=desired.customer)
        return shared if is_managed else replace(shared, box=desired.name)
