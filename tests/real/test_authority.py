"""The authority fails in front of a real box: the right code, and not one file of the box is touched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

import boxes
from reconciler.codes import CodeName

from . import look
from .lab import Lab, Unit, codes, names

KINDS = ("rw_ini", "ro_flat")
ROOTS = "/etc/ssl/certs/ca-certificates.crt"
LAB_ROOT = "/usr/local/share/ca-certificates/iot-https-lab.crt"

pytestmark = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture
def unit(lab: Lab, kind: str) -> Iterator[Unit]:
    """A box whose certificate is due, as the vendor's own program has not renewed it."""
    unit = lab.converged(kind, "work")
    due = look.due(unit)
    boxes.wait_for(lambda: look.served(unit) == due, "nginx has not reloaded")
    yield unit
    unit.authority("ok")


@pytest.mark.parametrize(
    ("mode", "settings", "code", "evidence"),
    [
        ("refuse", {}, CodeName.LOAD_REQUEST_NO_RESULT, "No IoT Box subscription"),
        ("error", {}, CodeName.LOAD_REQUEST_NO_RESULT, "Odoo Server Error"),
        ("null", {}, CodeName.LOAD_REQUEST_NO_RESULT, "no result"),
        ("key_mismatch", {}, CodeName.LOAD_REQUEST_NO_RESULT, "does not belong"),
        ("leaf_only", {}, CodeName.CHAIN_INCOMPLETE, "not installed"),
        ("status", {"status": 503}, CodeName.LOAD_REQUEST_STATUS, "503"),
        ("redirect", {}, CodeName.LOAD_REQUEST_STATUS, "302"),
        ("garbage", {}, CodeName.ANSWER_NOT_FROM_ODOO, "not JSON"),
        ("cut", {}, CodeName.LOAD_REQUEST_EXCEPTION, "www.odoo.com"),
        ("huge", {}, CodeName.ANSWER_NOT_FROM_ODOO, "longer than"),
    ],
)
def test_bad_answer_has_its_code_and_changes_nothing(
    unit: Unit, mode: str, settings: dict[str, int], code: CodeName, evidence: str
) -> None:
    unit.authority(mode, **settings)
    before = look.listing(unit)
    result = unit.reconcile()
    assert code in names(result.after), codes(result.after)
    assert evidence in next(each.evidence for each in result.after if each.code == code)
    assert not result.changed
    assert look.listing(unit) == before
    assert look.answers(unit, 80)


def test_authority_that_the_box_does_not_trust_is_a_stranger(unit: Unit) -> None:
    lab_root = unit.box.read(LAB_ROOT).strip()
    before = unit.box.read(ROOTS)
    unit.box.write(ROOTS, before.replace(lab_root, ""))
    files = look.listing(unit)
    try:
        result = unit.reconcile()
        assert CodeName.ANSWER_NOT_FROM_ODOO in names(result.after), codes(result.after)
        assert not result.changed
        assert look.listing(unit) == files
    finally:
        unit.box.write(ROOTS, before)
    assert codes(unit.reconcile().after) == []


def test_other_server_in_place_of_the_authority_is_a_stranger(unit: Unit) -> None:
    hosts = unit.box.read("/etc/hosts")
    unit.box.write("/etc/hosts", f"{hosts}{boxes.peers().databases} www.odoo.com\n")
    files = look.listing(unit)
    try:
        result = unit.reconcile()
        assert CodeName.ANSWER_NOT_FROM_ODOO in names(result.after), codes(result.after)
        assert look.listing(unit) == files
    finally:
        unit.box.write("/etc/hosts", hosts)


def test_authority_that_does_not_resolve_is_a_matter_of_resolvers(unit: Unit) -> None:
    elsewhere = replace(unit.desired, authority_url="https://nowhere.odoo.com/odoo-enterprise/iot/x509")
    files = look.listing(unit)
    result = unit.reconcile(elsewhere)
    assert {CodeName.RESOLVERS_DO_NOT_WORK, CodeName.LOAD_REQUEST_EXCEPTION} <= set(names(result.after))
    assert not result.changed
    assert look.listing(unit) == files


def test_resolvers_that_would_break_a_working_box_are_not_set(unit: Unit) -> None:
    dead = replace(unit.desired, resolvers=(boxes.DEAD_RESOLVER,))
    unit.authority("status", status=503)
    files = look.listing(unit)
    result = unit.reconcile(dead)
    assert CodeName.RESOLVERS_DO_NOT_WORK in names(result.after), codes(result.after)
    assert look.listing(unit) == files
