"""What one DNS server of the tills has, by what it says of the box's name and of a public one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.checks import clients
from reconciler.codes import Variant
from reconciler.codes.phrases.dns import DNS_ANSWERS
from reconciler.codes.writing.sentences import line
from reconciler.model.inquiry import DnsAnswer, DnsOutcome, Whose

from .table_dns_answers import BOX, NAME, ROWS, Row


def answer(
    said: str, server: str = "192.168.1.1", whose: Whose = Whose.CLIENTS, **more: DnsOutcome | None
) -> DnsAnswer:
    """Return what a server said, from the words of a row."""
    addresses = (said,) if said[:1].isdigit() else ()
    unknown = said in ("NXDOMAIN", "NODATA")
    other = DnsOutcome.NO_SUCH_NAME if unknown else DnsOutcome.FAILING if said else DnsOutcome.SILENT
    outcome = DnsOutcome.ANSWERED if addresses else other
    return DnsAnswer(server=server, whose=whose, name=NAME, outcome=outcome, addresses=addresses, detail=said, **more)


def words(answer: DnsAnswer) -> str:
    """Return what a server did in words, its address first."""
    return line((clients.answered(answer),), DNS_ANSWERS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.title)
def test_a_server_is_judged_by_two_names(row: Row) -> None:
    asked = answer(row.said, others=row.others)
    public = None if row.public is None else answer(row.public, "8.8.8.8", Whose.PUBLIC)
    found = clients.findings([asked], BOX, public)
    assert [each.code for each in found] == ([row.code] if row.code else [])


@pytest.mark.parametrize(
    ("said", "others", "says", "public"),
    [
        (BOX, None, "answered", None),
        (BOX, DnsOutcome.ANSWERED, "answered", True),
        ("NXDOMAIN", None, "said", None),
        ("NXDOMAIN", DnsOutcome.SILENT, "said", False),
        ("SERVFAIL", DnsOutcome.ANSWERED, "said", True),
        ("SERVFAIL", DnsOutcome.FAILING, "said", False),
        ("", None, "silent", None),
        ("", DnsOutcome.NO_SUCH_NAME, "silent", False),
        ("", DnsOutcome.ANSWERED, "silent", True),
    ],
)
def test_what_a_server_did_is_seen(said: str, others: DnsOutcome | None, says: str, public: bool | None) -> None:  # noqa: FBT001
    seen = clients.answered(answer(said, others=others))

    assert (seen.says, seen.values["public"]) == (says, public)


def test_a_server_without_words_of_its_own_is_told_by_what_became_of_the_question() -> None:
    asked = replace(answer("NXDOMAIN"), detail="")

    assert clients.answered(asked).values["said"] == DnsOutcome.NO_SUCH_NAME


@pytest.mark.parametrize("said", ["NXDOMAIN", "SERVFAIL"], ids=["told with the others", "told beside them"])
def test_public_dns_is_told_once(said: str) -> None:
    (found,) = clients.findings([answer("NXDOMAIN")], BOX, answer(said, "8.8.8.8", Whose.PUBLIC))

    assert [each.values.get("server") for each in found.seen] == [None, "192.168.1.1", "8.8.8.8"]


def test_what_a_server_did_is_told_apart_from_all_else_it_could_have_done() -> None:
    each = [answer(said, others=others) for said in ("", "NXDOMAIN", "SERVFAIL", BOX) for others in (None, *DnsOutcome)]
    told = {(one.outcome, None if one.others is None else one.works): words(one) for one in each}

    assert len(set(told.values())) == len(told) == 3 * len(DnsOutcome)


@pytest.mark.parametrize("others", [None, *DnsOutcome])
def test_of_many_addresses_the_first_three_are_told(others: DnsOutcome | None) -> None:
    many = tuple(f"10.0.0.{number}" for number in range(1, 6))
    told = words(replace(answer(BOX, others=others), addresses=many))

    assert [address in told for address in many] == [True, True, True, False, False]


def test_silence_is_not_told_as_an_answer() -> None:
    said = words(answer("NXDOMAIN", others=None)).removesuffix("NXDOMAIN")

    assert said not in words(answer("", others=None))


LIKELY = Variant.LIKELY_ASKED


@pytest.mark.parametrize(
    ("whose", "public", "variant"),
    [
        ((Whose.BOX,), None, LIKELY),
        ((Whose.ROUTER,), None, LIKELY),
        ((Whose.BOX, Whose.ROUTER), None, LIKELY),
        ((Whose.CLIENTS,), None, None),
        ((Whose.BOX, Whose.CLIENTS), None, None),
        ((Whose.BOX,), "NXDOMAIN", None),
    ],
)
def test_servers_of_which_it_is_only_likely_that_tills_ask_them(
    whose: tuple[Whose, ...], public: str | None, variant: Variant | None
) -> None:
    asked = [answer("NXDOMAIN", f"192.168.1.{number}", each) for number, each in enumerate(whose, start=1)]
    (found,) = clients.findings(asked, BOX, None if public is None else answer(public, "8.8.8.8", Whose.PUBLIC))

    assert found.variant is variant
