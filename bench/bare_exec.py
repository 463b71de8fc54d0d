"""The floor: log in to each box with asyncssh and run `true`. `bare_exec.py KEY KNOWN_HOSTS NAME=ADDRESS...`."""

from __future__ import annotations

import asyncio
import sys

import asyncssh


async def visit(name: str, address: str, key: asyncssh.SSHKey, known: asyncssh.SSHKnownHosts) -> None:
    """Log in, run `true`, log out."""
    options = {"username": "pi", "client_keys": [key], "known_hosts": known, "host_key_alias": name, "config": None}
    async with asyncssh.connect(address, **options) as connection:
        await connection.run("true", check=True)


async def main(key_file: str, known_hosts: str, boxes: list[str]) -> None:
    """Visit all boxes at once."""
    key, known = asyncssh.read_private_key(key_file), asyncssh.read_known_hosts(known_hosts)
    pairs = (box.split("=") for box in boxes)
    await asyncio.gather(*(visit(name, address, key, known) for name, address in pairs))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
