"""Numbers and addresses of the command line, each refused in one line that says what is wanted."""

from __future__ import annotations

import argparse
import ipaddress


class seconds:  # noqa: N801 - reads as a function where it is used, and argparse shows its name
    """A number of seconds within bounds."""

    def __init__(self, least: float, most: float) -> None:
        self._least, self._most = least, most

    def __call__(self, value: str) -> float:
        """Read it."""
        try:
            number = float(value)
        except ValueError:
            number = float("nan")
        if not self._least <= number <= self._most:
            raise argparse.ArgumentTypeError(f"give a number of seconds from {self._least:g} to {self._most:g}")
        return number


class whole:  # noqa: N801 - as above
    """A whole number within bounds."""

    def __init__(self, least: int, most: int) -> None:
        self._least, self._most = least, most

    def __call__(self, value: str) -> int:
        """Read it."""
        if not value.isascii() or not value.isdigit() or not self._least <= int(value) <= self._most:
            raise argparse.ArgumentTypeError(f"give a whole number from {self._least} to {self._most}")
        return int(value)


def dns_server(value: str) -> str | None:
    """Read the address of a DNS server, with its port after `#` where it is not 53; `none` is nobody."""
    if value == "none":
        return None
    address, mark, port = value.partition("#")
    try:
        ipaddress.ip_address(address)
        if mark:
            whole(1, 65535)(port)
    except (ValueError, argparse.ArgumentTypeError):
        raise argparse.ArgumentTypeError("give the IP address of a DNS server, ADDRESS#PORT, or none") from None
    return value
