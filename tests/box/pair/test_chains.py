"""Each certificate of a chain counts: what every till refuses is named, never in sync, and never installed."""

from __future__ import annotations

import pytest

from iotbox_simulator.boxes.arrange import install_pair
from iotbox_simulator.machine.image import CERTIFICATE
from iotbox_simulator.pki import Pair
from reconciler.codes import CodeName as C
from reconciler.model.severity import Severity

from ...support import runs
from ...support.runs import Fleet
from ..table_faults import edit, issued, of_two_stars
from .table_chains import CHAINS, Chain

SUBDOMAIN = runs.SUBJECT.split(".")[1]
ROOTS = "/etc/ssl/certs/ca-certificates.crt"


def made(fleet: Fleet, chain: Chain) -> Pair:
    """Return the pair, and let the box trust what the row says."""
    pair, roots = chain.made(fleet.box.now())
    edit(ROOTS, lambda text: b"\n".join((text, *(root.encode() for root in roots))))(fleet)
    return pair


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain.title)
def test_the_pair_in_place_is_judged_by_all_its_certificates(chain: Chain) -> None:
    fleet = runs.managed("rw_ini")
    install_pair(fleet.box, made(fleet, chain))
    fleet.box.nginx.restart()
    found = runs.check(fleet.box).before
    assert {each.code for each in found} == {*chain.found}
    assert not chain.evidence or chain.evidence in found[0].evidence
    runs.reconcile(fleet.box)
    left = () if C.CHAIN_UNTRUSTED not in chain.found or C.EXPIRED in chain.found else (C.CHAIN_UNTRUSTED,)
    assert runs.codes(runs.check(fleet.box)) == [*left]


@pytest.mark.parametrize("chain", CHAINS, ids=lambda chain: chain.title)
def test_an_answer_that_tills_would_refuse_is_not_installed(chain: Chain) -> None:
    fleet = runs.due("rw_ini")
    pair = fleet.authority.current[SUBDOMAIN] = made(fleet, chain)
    result = runs.reconcile(fleet.box)
    in_place = fleet.box.host.read(CERTIFICATE).decode() == pair.certificate_pem
    assert in_place is chain.installed
    assert in_place or C.RENEWAL_DUE in runs.codes(result)


def test_a_certificate_that_no_client_takes_is_an_error_and_replaced() -> None:
    fleet = runs.managed("rw_ini")
    of_two_stars(fleet)
    refused = [each for each in runs.check(fleet.box).before if each.code == C.CERTIFICATE_REFUSED]
    assert [each.severity for each in refused] == [Severity.ERROR]
    assert runs.codes(runs.reconcile(fleet.box)) == []


def test_the_same_leaf_with_the_chain_that_was_missing_is_installed() -> None:
    fleet = runs.managed("rw_ini")
    whole = fleet.authority.current[SUBDOMAIN]
    leaf = whole.certificate_pem[: whole.certificate_pem.index("-----BEGIN", 10)]
    edit(CERTIFICATE, lambda _: leaf.encode())(fleet)
    fleet.box.nginx.restart()
    assert runs.codes(runs.check(fleet.box)) == [C.CHAIN_INCOMPLETE]
    assert runs.codes(runs.reconcile(fleet.box)) == []
    assert fleet.box.host.read(CERTIFICATE).decode() == whole.certificate_pem


def test_a_chain_with_a_gap_is_asked_for_again_and_mended() -> None:
    fleet = runs.managed("rw_ini")
    issued(chain=False)(fleet)
    assert runs.codes(runs.reconcile(fleet.box)) == []


def test_the_copy_with_the_whole_chain_is_kept_and_nobody_is_asked() -> None:
    fleet = runs.managed("ro_ini")
    whole = fleet.authority.current[SUBDOMAIN]
    leaf = whole.certificate_pem[: whole.certificate_pem.index("-----BEGIN", 10)]
    edit(CERTIFICATE, lambda _: leaf.encode(), "")(fleet)
    fleet.box.nginx.restart()
    asked = fleet.authority.count
    assert runs.codes(runs.reconcile(fleet.box)) == []
    assert fleet.box.host.read(CERTIFICATE).decode() == whole.certificate_pem
    assert fleet.authority.count == asked
