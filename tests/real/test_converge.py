"""Each kind of box, from the shop to in sync, as tills see it; and that it stays so, and stays the box's own."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

import pytest

import boxes
from reconciler.codes import CodeName
from reconciler.results.result import Result

from . import look
from .lab import Lab, Unit, codes, names

pytestmark = pytest.mark.parametrize("kind", boxes.KINDS)

FRESH = [
    CodeName.RESOLVERS_DIFFER,
    CodeName.RESOLVERS_DO_NOT_WORK,
    CodeName.CHECK_NO_SERVER,
    CodeName.LOAD_NO_CREDENTIAL,
    CodeName.CREDENTIALS_DIFFER,
    CodeName.TEMPORARY_CERTIFICATE,
]


@dataclass(frozen=True)
class Story:
    """What happened to a box since it left the shop."""

    unit: Unit
    seen: Result
    written_by_check: list[str]
    mended: Result


_stories: dict[str, Story] = {}


@pytest.fixture
def story(lab: Lab, kind: str) -> Story:
    if kind not in _stories:
        unit = lab.unit(kind, "main")
        before = look.listing(unit)
        seen = unit.check()
        _stories[kind] = Story(unit, seen, differences(before, look.listing(unit)), unit.reconcile())
    return _stories[kind]


@pytest.fixture
def unit(story: Story) -> Unit:
    return story.unit


def differences(before: list[str], after: list[str]) -> list[str]:
    return list(difflib.unified_diff(before, after, n=0, lineterm=""))


def test_check_names_all_that_a_new_box_lacks(story: Story) -> None:
    assert names(story.seen.before) == [str(name) for name in FRESH]


def test_check_writes_nothing_at_all(story: Story) -> None:
    assert not story.seen.changed
    assert story.written_by_check == []


def test_reconcile_mends_a_new_box(story: Story) -> None:
    assert codes(story.mended.after) == []
    assert story.mended.changed
    assert not story.mended.failed


def test_tills_accept_what_the_box_serves(unit: Unit) -> None:
    assert {look.served(unit)} == set(look.whole(unit).values())


@pytest.mark.parametrize("port", [80, 8069])
def test_plain_http_answers(unit: Unit, port: int) -> None:
    assert look.answers(unit, port)


def test_root_is_left_as_its_fstab_says(unit: Unit) -> None:
    flag = "ro" if unit.box.facts.root_read_only else "rw"
    assert look.root_mounts(unit)["/"] == flag


def test_database_hears_of_the_box_under_its_new_name(unit: Unit) -> None:
    said = str(boxes.peers().boxes())
    assert unit.public_name in said


def test_second_reconcile_writes_nothing_at_all(unit: Unit) -> None:
    before = look.listing(unit)
    result = unit.reconcile()
    assert not result.changed
    assert result.outcomes == ()
    assert differences(before, look.listing(unit)) == []


@pytest.mark.parametrize("power_cut", [False, True])
def test_reboot_keeps_all(unit: Unit, *, power_cut: bool) -> None:
    served = look.served(unit)
    unit.box.reboot(power_cut=power_cut)
    assert codes(unit.check().before) == []
    assert look.served(unit) == served
    assert look.answers(unit, 80)


def test_box_renews_by_itself_through_the_links(unit: Unit) -> None:
    old = look.due(unit)
    unit.box.shell("rm -f /run/odoo/lab-write-pause")
    unit.box.signal_odoo("USR1")
    boxes.wait_for(
        lambda: (
            set(look.whole(unit).values()).isdisjoint({old}) and {look.served(unit)} == set(look.whole(unit).values())
        ),
        "the box has not renewed",
        15,
    )
    user = unit.box.facts.service_user
    links = unit.box.shell(
        f"stat -c %F:%U /{look.CERTIFICATE} /{look.KEY}; stat -Lc %U:%a /{look.CERTIFICATE} /{look.KEY}"
    )
    assert links.split() == ["symbolic", "link:root", "symbolic", "link:root", f"{user}:644", f"{user}:600"]
    boxes.wait_for(lambda: codes(unit.check().before) == [], "the box is not in sync", 10)
