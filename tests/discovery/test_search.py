"""A search looks at each address once, at no more than so many together, and keeps what it found when it is ended."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime

import pytest

from reconciler.discovery.found import DiscoveredBox, Looked, NobodyThere, NotLooked, QuietMachine, Search
from reconciler.discovery.known import InInventory, Relation
from reconciler.discovery.networks import Networks, networks
from reconciler.discovery.search import search
from reconciler.discovery.status import exit_status

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


async def never() -> str:
    await asyncio.Event().wait()
    return ""


def test_each_address_is_looked_at_once_and_some_at_a_time() -> None:
    begun: Counter[str] = Counter()
    at_work, most = 0, 0

    async def look(address: str) -> Looked:
        nonlocal at_work, most
        begun[address] += 1
        at_work += 1
        most = max(most, at_work)
        for _ in range(3):
            await asyncio.sleep(0)
        at_work -= 1
        return NobodyThere(address)

    told: list[Looked] = []
    done = asyncio.run(search(networks(["10.0.0.0/24"]), look, 7, never, told.append))
    assert len(done.looked) == len(told) == 254
    assert set(begun.values()) == {1}
    assert most == 7
    assert done.ended_early is None
    assert [each.address for each in done.looked][:11][-1] == "10.0.0.11"


def test_what_was_found_until_the_end_was_asked_for_is_kept() -> None:
    async def within() -> Search:
        asked = asyncio.Event()

        async def look(address: str) -> Looked:
            if address == "10.0.0.3":
                asked.set()
                await asyncio.Event().wait()
            return DiscoveredBox(address=address)

        async def ended() -> str:
            await asked.wait()
            return "interrupted by SIGINT"

        return await search(networks(["10.0.0.1-9"]), look, 1, ended)

    done = asyncio.run(within())
    assert [each.address for each in done.boxes] == ["10.0.0.1", "10.0.0.2"]
    assert (done.ended_early, done.left_out) == ("interrupted by SIGINT", 7)


def test_a_defect_at_one_address_is_told_and_ends_no_search() -> None:
    async def look(address: str) -> Looked:
        if address == "10.0.0.2":
            raise LookupError("canary")
        return DiscoveredBox(address=address)

    done = asyncio.run(search(networks(["10.0.0.1-9"]), look, 3, never))
    assert [each.address for each in done.failed] == ["10.0.0.2"]
    assert "LookupError" in done.failed[0].why
    assert "canary" not in done.failed[0].why
    assert len(done.looked) == 9


def result(*looked: Looked, of: Networks | None = None) -> Search:
    return Search(networks=of or networks(["10.0.0.1-4"]), began=NOW, seconds=1.0, looked=looked)


FOUR = tuple(DiscoveredBox(address=f"10.0.0.{n}") for n in range(1, 5))
SILENCE = tuple(NobodyThere(each.address) for each in FOUR)
STATUSES: dict[str, tuple[Search, Relation | None, int]] = {
    "boxes": (result(*FOUR), None, 0),
    "machines, and no box": (result(QuietMachine("10.0.0.1"), *SILENCE[1:]), None, 0),
    "nothing at all": (result(*SILENCE), None, 16),
    "ended early": (result(*FOUR[:2]), None, 4),
    "ended before anything": (result(), None, 4),
    "an address that this machine cannot reach": (result(NotLooked("10.0.0.1", "no route"), *FOUR[1:]), None, 4),
    "no address that this machine can reach": (result(*(NotLooked(each.address, "x") for each in FOUR)), None, 20),
    "known": (result(*FOUR), Relation.KNOWN, 0),
    "new": (result(*FOUR), Relation.NEW, 2),
    "moved": (result(*FOUR), Relation.MOVED, 2),
    "an address of which nothing else is known": (result(*FOUR), Relation.ADDRESS_KNOWN, 2),
    "exchanged": (result(*FOUR), Relation.EXCHANGED, 8),
    "of an entry outside the limit": (result(*FOUR), Relation.OUTSIDE, 8),
}


@pytest.mark.parametrize("case", STATUSES)
def test_what_a_person_must_act_on_is_in_the_exit_status(case: str) -> None:
    done, relation, status = STATUSES[case]
    known = None if relation is None else {each.address: InInventory(relation) for each in done.boxes}
    assert exit_status(done, known) == status


def test_every_relation_has_a_status() -> None:
    assert {relation for _, relation, _ in STATUSES.values()} - {None} == set(Relation)
