"""Retries as the inventory's settings have them, from the command line to the evidence."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest

from tests.support.command import Fleet, fleet
from tests.support.served_fleet import ROOT, first_address


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    with fleet(tmp_path_factory.mktemp("retries"), first_address(83), boxes=0) as up:
        yield up


@pytest.mark.parametrize(("retries", "tried"), [("0", 2), ("2", 4)])
def test_a_box_that_drops_connections_is_tried_as_often_as_told(served: Fleet, retries: str, tried: int) -> None:
    words = served.arguments("check", "closes", "--output", "json")
    env = {**served.env, "ANSIBLE_SSH_RETRIES": retries}
    done = subprocess.run(words, cwd=ROOT, env=env, capture_output=True, check=False, timeout=100)
    (box,) = json.loads(done.stdout)["boxes"]
    assert box["state"] == "unreachable"
    assert box["findings"][0]["evidence"].endswith(f"; tried {tried} times")
