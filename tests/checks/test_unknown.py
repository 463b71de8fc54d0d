"""What was not seen is told, part by part, and is never judged by another check."""

from __future__ import annotations

import pytest

from reconciler.checks import CONVERGE, Case, run
from reconciler.checks.unknown import unknown_findings, unseen
from reconciler.codes import CodeName
from reconciler.model.observed import (
    ChainState,
    Disk,
    Identity,
    Nginx,
    Odoo,
    Pair,
    ResolverOwner,
    Resolvers,
    Store,
)
from reconciler.model.part import Part
from reconciler.model.severity import FindingClass
from reconciler.model.statement import say, told

from ..support.observed import NOW, changed, healthy, pair, temporary, wanted

UNREAD = (
    ({"disk.live_free": None}, "disk.live_free"),
    ({"disk.mirror_free": None}, "disk.mirror_free"),
    ({"disk.home_free": None}, "disk.home_free"),
    ({"disk.run_free": None}, "disk.run_free"),
    ({"resolvers.resolves": None}, "resolvers.resolves"),
    ({"resolvers.persistent": None}, "resolvers.persistent"),
    ({"resolvers.persistent": None, "resolvers.owner": ResolverOwner.NETWORK_MANAGER}, "resolvers.persistent"),
    ({"certificates.live": Pair()}, "certificates.live"),
    ({"certificates.live.digest": None}, "certificates.live.digest"),
    ({"certificates.mirror": None}, "certificates.mirror"),
    ({"certificates.mirror": Pair()}, "certificates.mirror"),
    ({"certificates.mirror.digest": None}, "certificates.mirror"),
    ({"certificates.live.chain": ChainState.NOT_CHECKED}, "certificates.chain"),
    ({"certificates.served": None}, "certificates.served"),
    ({"nginx.running": None}, "nginx.running"),
    ({"odoo.answers": None}, "odoo.answers"),
)


@pytest.mark.parametrize(("changes", "part"), UNREAD, ids=[f"{part} {len(changes)}" for changes, part in UNREAD])
def test_value_that_is_missing_is_told_as_not_observed(changes: dict[str, object], part: str) -> None:
    findings = unknown_findings(Case(wanted(), changed(healthy(), changes), NOW))

    assert [each.evidence.split(":")[0] for each in findings] == [part]
    assert findings[0].code == CodeName.NOT_OBSERVED
    assert findings[0].finding_class is FindingClass.UNKNOWN
    assert not findings[0].repairable


MEANT = (
    {"layout.bypass": None, "disk.mirror_free": None, "certificates.mirror": None, "resolvers.persistent": None},
    {"resolvers.persistent": None, "resolvers.owner": ResolverOwner.DHCPCD},
    {"certificates.live": pair(temporary(), chain=ChainState.NOT_CHECKED)},
    {"certificates.served": None, "nginx.running": False},
    {"certificates.served": None, "certificates.serve_error": "connection refused"},
    {"odoo.answers": None, "odoo.stopped": True},
    {"clock.skew_seconds": None, "clock.ntp_enabled": None},
    {"store.token": None, "store.db_name": None},
)


@pytest.mark.parametrize("changes", MEANT, ids=[" ".join(each) for each in MEANT])
def test_value_that_is_absent_for_a_reason_is_not_unknown(changes: dict[str, object]) -> None:
    assert unknown_findings(Case(wanted(), changed(healthy(), changes), NOW)) == ()


def test_persistence_of_resolvers_does_not_matter_where_they_are_not_managed() -> None:
    observed = changed(healthy(), {"resolvers.persistent": None})

    assert unknown_findings(Case(wanted(resolvers=None), observed, NOW)) == ()


def test_reason_why_the_chain_was_not_checked_is_told() -> None:
    changes = {"certificates.live.chain": ChainState.NOT_CHECKED, "certificates.live.chain_detail": "no trust store"}

    (found,) = unknown_findings(Case(wanted(), changed(healthy(), changes), NOW))

    assert found.evidence == "certificates.chain: no trust store"


def test_each_gap_gives_one_finding_with_its_reason() -> None:
    observed = changed(healthy(), {"gaps": {"disk": told("no statvfs"), "memory": told("bad\nJSON")}})

    evidence = [each.evidence for each in unknown_findings(Case(wanted(), observed, NOW))]

    assert evidence == ["disk: no statvfs", "memory: bad JSON"]


def test_an_account_that_is_missing_is_a_sentence_of_ours() -> None:
    observed = changed(healthy(), {"gaps": {"odoo": say("no_account", name="'pi'")}})

    (found,) = unknown_findings(Case(wanted(), observed, NOW))

    assert found.evidence == "odoo: the box has no account 'pi'"


def test_gap_covers_the_values_inside_it() -> None:
    observed = changed(healthy(), {"disk": Disk(), "gaps": {"disk": told("no statvfs")}})

    assert [each.evidence for each in unknown_findings(Case(wanted(), observed, NOW))] == ["disk: no statvfs"]


@pytest.mark.parametrize(
    ("part", "expected"),
    [(Part.STORE, True), (Part.STORE_SUBJECT, True), (Part.DISK, False), (Part.CERTIFICATES, False)],
)
def test_unseen_knows_parts_of_parts(part: Part, *, expected: bool) -> None:
    observed = changed(healthy(), {"gaps": {"store": told("?"), "certificates.mirror": told("?")}})

    assert unseen(observed, part) is expected


@pytest.mark.parametrize(
    ("part", "empty"),
    [("store", Store()), ("resolvers", Resolvers()), ("disk", Disk()), ("nginx", Nginx()), ("odoo", Odoo())],
)
def test_part_that_was_not_seen_is_not_judged(part: str, empty: object) -> None:
    observed = changed(healthy(), {part: empty, "gaps": {part: told("timed out")}})

    assert [each.evidence for each in run(CONVERGE, Case(wanted(), observed, NOW))] == [f"{part}: timed out"]


def test_pinned_box_whose_identity_was_not_seen_is_a_wrong_box() -> None:
    observed = changed(healthy(), {"identity": Identity(), "gaps": {"identity": told("no device tree")}})

    (found,) = run(CONVERGE, Case(wanted(), observed, NOW))

    assert found.code == CodeName.WRONG_BOX
    assert "could not be read (no device tree)" in found.evidence
