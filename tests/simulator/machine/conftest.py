"""Boxes for these tests; the authority and the pairs are made once, boxes are made for each test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from iotbox_simulator.boxes.arrange import small_world
from iotbox_simulator.boxes.linux import SimulatedBox
from iotbox_simulator.machine.authority import AuthorityModel
from iotbox_simulator.machine.network import SharedWorld
from iotbox_simulator.machine.spec import BoxSpec, LayoutKind
from iotbox_simulator.pki import Pair, TestAuthority, issue_wildcard_pair, make_authority

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
MakeBox = Callable[[LayoutKind], SimulatedBox]


@pytest.fixture(scope="session")
def ca() -> TestAuthority:
    return make_authority("Simulated", now=NOW)


@pytest.fixture(scope="session")
def pair(ca: TestAuthority) -> Pair:
    return issue_wildcard_pair(ca, "d73e7513", now=NOW)


@pytest.fixture(scope="session")
def other_pair(ca: TestAuthority) -> Pair:
    return issue_wildcard_pair(ca, "d73e7513", now=NOW + dt.timedelta(days=60))


@pytest.fixture
def authority(ca: TestAuthority) -> AuthorityModel:
    return AuthorityModel(ca)


@pytest.fixture
def world(ca: TestAuthority, authority: AuthorityModel) -> SharedWorld:
    return small_world(ca, authority)


@pytest.fixture
def make_box(world: SharedWorld) -> MakeBox:
    return lambda kind: SimulatedBox(BoxSpec(kind=kind), world)


@pytest.fixture
def box(make_box: MakeBox) -> SimulatedBox:
    return make_box("rw_ini")
