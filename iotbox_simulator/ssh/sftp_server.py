"""File transfer for one client: a program of its own, which gives up root's rights before it listens to anybody.

`python3 -I sftp_server.py HOME UID GID` serves SSH with nothing but SFTP on the socket that is its standard input;
UID and GID are -1 where it stays who it is. Relative paths begin at HOME.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys

import asyncssh


class _Trusting(asyncssh.SSHServer):
    """The other end of the socket is the simulator, which has let the client in."""

    def begin_auth(self, username: str) -> bool:  # noqa: ARG002
        """Ask for nothing."""
        return False


def main(home: str, uid: int, gid: int) -> None:
    """Serve until the other end closes."""
    key = asyncssh.generate_private_key("ssh-ed25519")
    if uid >= 0:
        os.setgroups([])
        os.setresgid(gid, gid, gid)
        os.setresuid(uid, uid, uid)
    os.umask(0o022)
    os.chdir(home)
    asyncio.run(_serve(key))


async def _serve(key: asyncssh.SSHKey) -> None:
    connection = await asyncssh.run_server(
        socket.socket(fileno=os.dup(0)),
        config=None,
        server_factory=_Trusting,
        server_host_keys=[key],
        sftp_factory=True,
        gss_host=None,
    )
    await connection.wait_closed()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
