"""What is said of the time that a box can still take is the sum of what bounds it."""

from __future__ import annotations

import pytest

from reconciler.connections import local, ssh_run
from reconciler.engine.settings import ANSWER_SECONDS, Settings
from reconciler.model.desired import Desired
from reconciler.model.target import ConnectionKind, Ssh, Target

TILL = Desired(name="till")
HERE = Target(desired=TILL, connection=ConnectionKind.LOCAL)
THERE = Target(
    desired=TILL, connection=ConnectionKind.SSH, ssh=Ssh(host="192.0.2.1", host_key_alias="till", connect_timeout=7)
)


def test_answers_are_waited_for_as_long_as_the_connections_do() -> None:
    assert ANSWER_SECONDS == ssh_run.GRACE_SECONDS == local._GRACE


@pytest.mark.parametrize(
    ("target", "settings", "longest"),
    [
        (HERE, Settings(), 100 + 30),
        (THERE, Settings(), 7 + 100 + 30 + 10),
        (THERE, Settings(probe=False), 7 + 100 + 30),
    ],
)
def test_a_visit_is_bounded_by_its_parts(target: Target, settings: Settings, longest: float) -> None:
    assert settings.longest_visit(target, 100) == longest
