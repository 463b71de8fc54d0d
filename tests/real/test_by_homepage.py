"""Boxes of systemd that are reached by their homepage alone: their own program links, restarts and fetches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import boxes
from reconciler.connections.homepage import opened
from reconciler.model.desired import CertificateSource, Desired, Mode, Request
from reconciler.model.target import HomepageWay
from reconciler.outcome.states import state_of
from reconciler.results.fleet import BoxState
from reconciler.results.result import Result

from .lab import Lab, Unit, codes


@pytest.fixture(autouse=True)
def _trusting_the_lab(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    (tmp_path / "ca.pem").write_text(boxes.peers().ca_pem())
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    for kept in (opened._trust, opened._trusting):
        kept.cache_clear()
    yield
    for kept in (opened._trust, opened._trusting):
        kept.cache_clear()


def _desired(unit: Unit) -> Desired:
    return replace(unit.desired, serial=None, db_name=None, resolvers=None, certificate_source=CertificateSource.NATIVE)


def _visit(unit: Unit, mode: Mode) -> Result:
    return opened.visited(HomepageWay(host=unit.box.address), Request(desired=_desired(unit), mode=mode))


@pytest.mark.parametrize("kind", ["ro_flat", "ro_ini", "rw_ini"])
def test_a_fresh_box_comes_in_sync_by_its_homepage_and_stays_so(lab: Lab, kind: str) -> None:
    unit = lab.unit(kind, "homepage", resolvers=(boxes.peers().address,))
    unit.authority("ok")
    looked = _visit(unit, Mode.CHECK)
    assert state_of(looked, looked.after) is BoxState.DIFFERS, codes(looked.after)

    first = _visit(unit, Mode.RECONCILE)
    assert codes(first.after) == []
    second = _visit(unit, Mode.RECONCILE)
    assert (codes(second.after), second.plan, second.changed) == ([], (), False)
    assert state_of(second, second.after) is BoxState.IN_SYNC_AS_SEEN
    assert second.observed is not None
    leaf = second.observed.certificates.live.certificate
    assert leaf is not None
    assert leaf.name == f"*.{unit.subdomain}.odoo-iot.com"
