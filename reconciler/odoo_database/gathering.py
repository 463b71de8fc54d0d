"""What is known of each database now: read anew, or kept from before, as the settings of the cache say.

A cache is read where it is young enough and asked first, and where no answer comes. What Odoo refuses is never replaced
by what it said before: a key may be refused because the customer is somebody else's now.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .errors import OdooRefused, OdooUnreachable
from .kept import Decrypt, Encrypt, KeptContent, in_words, kept, place_of_database, to_keep
from .many import Came
from .reading import OdooContent
from .settings import OdooSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheUse:
    """How a cache is used.

    Args:
        held: what it holds, by `place_of_database`.
        is_first: it is used without asking Odoo, as long as it is young enough.
        seconds: how old that is; 0 for any age.
        is_read: it is read at all; a renewed inventory only writes it.
    """

    held: Mapping[str, Any]
    is_first: bool = True
    seconds: float = 3600
    is_read: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What came of one database.

    Args:
        content: `None` where nothing is known; `problem` says why.
        warning: what is to be known although there is content.
        is_new: it comes from Odoo itself, and belongs into a cache.
    """

    settings: OdooSettings
    content: OdooContent | None = None
    problem: str | None = None
    warning: str | None = None
    is_new: bool = False


def gather(
    databases: Sequence[OdooSettings],
    cache: CacheUse | None,
    decrypt: Decrypt,
    now: datetime,
    read: Callable[[Sequence[OdooSettings]], Sequence[Came]],
) -> tuple[Gathered, ...]:
    """Return what is known of each database, in their order; those that a cache answers for are not asked."""
    known = {each.customer: _kept(each, cache, decrypt) for each in databases}
    asked = [each for each in databases if not _is_enough(known[each.customer], cache, now)]
    came = dict(zip((each.customer for each in asked), read(asked), strict=True))
    return tuple(_one(each, came.get(each.customer), known[each.customer], now) for each in databases)


def to_cache(known: Sequence[Gathered], held: object, now: datetime, encrypt: Encrypt) -> dict[str, Any]:
    """Return what the cache is to hold: what is new, and of the other databases of this file what it held."""
    before = held if isinstance(held, Mapping) else {}
    made: dict[str, Any] = {}
    for each in known:
        place = place_of_database(each.settings)
        if each.is_new and each.content is not None:
            made[place] = to_keep(each.content, now, encrypt)
        elif place in before:
            made[place] = before[place]
    return made


def _kept(settings: OdooSettings, cache: CacheUse | None, decrypt: Decrypt) -> KeptContent | None:
    if cache is None or not cache.is_read:
        return None
    return kept(cache.held.get(place_of_database(settings)), decrypt)


def _is_enough(found: KeptContent | None, cache: CacheUse | None, now: datetime) -> bool:
    if found is None or cache is None or not cache.is_first:
        return False
    is_whole = found.content.uuid is not None
    return is_whole and (cache.seconds == 0 or found.age(now) < cache.seconds)


def _one(settings: OdooSettings, came: Came | None, found: KeptContent | None, now: datetime) -> Gathered:
    if isinstance(came, OdooContent):
        return Gathered(settings=settings, content=came, is_new=True)
    if isinstance(came, OdooRefused):
        return Gathered(settings=settings, problem=str(came))
    if found is None:
        return Gathered(settings=settings, problem=str(came))
    warning = None
    if isinstance(came, OdooUnreachable):
        warning = f"boxes are those of {in_words(found.age(now))} ago, since {came}"
    return Gathered(settings=settings, content=found.content, warning=warning)
