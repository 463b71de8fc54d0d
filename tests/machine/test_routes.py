"""The default route, whatever else the kernel's table holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

import pytest

from reconciler.machine.routes import Route, default_route, gateway
from reconciler.machine.system import Files

HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"
LAN = "eth0\t0001A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0\n"
CABLE = "eth0\t00000000\t0101A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0\n"
RADIO = "wlan0\t00000000\tFE01A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0\n"


@dataclass
class Table:
    """The one file that is read."""

    content: bytes | OSError

    def read(self, path: str, limit: int = 1 << 20) -> bytes:
        assert path == "/proc/net/route"
        if isinstance(self.content, OSError):
            raise self.content
        return self.content


TABLES = {
    "one": (HEAD + LAN + CABLE, Route(100, "eth0", "192.168.1.1")),
    "the smallest metric": (HEAD + RADIO + LAN + CABLE, Route(100, "eth0", "192.168.1.1")),
    "only by radio": (HEAD + RADIO, Route(600, "wlan0", "192.168.1.254")),
    "none": (HEAD + LAN, None),
    "empty": ("", None),
    "cut off": (HEAD + CABLE + RADIO[:20], Route(100, "eth0", "192.168.1.1")),
    "no numbers": (HEAD + CABLE.replace("100", "x"), None),
    "a gateway of 5 bytes": (HEAD + CABLE.replace("0101A8C0", "010101A8C0"), None),
}


@pytest.mark.parametrize(("table", "expected"), TABLES.values(), ids=TABLES)
def test_default_route_is_found(table: str, expected: Route | None) -> None:
    files = cast("Files", Table(table.encode()))
    assert default_route(files) == expected
    assert gateway(files) == (expected.gateway if expected else None)


def test_a_table_that_cannot_be_read_is_said_and_has_no_gateway() -> None:
    files = cast("Files", Table(OSError(5, "Input/output error")))
    with pytest.raises(OSError, match="Input/output error"):
        default_route(files)
    assert gateway(files) is None
