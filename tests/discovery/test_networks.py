"""What may be named to be searched, and what is refused with the way out."""

from __future__ import annotations

import asyncio

import pytest

from reconciler.discovery.networks import MOST, BadNetwork, networks, only_within

GOOD: dict[str, tuple[list[str], int, str, str]] = {
    "a network, without its own address and that of broadcasts": (
        ["192.168.1.0/24"],
        254,
        "192.168.1.1",
        "192.168.1.254",
    ),
    "a network of four": (["10.0.0.0/30"], 2, "10.0.0.1", "10.0.0.2"),
    "a network of two, which has neither": (["10.0.0.0/31"], 2, "10.0.0.0", "10.0.0.1"),
    "one address as a network": (["10.0.0.7/32"], 1, "10.0.0.7", "10.0.0.7"),
    "an address": (["10.0.0.7"], 1, "10.0.0.7", "10.0.0.7"),
    "an address with blanks around": ([" 10.0.0.7 "], 1, "10.0.0.7", "10.0.0.7"),
    "an address that ends in 255, which may be anybody's": (["10.0.0.255"], 1, "10.0.0.255", "10.0.0.255"),
    "a range by its last number": (["10.0.0.20-40"], 21, "10.0.0.20", "10.0.0.40"),
    "a range by its last address": (["10.0.0.250-10.0.1.5"], 12, "10.0.0.250", "10.0.1.5"),
    "the same twice": (["10.0.0.7", "10.0.0.7"], 1, "10.0.0.7", "10.0.0.7"),
    "one within another": (["10.0.0.0/24", "10.0.0.0/25", "10.0.0.9"], 254, "10.0.0.1", "10.0.0.254"),
    "two that overlap": (["10.0.0.20-40", "10.0.0.30-50"], 31, "10.0.0.20", "10.0.0.50"),
    "two in the wrong order": (["10.0.1.1", "10.0.0.1"], 2, "10.0.0.1", "10.0.1.1"),
    "the largest that needs no leave": (["10.0.0.0/20"], MOST - 2, "10.0.0.1", "10.0.15.254"),
    "an overlay network": (["100.64.3.0/28"], 14, "100.64.3.1", "100.64.3.14"),
    "this machine": (["127.77.0.20-22"], 3, "127.77.0.20", "127.77.0.22"),
}
BAD: dict[str, tuple[list[str], str]] = {
    "nothing": ([""], "'' is no network: give an IPv4 network such as 192.168.1.0/24"),
    "a name": (["shop.example"], "shop.example is no network: give"),
    "a name with a dash": (["my-shop"], "my-shop is no network: give"),
    "words": (["the shop"], "'the shop' is no network"),
    "a control character": (["10.0.0.1\x1b[31m"], "is no network"),
    "too many numbers": (["10.0.0.0.0/24"], "is no network"),
    "a number that is too large": (["10.0.0.256"], "is no network"),
    "leading zeros, which some read as octal": (["10.0.0.010"], "is no network"),
    "host bits": (
        ["192.168.1.5/24"],
        "an address within 192.168.1.0/24: give 192.168.1.0/24 for the network, or 192.168.1.5",
    ),
    "a length that is too large": (["10.0.0.0/33"], "give its length as a number from 0 to 32, such as 10.0.0.0/24"),
    "a mask": (["10.0.0.0/255.255.255.0"], "give its length as a number"),
    "an empty length": (["10.0.0.0/"], "give its length as a number"),
    "two lengths": (["10.0.0.0/24/24"], "give its length as a number"),
    "IPv6": (["fe80::/64"], "is IPv6, whose networks are too large"),
    "an address of IPv6": (["::1"], "is IPv6"),
    "a range of IPv6": (["fe80::1-fe80::9"], "is IPv6"),
    "IPv4 within IPv6": (["::ffff:10.0.0.1"], "is IPv6"),
    "a range that goes back": (["10.0.0.40-20"], "ends before it begins"),
    "a range beyond its last number": (["10.0.0.40-300"], "below 256"),
    "half a range": (["10.0.0.40-"], "is no network"),
    "too many": (["10.0.0.0/19"], "8190 addresses are too many for one call, which has 4096 at most"),
    "too many together": (["10.0.0.0/20", "10.1.0.0/24"], "or pass --allow-large"),
    "everything": (["0.0.0.0/0"], "no box can have the address 0.0.0.1"),
    "an address that says all": (["0.0.0.0"], "no box can have the address 0.0.0.0"),
    "broadcasts": (["255.255.255.255"], "no box can have the address 255.255.255.255"),
    "multicast": (["224.0.0.0/24"], "no box can have the address 224.0.0.1"),
    "strangers": (["8.8.8.0/24"], "8.8.8.1 to 8.8.8.254 is of the Internet"),
    "strangers by a digit": (["192.169.1.0/24"], "pass --allow-public if"),
    "own addresses and strangers": (["172.31.255.250-172.32.0.5"], "is of the Internet"),
}


@pytest.mark.parametrize("case", GOOD)
def test_each_address_that_was_named_is_meant_once(case: str) -> None:
    words, number, first, last = GOOD[case]
    meant = networks(words)
    found = list(meant)
    assert (len(meant), found[0], found[-1]) == (number, first, last)
    assert len(set(found)) == len(found) == number
    assert all(each in meant for each in found)
    assert "203.0.113.9" not in meant


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_searched_is_refused_in_one_line(case: str) -> None:
    words, told = BAD[case]
    with pytest.raises(BadNetwork) as refused:
        networks(words)
    assert told in str(refused.value)
    assert str(refused.value).isprintable()


def test_large_networks_are_searched_where_that_is_allowed() -> None:
    assert len(networks(["10.0.0.0/16"], allow_large=True)) == 65534
    with pytest.raises(BadNetwork, match="65536 at most: name smaller networks"):
        networks(["10.0.0.0/15"], allow_large=True)


def test_public_addresses_are_searched_where_that_is_allowed() -> None:
    assert len(networks(["8.8.8.0/24"], allow_public=True)) == 254


def test_nobody_outside_is_connected_to() -> None:
    tried: list[str] = []

    async def dial(host: str, port: int) -> tuple[object, object]:
        tried.append(host)
        return object(), object()

    within = only_within(networks(["10.0.0.1-2"]), dial)  # type: ignore[arg-type]
    asyncio.run(within("10.0.0.2", 80))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="is in no network that was named"):
        asyncio.run(within("10.0.0.3", 80))  # type: ignore[arg-type]
    assert tried == ["10.0.0.2"]
