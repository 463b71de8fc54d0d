"""A stranger is recognised on the control machine by what it shows, and its finding says which box it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from reconciler.checks.ownership import has_to_be_judged, marks_of
from reconciler.codes import CodeName
from reconciler.model.desired import Mode, Request
from reconciler.model.digests import database_digest, named_database_digest, serial_digest, server_digest
from reconciler.model.marks import Marks, Others
from reconciler.model.secret import Secret
from reconciler.model.statement import told
from reconciler.outcome.directory import Directory, again, allowed
from reconciler.results.finding import finding
from reconciler.results.result import Result
from tests.engine.world import NOW, RESOLVERS, left, looked
from tests.support.observed import UUID, changed, healthy, wanted

OWN, OTHER = "https://shop.example.com", "https://other.example.com"
FOREIGN = "1f5c2d1e-8a3b-4c6d-9e7f-1a2b3c4d5e6f"
SERIAL = serial_digest("10000000abcdef02")
THEIRS = frozenset({database_digest(Secret(FOREIGN.upper()))})
BAKERY = named_database_digest(OWN, "bakery")
DIRECTORY = Directory(
    serials={SERIAL: "hue-till-1 (Butcher, Hue)"},
    servers={server_digest(OTHER): "Butcher"},
    databases={**dict.fromkeys(THEIRS, "Baker"), BAKERY: "Baker"},
)


@dataclass(frozen=True)
class Case:
    """`code=None`: it is nobody else's, though it looks as if it might."""

    title: str
    code: CodeName | None
    others: Others
    observed: Mapping[str, object] = field(default_factory=dict)
    desired: Mapping[str, object] = field(default_factory=dict)
    evidence: str = ""
    whose: str | None = None


UNREAD = Others(uncompared=frozenset({server_digest(OWN)}))
ELSEWHERE, WRONG = CodeName.LINKED_ELSEWHERE, CodeName.WRONG_BOX
HAS_UUID = {"store.db_uuid": Secret(FOREIGN)}
CASES = (
    Case(
        "serial number of another box, where none is pinned",
        WRONG,
        Others(serials=frozenset({SERIAL})),
        {"identity.serial": "10000000ABCDEF02\0"},
        {"serial": None},
        evidence="10000000ABCDEF02",
        whose="that is hue-till-1 (Butcher, Hue)",
    ),
    Case(
        "the same, to be moved",
        WRONG,
        Others(serials=frozenset({SERIAL})),
        {"identity.serial": "10000000abcdef02"},
        {"serial": None, "relink": True},
    ),
    Case("no serial number", None, Others(serials=frozenset({SERIAL})), {"identity.serial": None}, {"serial": None}),
    Case(
        "database of another customer on the same server",
        ELSEWHERE,
        Others(databases=THEIRS),
        HAS_UUID,
        evidence="the database UUID on the box is not its customer's",
        whose="it belongs to Baker",
    ),
    Case("the same without a link", ELSEWHERE, Others(databases=THEIRS), {**HAS_UUID, "store.server_url": None}),
    Case("the same where no UUID is declared", ELSEWHERE, Others(databases=THEIRS), HAS_UUID, {"db_uuid": None}),
    Case("the same, to be moved", None, Others(databases=THEIRS), HAS_UUID, {"relink": True}),
    Case("UUID that nobody claims", None, Others(databases=frozenset({database_digest(Secret(UUID))})), HAS_UUID),
    Case(
        "database of another customer by its name on the same server",
        ELSEWHERE,
        Others(names=frozenset({BAKERY})),
        {"store.db_name": "bakery"},
        evidence="the box names the database bakery",
        whose="it belongs to Baker",
    ),
    Case(
        "the same name on another server",
        None,
        Others(names=frozenset({named_database_digest(OTHER, "bakery")})),
        {"store.db_name": "bakery"},
    ),
    Case(
        "UUID that may be that of a customer who cannot be compared",
        ELSEWHERE,
        UNREAD,
        HAS_UUID,
        evidence="on a server with a customer whose UUID cannot be compared",
    ),
    Case("the box's own UUID where another customer cannot be compared", None, UNREAD),
    Case(
        "link not managed, and to another customer's server",
        ELSEWHERE,
        Others(servers=frozenset({server_digest(OTHER)})),
        {"store.server_url": OTHER},
        {"server_url": None},
        evidence="another customer has that",
        whose="it belongs to Butcher",
    ),
    Case(
        "the same, spelled otherwise",
        ELSEWHERE,
        Others(servers=frozenset({server_digest(OTHER)})),
        {"store.server_url": "http://other.example.com."},
        {"server_url": None},
        whose="it belongs to Butcher",
    ),
    Case(
        "link not managed, and to nobody's server",
        None,
        Others(servers=frozenset({server_digest(OTHER)})),
        {"store.server_url": "https://nobody.example"},
        {"server_url": None},
    ),
    Case(
        "store that cannot be read",
        None,
        Others(databases=THEIRS, servers=frozenset({server_digest(OWN)})),
        {**HAS_UUID, "store.malformed": "line 1"},
    ),
)


