"""What a reply may cost the control machine, whatever a box makes of its bytes: time in the loop, and memory."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import pytest

from reconciler.codes import CodeName
from reconciler.connections import reply
from reconciler.model import wire
from reconciler.model.desired import Desired, Mode, Relayed, Request
from reconciler.model.framing import frame
from reconciler.model.secret import Secret
from reconciler.results.result import Result
from tests.support.observed import healthy

NOW = datetime(2026, 3, 2, tzinfo=UTC)
KEY = "-----BEGIN PRIVATE KEY-----\n" + "canarykey" * 350
REQUEST = Request(
    desired=Desired(
        name="till",
        token=Secret("canary-token"),
        db_uuid=Secret("11111111-2222-3333-4444-555555555555"),
        enterprise_code=Secret("CANARY210101"),
        proxy=Secret("http://u:canary@p:1"),
    ),
    relayed=Relayed(subject="*.x", certificate_pem="x", key_pem=Secret(KEY)),
)
FOUND = {
    "code": "IOT_HTTPS_WRONG_BOX",
    "severity": "error",
    "finding_class": "blocked",
    "evidence": "x",
    "remedy": "x",
    "repairable": False,
}
MOST_SECONDS = 0.5
"""Of this process for the worst reply, on the slowest machine that runs tests; on a usual one it is below 0.1."""
MOST_MEMORY = 16 << 20


def result(**changes: Any) -> dict[str, Any]:
    """Return the largest legal reply around these fields."""
    whole = Result(
        name="till", mode=Mode.CHECK, started_at=NOW, seconds=1.0, before=(), after=(), observed=healthy(NOW)
    )
    return {"result": {**wire.encode(whole), **changes}}


def filled(make: Callable[[int], dict[str, Any]]) -> bytes:
    """Return about the greatest reply of a kind that is still within the size."""
    ten, twenty = (len(frame(make(number))) for number in (10, 20))
    output = frame(make(int(10 + 7 * (reply.BOUNDS.size - ten) / max(10, twenty - ten))))
    assert len(output) < reply.BOUNDS.size
    return output


def findings(number: int) -> dict[str, Any]:
    """Return as many findings as are allowed."""
    return result(after=[FOUND] * min(number, 250))


FLOODS: Mapping[str, Callable[[], bytes]] = MappingProxyType(
    {
        "as many findings as fit": lambda: filled(findings),
        "long evidence": lambda: filled(lambda n: result(after=[{**FOUND, "evidence": "y z" * n}])),
        "many long texts": lambda: filled(lambda n: result(before=[{**FOUND, "evidence": "y" * 4000 + " z"}] * n)),
        "unprintable texts": lambda: filled(lambda n: result(before=[{**FOUND, "evidence": "\x1b \u202e" * 300}] * n)),
        "beginnings of secrets": lambda: filled(lambda n: result(gaps={f"g{i}": f"x {KEY[:90]}" for i in range(n)})),
        "beginnings of a key": lambda: filled(lambda n: result(before=[{**FOUND, "evidence": f" {KEY[:3000]}"}] * n)),
        "secrets again and again": lambda: filled(lambda n: result(after=[{**FOUND, "evidence": "canary-token " * n}])),
        "gaps": lambda: filled(
            lambda n: result(observed={**wire.encode(healthy(NOW)), "gaps": {str(i): "" for i in range(n)}})
        ),
        "lists in lists": lambda: filled(lambda n: result(plan=[[[]]] * n)),
        "numbers": lambda: filled(lambda n: {"result": [1] * n}),
        "empty objects": lambda: filled(lambda n: {"result": [{}] * n}),
        "keys": lambda: filled(lambda n: {"result": {str(i): 0 for i in range(n)}}),
        "a long number": lambda: frame({"result": {"seconds": int("9" * 4000)}}),
    }
)


@pytest.mark.parametrize("kind", FLOODS)
def test_no_reply_costs_more_than_a_bound(kind: str) -> None:
    output = FLOODS[kind]()
    began = time.process_time()
    result = reply.read(output, REQUEST, NOW)
    seconds = time.process_time() - began
    assert seconds < MOST_SECONDS
    assert "canary-token" not in str(result)


@pytest.mark.parametrize("kind", FLOODS)
def test_no_reply_takes_more_memory_than_a_bound(kind: str) -> None:
    output = FLOODS[kind]()
    tracemalloc.start()
    try:
        reply.read(output, REQUEST, NOW)
        assert tracemalloc.get_traced_memory()[1] < MOST_MEMORY
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("size", [reply.BOUNDS.size + 1, 16 << 20])
def test_more_bytes_than_a_reply_has_are_not_parsed(size: int) -> None:
    body = json.dumps({"result": [0] * (size // 3)}).encode()
    began = time.process_time()
    (found,) = reply.read(b"\nIOT-HTTPS-REPLY %d\n%s\n" % (len(body), body), REQUEST, NOW).after
    assert found.code == CodeName.NOT_OBSERVED
    assert "bytes" in found.evidence
    assert time.process_time() - began < MOST_SECONDS
