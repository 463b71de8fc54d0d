"""When Odoo is asked, when a cache answers for it, and what it holds: no key, and no secret that is not encrypted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from reconciler.model.reveal import reveal
from reconciler.model.secret import Secret
from reconciler.odoo_database.errors import OdooRefused, OdooUnreachable
from reconciler.odoo_database.gathering import CacheUse, Gathered, gather, to_cache
from reconciler.odoo_database.kept import in_words, place_of_database
from reconciler.odoo_database.many import Came
from reconciler.odoo_database.reading import OdooBox, OdooContent
from reconciler.odoo_database.settings import OdooSettings, settings_of

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SECRETS = ("canary-uuid", "canary-contract", "canary-key")
CONTENT = OdooContent(
    uuid=Secret("canary-uuid"),
    contract=Secret("canary-contract"),
    boxes=(OdooBox(number=1, name="{{ x }}", address="192.0.2.7"), OdooBox(number=2)),
    missing=("version",),
)


def database(customer: str = "lotus", **more: Any) -> OdooSettings:
    return settings_of({"customer": customer, "url": "https://odoo.example", "api_key": "canary-key", **more})


def turned(text: str) -> str:
    """Encrypt, as far as these tests care."""
    return text[::-1]


def held(age: float, *databases: OdooSettings, encrypt: Any = turned) -> dict[str, Any]:
    known = [Gathered(settings=each, content=CONTENT, is_new=True) for each in databases]
    made: dict[str, Any] = json.loads(json.dumps(to_cache(known, {}, NOW - timedelta(seconds=age), encrypt)))
    return made


class Asked:
    """Answers for Odoo, and remembers who was asked for."""

    def __init__(self, came: Came = CONTENT) -> None:
        self.came = came
        self.customers: list[str] = []

    def __call__(self, databases: Sequence[OdooSettings]) -> Sequence[Came]:
        self.customers += [each.customer for each in databases]
        return [self.came] * len(databases)


def gathered(cache: CacheUse | None, asked: Asked, *databases: OdooSettings) -> tuple[Gathered, ...]:
    return gather(databases, cache, turned, NOW, asked)


def test_what_is_kept_comes_back_whole() -> None:
    (known,) = gathered(CacheUse(held=held(10, database())), Asked(), database())

    assert known.content == CONTENT
    assert (known.warning, known.is_new) == (None, False)


def test_no_secret_is_kept_in_clear() -> None:
    text = json.dumps(held(0, database()))

    assert [secret for secret in SECRETS if secret in text] == []


def test_secrets_are_left_out_where_nothing_encrypts() -> None:
    kept = held(0, database(), encrypt=lambda _: None)
    asked = Asked(OdooUnreachable("away"))

    (known,) = gathered(CacheUse(held=kept), asked, database())

    assert asked.customers == ["lotus"], "without its secrets it is not enough"
    assert known.content is not None
    assert known.content.uuid is None
    assert known.content.boxes == CONTENT.boxes


@pytest.mark.parametrize(
    ("use", "age", "is_asked"),
    [
        ({}, 10, False),
        ({}, 3601, True),
        ({"seconds": 0}, 10**9, False),
        ({"is_first": False}, 10, True),
        ({"is_read": False}, 10, True),
        ({}, -100, False),
    ],
)
def test_odoo_is_asked_where_the_cache_is_not_enough(use: dict[str, Any], age: float, is_asked: object) -> None:
    asked = Asked()

    (known,) = gathered(CacheUse(held=held(age, database()), **use), asked, database())

    assert bool(asked.customers) is is_asked
    assert known.is_new is is_asked


def test_old_boxes_stand_in_where_no_answer_comes_with_their_age() -> None:
    kept = CacheUse(held=held(3 * 86400, database()))

    (known,) = gathered(kept, Asked(OdooUnreachable("https://odoo.example is not reached: check it")), database())

    assert known.content == CONTENT
    assert known.warning == "boxes are those of 3 days ago, since https://odoo.example is not reached: check it"


def test_old_boxes_do_not_stand_in_where_odoo_refuses() -> None:
    (known,) = gathered(CacheUse(held=held(4000, database())), Asked(OdooRefused("no such key")), database())

    assert (known.content, known.problem) == (None, "no such key")


@pytest.mark.parametrize("cache", [None, CacheUse(held={})])
def test_without_anything_kept_the_reason_is_told(cache: CacheUse | None) -> None:
    (known,) = gathered(cache, Asked(OdooUnreachable("away")), database())

    assert (known.content, known.problem) == (None, "away")


def test_renewed_inventory_takes_nothing_old() -> None:
    kept = CacheUse(held=held(10, database()), is_read=False)

    (known,) = gathered(kept, Asked(OdooUnreachable("away")), database())

    assert known.content is None


@pytest.mark.parametrize(
    "other",
    [
        database("atlas"),
        database(url="https://other.example"),
        database(database="other"),
        database(login="other"),
        database(model="x_box"),
        database(fields={"name": "x_name"}),
    ],
)
def test_databases_never_share_what_is_kept(other: OdooSettings) -> None:
    asked = Asked(OdooUnreachable("away"))

    (known,) = gathered(CacheUse(held=held(10, database())), asked, other)

    assert place_of_database(other) != place_of_database(database())
    assert known.content is None


def test_only_those_are_asked_for_which_nothing_is_kept() -> None:
    asked = Asked()

    known = gathered(CacheUse(held=held(10, database())), asked, database(), database("atlas"))

    assert asked.customers == ["atlas"]
    assert [each.is_new for each in known] == [False, True]


def test_what_was_kept_of_another_database_of_the_file_stays() -> None:
    before = held(10, database(), database("atlas"))
    known = [
        Gathered(settings=database(), content=CONTENT, is_new=True),
        Gathered(settings=database("atlas"), problem="x"),
    ]

    after = to_cache(known, before, NOW, turned)

    assert after[place_of_database(database("atlas"))] == before[place_of_database(database("atlas"))]
    assert after[place_of_database(database())]["read"] == NOW.isoformat()
    assert to_cache(known[:1], before, NOW, turned).keys() == {place_of_database(database())}


@pytest.mark.parametrize(
    "said",
    [
        None,
        "x",
        {},
        {"read": "yesterday", "boxes": [], "missing": []},
        {"read": "2026-03-02T12:00:00", "boxes": [], "missing": []},
        {"read": NOW.isoformat(), "boxes": [{"number": "1"}], "missing": []},
        {"read": NOW.isoformat(), "boxes": [7], "missing": []},
        {"read": NOW.isoformat(), "boxes": 7, "missing": []},
        {"read": 5, "boxes": [], "missing": []},
    ],
)
def test_cache_that_holds_something_else_is_passed_over(said: object) -> None:
    asked = Asked()

    gathered(CacheUse(held={place_of_database(database()): said}), asked, database())

    assert asked.customers == ["lotus"]


def test_secret_that_cannot_be_decrypted_here_is_not_known() -> None:
    kept = CacheUse(held=held(10, database()))

    (known,) = gather([database()], kept, lambda _: None, NOW, Asked(OdooUnreachable("away")))

    assert known.content is not None
    assert known.content.contract is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "less than a minute"), (60, "1 minute"), (7199, "1 hour"), (86400, "1 day"), (10 * 86400, "10 days")],
)
def test_age_is_told_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


def test_what_is_kept_is_what_was_read() -> None:
    (known,) = gathered(CacheUse(held=held(10, database())), Asked(), database())

    assert known.content is not None
    assert known.content.uuid is not None
    assert reveal(known.content.uuid) == "canary-uuid"
