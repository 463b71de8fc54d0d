"""The box's own DNS servers: who writes them, what they are now and after a reboot, and whether they work."""

from __future__ import annotations

from functools import partial

from ...machine.reading import read
from ...machine.reason import without_path
from ...machine.system import FileKind, System
from ...model.observed import ResolverOwner, Resolvers
from ...model.statement import Statement, say
from ..context import Box
from ..paths import NM_SNIPPET, RESOLV_CONF, Tree
from . import files as resolver_files
from .signs import left, running

_LOOKUP_SECONDS = 6.0
"""glibc asks a dead server for 5 s before it tries the next."""


def observe_resolvers(box: Box) -> Resolvers:
    """Observe all of it; the lookup is of the authority's name, which the box needs most."""
    content, _ = read(box.system, RESOLV_CONF)
    live = resolver_files.parse_resolv_conf(content or b"").nameservers
    who, sign = _writer(box, content or b"")
    works, error = lookup(box)
    return Resolvers(
        owner=who, sign=sign, live=live, persistent=_persistent(box, who, live), resolves=works, error=error
    )


def _writer(box: Box, content: bytes) -> tuple[ResolverOwner, Statement | None]:
    """Return who writes the file, and what shows it."""
    link, seen = _link(box.system), left(box.system)
    decide = partial(
        resolver_files.owner,
        link,
        content,
        nm_running=_network_manager_runs(box),
        nm_dns=resolver_files.network_manager_dns(_network_manager_files(box.system)),
    )
    who = decide(signs=seen)
    if who is ResolverOwner.STATIC:  # only then does it matter who runs
        seen = running(box.system)
        who = decide(signs=seen)
    return who, resolver_files.sign(link, content, seen, who)


def lookup(box: Box) -> tuple[bool, Statement | None]:
    """Resolve the authority's name as every program of the box would."""
    host = box.authority_host
    try:
        box.system.resolve(host, box.deadline.within(_LOOKUP_SECONDS))
    except OSError as error:
        return False, say("at_path", path=host, why=without_path(error))
    return True, None


def _persistent(box: Box, who: ResolverOwner, live: tuple[str, ...]) -> tuple[str, ...] | None:
    if who is ResolverOwner.STATIC:
        content, error = read(box.system, box.persistent.path(RESOLV_CONF))
        return None if error else resolver_files.parse_resolv_conf(content or b"").nameservers
    if who is ResolverOwner.NETWORK_MANAGER:
        return _from_snippet(box.system, box.persistent, live)
    return None


def _from_snippet(system: System, tree: Tree, live: tuple[str, ...]) -> tuple[str, ...] | None:
    """Without a snippet of ours NetworkManager gives the box what it gave it now."""
    content, error = read(system, tree.path(NM_SNIPPET))
    if error:
        return None
    return live if content is None else resolver_files.parse_global_dns(content)


def _link(system: System) -> str | None:
    try:
        return system.read_link(RESOLV_CONF) if system.status(RESOLV_CONF).kind is FileKind.LINK else None
    except FileNotFoundError:
        return None


def _network_manager_runs(box: Box) -> bool:
    asked = box.system.run(("systemctl", "is-active", "NetworkManager"), box.deadline.within(10.0))
    return asked.output.strip() == "active"


def _network_manager_files(system: System) -> dict[str, bytes]:
    files = {}
    snippets = (path for folder in resolver_files.NM_FOLDERS for path in _snippets(system, folder))
    for path in (resolver_files.NM_MAIN, *snippets):
        content, _ = read(system, path)
        if content is not None:
            files[path] = content
    return files


def _snippets(system: System, folder: str) -> tuple[str, ...]:
    try:
        return tuple(f"{folder}/{name}" for name in system.list(folder) if name.endswith(".conf"))
    except (FileNotFoundError, NotADirectoryError):
        return ()
