"""Normalise server addresses over a whole inventory, so that customers are compared by servers, not by spellings."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..model.urls import server
from .entry import Entry


def with_one_address_each(entries: Iterable[Entry]) -> list[Entry]:
    """Return the entries, in whose identities a server has one address: the first that is https, or else the first.

    What an entry declares stays as it is: this is only by what boxes are told apart.
    """
    known = list(entries)
    chosen: dict[str, str] = {}
    for url in filter(None, (each.identity.server_url for each in known)):
        key = server(url) or url
        if key not in chosen or (url.startswith("https:") and not chosen[key].startswith("https:")):
            chosen[key] = url
    return [_with_address(each, chosen) for each in known]


def _with_address(entry: Entry, chosen: dict[str, str]) -> Entry:
    url = entry.identity.server_url
    if url is None or chosen[server(url) or url] == url:
        return entry
    return replace(entry, identity=replace(entry.identity, server_url=chosen[server(url) or url]))
