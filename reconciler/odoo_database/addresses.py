"""Where a box is, by what Odoo has of it: an address of another machine, never one of the control machine."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from typing import Final

from ..model.names import LONGEST_HOST, means_here
from ..model.urls import split_web
from .settings import BoxNetwork

_OF_CERTIFICATE: Final = re.compile(r"(\d{1,3})-(\d{1,3})-(\d{1,3})-(\d{1,3})\.[a-z0-9.-]+", re.IGNORECASE)
"""A name below the wildcard of a certificate, which begins with the address of the box."""
_LABEL: Final = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class BadAddress(Exception):
    """Nothing can be connected to under an address; the text goes after what it is about."""


def usable_address(value: str, networks: Sequence[BoxNetwork] = ()) -> str:
    """Return where to connect to.

    The name that a box has below its certificate begins with its address, which is taken: many networks do not look
    such names up.

    Args:
        value: an address, a name, or a web address with one of these.
        networks: where it has to be; a name is in none of them. Empty for anywhere.

    Raises:
        BadAddress: it is none, or none that a box can have.
    """
    text = _host(value)
    address = _address(text)
    if address is not None:
        _refuse_unfit(address, networks)
        return str(address)
    if not _is_name(text):
        raise BadAddress("is no address and no name of a machine")
    if networks:
        raise BadAddress("is a name, and networks allows addresses only")
    return text.lower()


def _host(value: str) -> str:
    text = value.strip()
    if "://" not in text:
        return text
    parts = split_web(text)
    return "" if parts is None else parts.hostname or ""


def _address(text: str) -> Address | None:
    shown = _OF_CERTIFICATE.fullmatch(text)
    try:
        return ipaddress.ip_address(".".join(shown.groups()) if shown else text)
    except ValueError:
        return None


def _refuse_unfit(address: Address, networks: Sequence[BoxNetwork]) -> None:
    mapped = getattr(address, "ipv4_mapped", None)
    if mapped is not None or getattr(address, "scope_id", None) is not None:
        raise BadAddress("is written in a way that boxes do not use")
    if address.is_loopback or address.is_unspecified or address.is_multicast or address.is_link_local:
        raise BadAddress("is no address of another machine")
    if networks and not any(address in each for each in networks):
        raise BadAddress("is in none of networks")


def _is_name(text: str) -> bool:
    """Tell whether it is a name that is looked up, and not a number that some programs take for an address."""
    labels = text.split(".")
    is_number = not labels[-1][:1].isalpha()
    return len(text) <= LONGEST_HOST and not is_number and not means_here(text) and all(map(_LABEL.fullmatch, labels))
