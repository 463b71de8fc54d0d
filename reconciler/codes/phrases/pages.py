"""Why a box's homepage gave no answer that can be used: reasons of ours, which any sentence may hold in its places."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

PAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "page_silent": "no complete answer within {seconds:short} s",
        "page_unreached": "no connection",
        "page_cut_off": "the answer breaks off before its end",
        "page_not_http": "what answers does not speak HTTP",
        "page_not_verified": "its certificate does not prove the name: {reason:or no reason given}",
        "page_too_long": "the answer is longer than {limit} bytes",
        "page_compressed": "the answer is compressed, which no box does",
        "page_status": "{path} answers {status}",
        "page_redirects": "{path} redirects ({status}), which no box does: a login page may stand in between",
        "page_not_json": "the answer to {path} is not JSON",
        "page_strange": "the answer to {path} is not one of a box",
        "page_failed": "the box answers to {path}: {reason:or no reason given}",
        "page_no_hello": "what answers is not the homepage of a box",
        "page_unknown_generation": "the homepage is of a generation that is not known",
        "page_no_bars": "this generation takes no value with | in it",
    }
)
