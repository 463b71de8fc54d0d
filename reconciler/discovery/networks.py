"""Which addresses are meant: networks, ranges and single addresses of IPv4, each address once."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network
from typing import Final

from ..model.errors import PermanentFailure
from ..model.names import shown
from ..net.dial import ByteReader, ByteWriter, Dial

MOST: Final = 1 << 12
"""Addresses of one call, those of a /20; more than any shop has."""
MOST_ALLOWED: Final = 1 << 16
"""The same where large networks are allowed: those of a /16, half an hour of looking."""
_WAY_OUT: Final = "give an IPv4 network such as 192.168.1.0/24, an address, or a range such as 192.168.1.20-40"
_OCTET: Final = 256
_WITHOUT_ENDS: Final = 30
"""Networks up to this length have an address for the network and one for broadcasts, which no box can have."""


class BadNetwork(PermanentFailure):
    """What was given is no network that can be searched; the text says why, and what can."""


_THIS_NETWORK: Final = IPv4Network("0.0.0.0/8")
_OWN: Final = tuple(
    IPv4Network(each)
    for each in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",  # of carriers, and of overlay networks such as Tailscale's
        "169.254.0.0/16",
        "127.0.0.0/8",
        "192.0.2.0/24",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "198.18.0.0/15",
    )
)
"""What is routed nowhere in the Internet (IANA's registry of special addresses, RFC 6890)."""


@dataclass(frozen=True, slots=True)
class Networks:
    """Addresses in order, as spans of the first and the last, which neither meet nor overlap."""

    spans: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return sum(last - first + 1 for first, last in self.spans)

    def __iter__(self) -> Iterator[str]:
        for first, last in self.spans:
            for number in range(first, last + 1):
                yield str(IPv4Address(number))

    def __contains__(self, address: str) -> bool:
        number = int(IPv4Address(address))
        return any(first <= number <= last for first, last in self.spans)


def only_within(meant: Networks, dial: Dial) -> Dial:
    """Return a way of connecting that refuses every address outside, whatever has led there."""

    async def dialled(host: str, port: int) -> tuple[ByteReader, ByteWriter]:
        if host not in meant:
            raise ValueError(f"{host} is in no network that was named")
        return await dial(host, port)

    return dialled


def networks(words: Sequence[str], *, allow_large: bool = False, allow_public: bool = False) -> Networks:
    """Read what the command line names.

    Args:
        allow_large: more addresses than those of a /20, and up to those of a /16.
        allow_public: addresses of the Internet, too.

    Raises:
        BadNetwork: one of the words is none, or all together are too many.
    """
    found = Networks(_merged(_span(word.strip()) for word in words))
    if not allow_public:
        _refuse_public(found)
    most = MOST_ALLOWED if allow_large else MOST
    if len(found) > most:
        way_out = "name smaller networks" if allow_large else "name smaller ones, or pass --allow-large"
        raise BadNetwork(f"{len(found)} addresses are too many for one call, which has {most} at most: {way_out}")
    return found


def _span(word: str) -> tuple[int, int]:
    try:
        first, last = _network(word) if "/" in word else _range(word) if "-" in word else _single(word)
    except ValueError:  # of ipaddress, whose texts quote what was given as it is
        raise BadNetwork(f"{shown(word)} is no network: {_WAY_OUT}") from None
    for each in (first, last):
        if each.is_multicast or each.is_reserved or each.is_unspecified or each in _THIS_NETWORK:
            raise BadNetwork(f"{shown(word)}: no box can have the address {each}")
    return int(first), int(last)


def _network(word: str) -> tuple[IPv4Address, IPv4Address]:
    address, _, length = word.partition("/")
    _refuse_ipv6(word, address)
    base = IPv4Address(address)
    if not length.isascii() or not length.isdigit() or int(length) > base.max_prefixlen:
        raise BadNetwork(f"{shown(word)} is no network: give its length as a number from 0 to 32, such as {base}/24")
    network = IPv4Network((base, int(length)), strict=False)
    if network.network_address != base:
        raise BadNetwork(f"{word} is an address within {network}: give {network} for the network, or {base} alone")
    if int(length) > _WITHOUT_ENDS:
        return network[0], network[-1]
    return network[1], network[-2]


def _range(word: str) -> tuple[IPv4Address, IPv4Address]:
    begin, _, end = word.partition("-")
    _refuse_ipv6(word, begin)
    first = IPv4Address(begin)
    if end.isascii() and end.isdigit():
        if int(end) >= _OCTET:
            raise BadNetwork(f"{shown(word)} is no range: its end is an address, or its last number, below 256")
        last = IPv4Address(int(first) // _OCTET * _OCTET + int(end))
    else:
        last = IPv4Address(end)
    if last < first:
        raise BadNetwork(f"{shown(word)} is no range: it ends before it begins")
    return first, last


def _single(word: str) -> tuple[IPv4Address, IPv4Address]:
    _refuse_ipv6(word, word)
    return IPv4Address(word), IPv4Address(word)


def _refuse_ipv6(word: str, address: str) -> None:
    try:
        ipaddress.IPv6Address(address)
    except ValueError:
        return
    raise BadNetwork(f"{shown(word)} is IPv6, whose networks are too large to be searched: give IPv4 networks")


def _merged(spans: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for first, last in sorted(spans):
        if merged and first <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(merged[-1][1], last)
        else:
            merged.append((first, last))
    return tuple(merged)


def _refuse_public(found: Networks) -> None:
    """Refuse what is not somebody's own network: with one digit less, strangers are searched."""
    for first, last in found.spans:
        if not any(int(own[0]) <= first and last <= int(own[-1]) for own in _OWN):
            raise BadNetwork(
                f"{IPv4Address(first)} to {IPv4Address(last)} is of the Internet, where no boxes are: correct it, "
                "or pass --allow-public if these addresses are yours"
            )
