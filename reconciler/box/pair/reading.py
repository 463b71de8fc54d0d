"""Read the pair of one tree, and the authorities that the box trusts."""

from __future__ import annotations

from dataclasses import replace

from ...machine.reading import read
from ...machine.system import Files
from ...model.observed import Pair, PairProblem
from ...model.statement import told
from ..paths import CERTIFICATE, KEY, TRUSTED_ROOTS, Tree
from .links import generation
from .parse import BadPair, PemPair, describe, digest, parse_chain, parse_pair

FILE_LIMIT = 1 << 20
"""Bytes. nginx reads a file of any length; with all the text that people keep beside a pair it has a few KiB."""
_ROOTS_LIMIT = 1 << 22


def read_pair(files: Files, tree: Tree) -> Pair:
    """Read the pair of one tree, and say whether nginx could load it; what clients think of it stays open."""
    return loadable_pair(files, tree)[0]


def loadable_pair(files: Files, tree: Tree) -> tuple[Pair, PemPair | None]:
    """Return the same, and the pair itself where nginx could load it."""
    certificate_pem, error = read(files, tree.path(CERTIFICATE), FILE_LIMIT)
    if certificate_pem is None:
        missing, unreadable = PairProblem.CERTIFICATE_MISSING, PairProblem.CERTIFICATE_UNREADABLE
        problem = missing if error is None else unreadable
        return Pair(problem=problem, detail=error or told(tree.path(CERTIFICATE))), None
    key_pem, error = read(files, tree.path(KEY), FILE_LIMIT)
    if key_pem is None:
        missing, unreadable = PairProblem.KEY_MISSING, PairProblem.KEY_UNREADABLE
        problem = missing if error is None else unreadable
        return replace(_certificate_only(certificate_pem), problem=problem, detail=error or told(tree.path(KEY))), None
    found, loadable = _judge(certificate_pem, key_pem)
    return replace(found, digest=digest(certificate_pem, key_pem), generation=generation(files, tree)), loadable


def _judge(certificate_pem: bytes, key_pem: bytes) -> tuple[Pair, PemPair | None]:
    try:
        loadable = parse_pair(certificate_pem, key_pem)
    except BadPair as error:
        return replace(_certificate_only(certificate_pem), problem=error.problem, detail=error.statement), None
    return Pair(certificate=loadable.leaf), loadable


def trusted_roots(files: Files, ca_file: str | None = None) -> bytes:
    """Return the PEM of everything this box trusts; an empty answer makes every chain untrusted."""
    roots, _ = read(files, TRUSTED_ROOTS, _ROOTS_LIMIT)
    extra, _ = read(files, ca_file, FILE_LIMIT) if ca_file else (None, None)
    return b"\n".join(part for part in (roots, extra) if part)


def _certificate_only(certificate_pem: bytes) -> Pair:
    try:
        return Pair(certificate=describe(parse_chain(certificate_pem)[0]))
    except BadPair as error:
        return Pair(problem=error.problem, detail=error.statement)
