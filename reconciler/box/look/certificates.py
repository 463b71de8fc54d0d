"""Look at both copies of the certificate pair: can nginx load it, will clients accept it, can the box renew it."""

from __future__ import annotations

from dataclasses import replace

from ...machine.system import FileKind, Files, System
from ...machine.walking import obstacle, walk
from ...model.certificate_name import client_name
from ...model.observed import Certificates, Pair
from ...model.statement import Statement
from ..context import Box
from ..pair.reading import loadable_pair, trusted_roots
from ..pair.trial import try_chain
from ..paths import CERTIFICATE, KEY, Tree
from ..services.nginx import served

_WORLD_READABLE = 0o004


def observe_certificates(box: Box, host: str) -> Certificates:
    """Observe the pair of every tree, who can write it, and what nginx serves.

    Args:
        host: first label of the box's public name, the dashed address.
    """
    system, trees = box.system, box.trees
    roots = trusted_roots(system)
    pair = observe_pair(system, box.live, roots, host)
    leaf = pair.certificate
    name = client_name(host, leaf.name if leaf else None)
    fingerprint, error = served(system, box.deadline, box.desired.https_port, name)
    return Certificates(
        live=pair,
        mirror=observe_pair(system, box.persistent, roots, host) if box.persistent != box.live else None,
        unreadable=_unreadable(system, box.live, box.layout.service_user),
        not_renewable=_obstacles(system, trees, box.layout.service_user),
        exposed_keys=_exposed(system, trees),
        served=fingerprint,
        serve_error=error,
    )


def observe_pair(files: Files, tree: Tree, roots: bytes, host: str) -> Pair:
    """Read the pair of one tree, and judge it as a client would."""
    pair, loadable = loadable_pair(files, tree)
    if loadable is None or loadable.leaf.temporary:
        return pair
    tried = try_chain(loadable, roots, host)
    return replace(pair, chain=tried.chain, chain_detail=tried.chain_detail, narrowed_by=tried.narrowed_by)


def _unreadable(system: System, live: Tree, service_user: str) -> Statement | None:
    met = obstacle(system, live.path(CERTIFICATE), system.user(service_user), reading=True)
    return met.seen if met else None


def _obstacles(system: System, trees: tuple[Tree, ...], service_user: str) -> tuple[Statement, ...]:
    user = system.user(service_user)
    paths = [tree.path(path) for tree in trees for path in (CERTIFICATE, KEY)]
    found = (obstacle(system, path, user) for path in paths)
    return tuple(each.seen for each in found if each)


def _exposed(files: Files, trees: tuple[Tree, ...]) -> tuple[str, ...]:
    return tuple(path for path in (tree.path(KEY) for tree in trees) if _readable_by_world(files, path))


def _readable_by_world(files: Files, path: str) -> bool:
    try:
        walked = walk(files, path)
    except OSError:
        return False
    passable = all(directory.mode & 0o001 for directory in walked.directories.values())
    return walked.status.kind is FileKind.FILE and bool(walked.status.mode & _WORLD_READABLE) and passable
