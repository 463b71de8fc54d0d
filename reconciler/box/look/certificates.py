"""Look at both copies of the certificate pair: can nginx load it, will clients accept it, can the box renew it."""

from __future__ import annotations

import posixpath
from dataclasses import replace

from ...machine.system import FileKind, Files, System
from ...model.certificate_name import client_name
from ...model.observed import Certificates, Pair, PairProblem
from ..context import Box
from ..pair.parse import BadPair, PemPair, describe, describe_above, digest, parse_chain, parse_pair
from ..pair.trial import narrowing, try_on_client
from ..paths import CERTIFICATE, CURRENT, GENERATIONS, KEY, TRUSTED_ROOTS, Tree, obstacle, walk
from ..services.nginx import served

FILE_LIMIT = 1 << 20
"""Bytes. nginx reads a file of any length; with all the text that people keep beside a pair it has a few KiB."""
_ROOTS_LIMIT = 1 << 22
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
    pair, loadable = _read_pair(files, tree)
    if loadable is None or loadable.leaf.temporary:
        return pair
    tried = try_chain(loadable, roots, host)
    return replace(pair, chain=tried.chain, chain_detail=tried.chain_detail, narrowed_by=tried.narrowed_by)


def read_pair(files: Files, tree: Tree) -> Pair:
    """Read the pair of one tree, and say whether nginx could load it; what clients think of it stays open."""
    return _read_pair(files, tree)[0]


def generation(files: Files, tree: Tree) -> str | None:
    """Return the name of the generation that both files are links into, or None for plain files."""
    links = {CERTIFICATE: link_target(CERTIFICATE), KEY: link_target(KEY)}
    try:
        if any(files.read_link(tree.path(path)) != target for path, target in links.items()):
            return None
        return files.read_link(tree.path(f"{GENERATIONS}/{CURRENT}"))
    except OSError:
        return None


def link_target(path: str) -> str:
    """Return what the link at one of the two paths says: relative, so that it holds in both trees."""
    up = "../" * (posixpath.dirname(path).count("/") - GENERATIONS.count("/") + 1)
    return f"{up}{posixpath.basename(GENERATIONS)}/{CURRENT}/{posixpath.basename(path)}"


def trusted_roots(files: Files, ca_file: str | None = None) -> bytes:
    """Return the PEM of everything this box trusts; an empty answer makes every chain untrusted."""
    roots, _ = read(files, TRUSTED_ROOTS, _ROOTS_LIMIT)
    extra, _ = read(files, ca_file, FILE_LIMIT) if ca_file else (None, None)
    return b"\n".join(part for part in (roots, extra) if part)


def read(files: Files, path: str, limit: int = FILE_LIMIT) -> tuple[bytes | None, str | None]:
    """Return the content, or None and the reason; the reason is None too where there is no such file."""
    try:
        return files.read(path, limit), None
    except FileNotFoundError:
        return None, None
    except OSError as error:
        return None, f"{path}: {error.strerror}"


def _read_pair(files: Files, tree: Tree) -> tuple[Pair, PemPair | None]:
    certificate_pem, error = read(files, tree.path(CERTIFICATE))
    if certificate_pem is None:
        missing, unreadable = PairProblem.CERTIFICATE_MISSING, PairProblem.CERTIFICATE_UNREADABLE
        return Pair(problem=missing if error is None else unreadable, detail=error or tree.path(CERTIFICATE)), None
    key_pem, error = read(files, tree.path(KEY))
    if key_pem is None:
        missing, unreadable = PairProblem.KEY_MISSING, PairProblem.KEY_UNREADABLE
        problem = missing if error is None else unreadable
        return replace(_certificate_only(certificate_pem), problem=problem, detail=error or tree.path(KEY)), None
    found, loadable = _judge(certificate_pem, key_pem)
    return replace(found, digest=digest(certificate_pem, key_pem), generation=generation(files, tree)), loadable


def _judge(certificate_pem: bytes, key_pem: bytes) -> tuple[Pair, PemPair | None]:
    try:
        loadable = parse_pair(certificate_pem, key_pem)
    except BadPair as error:
        return replace(_certificate_only(certificate_pem), problem=error.problem, detail=str(error)), None
    return Pair(certificate=loadable.leaf), loadable


def try_chain(pair: PemPair, roots: bytes, host: str) -> Pair:
    """Judge a pair as a client does that asks for this box by its public name; dates are told, not judged."""
    name = client_name(host, pair.leaf.name)
    chain, detail = try_on_client(pair, roots, name)
    narrowed_by = tuple(map(describe_above, narrowing(pair, roots, name)))
    return Pair(certificate=pair.leaf, chain=chain, chain_detail=detail, narrowed_by=narrowed_by)


def _certificate_only(certificate_pem: bytes) -> Pair:
    try:
        return Pair(certificate=describe(parse_chain(certificate_pem)[0]))
    except BadPair as error:
        return Pair(problem=error.problem, detail=str(error))


def _unreadable(system: System, live: Tree, service_user: str) -> str | None:
    met = obstacle(system, live.path(CERTIFICATE), system.user(service_user), reading=True)
    return met.words if met else None


def _obstacles(system: System, trees: tuple[Tree, ...], service_user: str) -> tuple[str, ...]:
    user = system.user(service_user)
    paths = [tree.path(path) for tree in trees for path in (CERTIFICATE, KEY)]
    found = (obstacle(system, path, user) for path in paths)
    return tuple(each.words for each in found if each)


def _exposed(files: Files, trees: tuple[Tree, ...]) -> tuple[str, ...]:
    return tuple(path for path in (tree.path(KEY) for tree in trees) if _readable_by_world(files, path))


def _readable_by_world(files: Files, path: str) -> bool:
    try:
        walked = walk(files, path)
    except OSError:
        return False
    passable = all(directory.mode & 0o001 for directory in walked.directories.values())
    return walked.status.kind is FileKind.FILE and bool(walked.status.mode & _WORLD_READABLE) and passable
