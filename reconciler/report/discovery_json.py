"""What a search of networks found as one JSON object; `discovery.schema.json` beside this file says its shape."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from .. import __version__
from ..codes.writing.wording import moment
from ..discovery.certificate import ServedCertificate
from ..discovery.found import NobodyThere, Search
from ..discovery.known import InInventory
from ..printable import printable
from . import discovery_text
from .discovery_text import FoundRow

SCHEMA_VERSION: Final = 1
"""Of this object alone; raised when a reader that understands the version before would be misled."""


def render(search: Search, known: Mapping[str, InInventory] | None, networks: Sequence[str], status: int) -> str:
    """Return the object, keys always in the same order.

    Args:
        known: how each box stands to the inventory, by its address; `None` without one.
        networks: as they were named.
        status: with which the command ends.
    """
    return json.dumps(as_object(search, known, networks, status), indent=2, ensure_ascii=False)


def schema() -> dict[str, Any]:
    """Return the JSON Schema (Draft 2020-12) of what `render` writes."""
    from importlib import resources

    text = (resources.files("reconciler.report") / "discovery.schema.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def as_object(
    search: Search, known: Mapping[str, InInventory] | None, networks: Sequence[str], status: int
) -> dict[str, object]:
    """Return the same as what `json` knows."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "iot-https", "version": __version__},
        "networks": list(networks),
        "started_at": moment(search.began),
        "seconds": round(search.seconds, 3),
        "exit_status": status,
        "ended_early": search.ended_early,
        "summary": _summary(search),
        "boxes": [_box(row) for row in discovery_text.found_rows(search, known)],
        "others": [
            {"address": each.address, "port": each.port, "why": discovery_text.why(each.why)} for each in search.others
        ],
        "not_looked_at": [{"address": each.address, "why": each.why} for each in search.failed],
    }


def _summary(search: Search) -> dict[str, int]:
    return {
        "addresses": len(search.networks),
        "looked_at": len(search.looked) - len(search.failed),
        "boxes": len(search.boxes),
        "others": len(search.others),
        "without_web_server": search.quiet,
        "silent": sum(isinstance(each, NobodyThere) for each in search.looked),
    }


def _box(row: FoundRow) -> dict[str, object]:
    box, of_box = row.box, row.box.said
    return {
        "address": box.address,
        "generation": of_box.generation if of_box else None,
        "image": _said(of_box.image if of_box else None),
        "system": of_box.system if of_box else None,
        "identifier": _said(box.identifier.value if box.identifier else None),
        "identifier_kind": box.identifier.kind.value if box.identifier else None,
        "same_identifier": list(row.twins),
        "linked": of_box.linked if of_box else None,
        "server": _said(of_box.server if of_box else None),
        "credentials": of_box.credentials if of_box else None,
        "homepage_port": box.port,
        "https": box.https.value,
        "certificate": _certificate(box.certificate, row.now) if box.certificate else None,
        "ssh": box.ssh.value,
        "host_key": _said(box.host_key),
        "connection": "homepage" if box.wants_homepage else "ssh",
        "inventory": _inventory(row.inventory) if row.inventory else None,
    }


def _certificate(served: ServedCertificate, now: datetime) -> dict[str, object]:
    return {
        "temporary": served.temporary,
        "names": [printable(each) for each in served.names],
        "not_after": moment(served.not_after),
        "days_left": served.days_left(now),
        "trusted": served.trusted,
        "name": _said(served.public_name),
        "resolves": served.resolves,
    }


def _inventory(known: InInventory) -> dict[str, object]:
    return {"relation": known.relation.value, "name": known.name}


def _said(text: str | None) -> str | None:
    return None if text is None else printable(text)
