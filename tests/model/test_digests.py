"""A digest changes with what is desired of its concern, and with nothing else."""

from __future__ import annotations

import hashlib
import re

import pytest

from reconciler.model.digests import Concern, concern_digest
from reconciler.model.secret import Secret

from ..support.observed import CODE, UUID, wanted

EDITS = (
    ("link", {"server_url": "https://other.example.com"}, True),
    ("link", {"server_url": None}, True),
    ("link", {"db_name": "test"}, True),
    ("link", {"server_url": "https://SHOP.example.com:443/"}, False),
    ("link", {"token": Secret("rotated")}, False),
    ("link", {"db_uuid": Secret("x"), "resolvers": None}, False),
    ("credentials", {"db_uuid": Secret("x")}, True),
    ("credentials", {"enterprise_code": Secret("M1")}, True),
    ("credentials", {"enterprise_code": None}, True),
    ("credentials", {"server_url": None, "name": "box-2", "renew_before_days": 9}, False),
    ("resolvers", {"resolvers": ("8.8.8.8", "1.1.1.1")}, True),
    ("resolvers", {"resolvers": None}, True),
    ("resolvers", {"db_uuid": Secret("x")}, False),
)


@pytest.mark.parametrize(("concern", "edit", "changes"), EDITS)
def test_edit_changes_the_digest_of_its_concern_only(concern: str, edit: dict[str, object], changes: object) -> None:
    before, after = concern_digest(wanted(), concern), concern_digest(wanted(**edit), concern)

    assert (before != after) is changes


def test_digest_is_the_same_in_every_run() -> None:
    payload = f'["credentials","{UUID}","{CODE}"]'

    assert concern_digest(wanted(), "credentials") == hashlib.sha256(payload.encode()).hexdigest()


def test_concerns_with_the_same_values_have_digests_of_their_own() -> None:
    nothing = wanted(server_url=None, db_name=None, db_uuid=None, enterprise_code=None, resolvers=None)

    digests = {concern_digest(nothing, each) for each in Concern}

    assert len(digests) == len(Concern)
    assert all(re.fullmatch(r"[0-9a-f]{64}", each) for each in digests)


def test_enterprise_code_cannot_be_guessed_without_the_uuid() -> None:
    one = concern_digest(wanted(), "credentials")
    other = concern_digest(wanted(db_uuid=Secret(UUID.replace("0", "1"))), "credentials")

    assert one != other


def test_unknown_concern_is_an_error() -> None:
    with pytest.raises(ValueError, match="certificate"):
        concern_digest(wanted(), "certificate")
