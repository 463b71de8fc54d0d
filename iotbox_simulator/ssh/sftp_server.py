"""File transfer for one client: a program of its own, which gives up root's rights before it hears of any file.

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

    def __init__(self, home: str, uid: int, gid: int) -> None:
        self._home = home
        self._uid = uid
        self._gid = gid

    def begin_auth(self, username: str) -> bool:  # noqa: ARG002
        """Ask for nothing, and become who serves.

        That is not done earlier: until here modules are still loaded, perhaps from where only root may read.
        """
        if self._uid >= 0:
            os.setgroups([])
            os.setresgid(self._gid, self._gid, self._gid)
            os.setresuid(self._uid, self._uid, self._uid)
        os.umask(0o022)
        os.chdir(self._home)
        return False


async def serve(home: str, uid: int, gid: int) -> None:
    """Serve until the other end closes."""
    connection = await asyncssh.run_server(
        socket.socket(fileno=os.dup(0)),
        config=None,
        server_factory=lambda: _Trusting(home, uid, gid),
        server_host_keys=[asyncssh.generate_private_key("ssh-ed25519")],
        sftp_factory=True,
        gss_host=None,
    )
    await connection.wait_closed()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
