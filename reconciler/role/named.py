"""Names of strangers in what came of a box: the box itself is told of others nothing but digests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..engine.guard import Directory


def with_names(came: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """Return the module's result with the evidence of its findings as the command would give it.

    Args:
        came: the result; one without a report is returned as it is.
        known: `serials`, `servers` and `databases` of the inventory.
    """
    boxes = came.get("report", {}).get("boxes", [])
    if not boxes:
        return dict(came)
    directory = Directory(serials=known["serials"], servers=known["servers"], databases=known["databases"])
    observed = (boxes[0].get("details") or {}).get("observed") or {}
    serial = observed.get("identity", {}).get("serial")
    server_url = observed.get("store", {}).get("server_url")
    said = str(came["msg"])

    def named(finding: Mapping[str, Any]) -> dict[str, Any]:
        nonlocal said
        before = str(finding["evidence"])
        after = directory.evidence(finding["code"], before, serial=serial, server_url=server_url)
        said = said if after in said else said.replace(before, after)
        return {**finding, "evidence": after}

    box = {**boxes[0], "findings": [named(each) for each in boxes[0]["findings"]]}
    return {
        **came,
        "findings": [named(each) for each in came["findings"]],
        "report": {**came["report"], "boxes": [box]},
        "msg": said,
    }
