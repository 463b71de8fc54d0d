"""The links at the two paths of the contract, through which both files lie in one generation."""

from __future__ import annotations

import posixpath

from ...machine.system import Files
from ..paths import CERTIFICATE, CURRENT, GENERATIONS, KEY, Tree


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