def shown(case: Case, mode: Mode) -> tuple[Request, Result]:
    """Return the request for a box, and what it answers that is built like the real one."""
    desired = replace(changed(wanted(), case.desired), compared=case.others.compared)
    observed = changed(healthy(NOW), case.observed)
    request = Request(desired=desired, mode=mode)
    marks = marks_of(observed)
    result = replace(looked(request, RESOLVERS), observed=observed, marks=marks)
    return request, replace(result, awaits_judgement=has_to_be_judged(desired, marks))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
@pytest.mark.parametrize("mode", Mode)
def test_a_stranger_is_recognised_and_nothing_of_it_is_planned(case: Case, mode: Mode) -> None:
    request, result = shown(case, mode)
    judged = DIRECTORY.judged(replace(request, mode=Mode.CHECK), case.others, result)
    if case.code is None:
        assert judged.plan == RESOLVERS
        return
    assert result.awaits_judgement, "the box itself must not go on before it was judged"
    (found,) = judged.after
    assert (found.code, judged.plan, judged.failed) == (case.code, (), False)
    assert case.evidence in found.evidence
    assert case.whose in (None, found.whose)
    assert "Baker" not in found.evidence
    assert again(request, result, DIRECTORY, case.others) is None
    assert allowed(request, result, DIRECTORY, case.others) is None


@pytest.mark.parametrize("case", [each for each in CASES if each.code is None], ids=lambda case: case.title)
def test_a_box_that_is_nobody_elses_is_visited_again_with_leave(case: Case) -> None:
    request, result = shown(case, Mode.RECONCILE)
    second = again(request, result, DIRECTORY, case.others)
    assert (second is not None) is result.awaits_judgement
    if second is not None:
        assert second.judged == result.marks
        assert again(second, result, DIRECTORY, case.others) is None
        (found,) = DIRECTORY.judged(request, case.others, result).after
        assert found.code == CodeName.NOT_OBSERVED


def test_a_box_that_shows_what_is_declared_is_visited_once() -> None:
    others = Others(databases=THEIRS, names=frozenset({BAKERY}), uncompared=frozenset({server_digest(OWN)}))
    _, result = shown(Case("", None, others), Mode.RECONCILE)
    assert not result.awaits_judgement


OUTSIDE = Marks(serial=SERIAL, server=server_digest(OTHER))
NAMED = [
    (CodeName.WRONG_BOX, OUTSIDE, "that is hue-till-1 (Butcher, Hue)"),
    (CodeName.WRONG_BOX, Marks(serial="f" * 16), "that is no box of this inventory"),
    (CodeName.WRONG_BOX, Marks(), "that is no box of this inventory"),
    (CodeName.LINKED_ELSEWHERE, OUTSIDE, "it belongs to Butcher"),
    (CodeName.LINKED_ELSEWHERE, Marks(server="f" * 16), "it belongs to nobody in this inventory"),
    (CodeName.EXPIRED, OUTSIDE, None),
]


@pytest.mark.parametrize(("code", "marks", "whose"), NAMED)
def test_what_a_box_finds_itself_is_named_beside_its_evidence(code: CodeName, marks: Marks, whose: str | None) -> None:
    request = Request(desired=wanted())
    result = replace(left(request, code), marks=marks)
    (found,) = DIRECTORY.judged(request, Others(), result).after
    assert (found.evidence, found.whose) == ("seen", whose)


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        (CodeName.UNSUPPORTED_LAYOUT, CodeName.UNSUPPORTED_LAYOUT),
        (CodeName.LINKED_ELSEWHERE, CodeName.WRONG_BOX),
        (CodeName.EXPIRED, CodeName.WRONG_BOX),
    ],
)
def test_of_two_reasons_the_first_is_told(code: CodeName, kept: CodeName) -> None:
    request = Request(desired=wanted(serial=None))
    result = replace(looked(request, (), finding(code, told("seen"))), marks=Marks(serial=SERIAL))
    (found,) = DIRECTORY.judged(request, Others(serials=frozenset({SERIAL})), result).after
    assert found.code == kept


def test_without_a_look_nothing_is_added() -> None:
    request = Request(desired=wanted())
    result = replace(left(request, CodeName.BUSY), observed=None)
    assert DIRECTORY.judged(request, Others(serials=frozenset({SERIAL})), result).after == result.after
