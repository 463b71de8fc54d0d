"""SSH servers of simulated boxes: one address and one host key each, all in one process.

    async with serve_ssh(live, ("127.0.0.1", 0), Access(keys=(key,))) as box:
        box.switch_on(SshFault.STALLS)

`SshHost` serves a fleet: its boxes share threads, scratch folders and options.
"""

from .access import Access
from .box import SshBox
from .faults import SshFault
from .host import SshHost, serve_ssh

__all__ = ["Access", "SshBox", "SshFault", "SshHost", "serve_ssh"]
