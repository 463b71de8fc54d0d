"""A fleet that is served says which address is in use, and takes another."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address
from pathlib import Path

import pytest
import yaml

from iotbox_simulator import inventory_files, serve
from iotbox_simulator.addresses import TRIES, Place, first_free, free_place
from iotbox_simulator.scenario import BadScenario, load
from tests.support.served_fleet import first_address

FIRST = first_address(84)
PORTS = (2222, 8069, 8443)
ONE = """
customers: {baker: {server_url: https://baker.example, db_uuid: u-1, enterprise_code: M1}}
boxes: {paris-till: {customer: baker, store: paris, kind: ro_ini}}
"""


@contextmanager
def listening(*places: tuple[IPv4Address | str, int]) -> Iterator[None]:
    sockets = [socket.create_server((str(host), port)) for host, port in places]
    try:
        yield
    finally:
        for each in sockets:
            each.close()


def test_where_nobody_listens_a_fleet_begins_at_the_first_address() -> None:
    assert first_free(FIRST, 12, PORTS) == (FIRST, None)


@pytest.mark.parametrize("port", PORTS)
@pytest.mark.parametrize("box", [0, 11])
def test_an_address_in_use_is_named_and_another_network_taken(box: int, port: int) -> None:
    with listening((FIRST + box, port)):
        assert first_free(FIRST, 12, PORTS) == (FIRST + 256, f"{FIRST + box}:{port}")


def test_a_fleet_over_several_networks_goes_past_all_of_them() -> None:
    with listening((FIRST, 2222)):
        assert first_free(FIRST, 201, PORTS)[0] == FIRST + 512


def test_a_program_that_listens_on_all_addresses_is_in_the_way_everywhere() -> None:
    with socket.create_server(("0.0.0.0", 0)) as everywhere:
        port = everywhere.getsockname()[1]
        with pytest.raises(BadScenario, match=rf"^{FIRST}:{port} is in use, and so it is on {TRIES - 1} networks"):
            first_free(FIRST, 1, (port,))


def test_then_the_boxes_have_another_port() -> None:
    with socket.create_server(("0.0.0.0", 0)) as everywhere:
        port = everywhere.getsockname()[1]
        place = free_place(FIRST, 2, (port, port + 1))
    assert place.ports[0] not in (port, port + 1)
    assert place.ports[1] == port + 1
    (note,) = place.notes
    assert note.startswith(f"port {port} is in use on all addresses")
    assert f"the boxes have {place.ports[0]} in its place" in note


def test_a_place_that_is_free_needs_no_words() -> None:
    assert free_place(FIRST, 12, PORTS) == Place(FIRST, PORTS)


def test_of_two_demos_each_has_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    assert inventory_files.first_unused(folder) == folder
    with inventory_files.held(folder):
        assert inventory_files.first_unused(folder) == tmp_path / "demo-2"
        with inventory_files.held(tmp_path / "demo-2"):
            assert inventory_files.first_unused(folder) == tmp_path / "demo-3"
    assert inventory_files.first_unused(folder) == folder


def test_a_folder_is_of_one_fleet_at_a_time(tmp_path: Path) -> None:
    with (
        inventory_files.held(tmp_path),
        pytest.raises(BadScenario, match=f"another demo serves the boxes of {tmp_path}"),
    ):
        inventory_files.held(tmp_path).__enter__()
    with inventory_files.held(tmp_path):
        pass


def test_the_inventory_has_the_addresses_that_were_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "one.yml").write_text(ONE)
    monkeypatch.setattr(serve, "FIRST_ADDRESS", FIRST)
    told: list[str] = []

    async def up() -> None:
        is_up = asyncio.Event()

        def say(line: str) -> None:
            told.append(line)
            if "Ctrl-C" in line:
                is_up.set()

        monkeypatch.setattr(serve, "_say", say)
        serving = asyncio.create_task(serve.serve(load(tmp_path / "one.yml"), tmp_path / "here"))
        waiting = asyncio.create_task(is_up.wait())
        await asyncio.wait((serving, waiting), return_when=asyncio.FIRST_COMPLETED)
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)

    with listening((FIRST, 8069)):
        asyncio.run(up())
    assert f"{FIRST}:8069 is in use: the boxes are elsewhere this time." in told
    hosts = yaml.safe_load((tmp_path / "here/hosts.yml").read_text())
    paris = hosts["all"]["children"]["customer_baker"]["children"]["store_baker__paris"]["hosts"]["paris-till"]
    assert paris["ansible_host"] == str(FIRST + 256)
