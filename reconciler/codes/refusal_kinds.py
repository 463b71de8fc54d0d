"""What www.odoo.com says when it refuses, as an enumeration: each kind has its own way out.

Its texts are not published and may change. So each kind goes by the words that it cannot do without, and a text that
fits none, or more than one, is of no kind: then the remedy of the code stands, which names them all.
"""

from __future__ import annotations

import re
from typing import Final

from ..model.code_name import Variant

_LONGEST: Final = 400
"""Characters of a text that are looked at."""
_LACKS: Final = r"without|missing|needs?|requires?|lacks?"
_ENDED: Final = r"expired|ended|closed|cancell?ed|suspended|paused|not (?:yet )?(?:ongoing|active|in progress)"
_COPY: Final = r"cop(?:y|ied)|duplicated?|cloned?|staging|neutrali[sz]ed|test(?:ing)?|not (?:a |in )?production"
_UNKNOWN: Final = r"unknown|not (?:be )?(?:found|known|registered|recogni[sz]ed)|does not exist|invalid|no such"
_DATABASE: Final = r"databases?|db[_ ]?uuid|uuid|instance"
_CONTRACT: Final = r"enterprise[_ ]code|contract(?: number)?|subscription code"
_OTHER: Final = r"(?:does|do) not (?:match|belong)|mismatch|another (?:database|contract)|" + _UNKNOWN

_WORDS: Final = tuple(
    (kind, re.compile(rf"\b(?:{words})\b", re.IGNORECASE))
    for kind, words in (
        (Variant.NO_IOT_SUBSCRIPTION, rf"(?:no|{_LACKS})\b[^.]*\biot\b[^.]*\bsubscription"),
        (Variant.NO_IOT_SUBSCRIPTION, rf"subscription\b[^.]*\b(?:no|not|{_LACKS})\b[^.]*\biot"),
        (Variant.NO_IOT_SUBSCRIPTION, r"iot\b[^.]*\bsubscription\b[^.]*\b(?:missing|required|needed|not found)"),
        (Variant.NOT_IN_PROGRESS, rf"(?:subscription|contract)\b[^.]*\b(?:{_ENDED})"),
        (Variant.NOT_IN_PROGRESS, r"(?:expired|closed|no (?:active|ongoing|valid)) (?:subscription|contract)"),
        (Variant.UNKNOWN_DATABASE, rf"(?:{_DATABASE})\b[^.]*\b(?:{_UNKNOWN})"),
        (Variant.UNKNOWN_DATABASE, rf"(?:{_UNKNOWN}) (?:{_DATABASE})"),
        (Variant.NOT_PRODUCTION, rf"(?:{_COPY})\b[^.]*\b(?:{_DATABASE})"),
        (Variant.NOT_PRODUCTION, rf"(?:{_DATABASE})\b[^.]*\b(?:{_COPY})"),
        (Variant.OTHER_CONTRACT, rf"(?:{_CONTRACT})\b[^.]*\b(?:{_OTHER})"),
        (Variant.OTHER_CONTRACT, rf"(?:{_UNKNOWN}|wrong) (?:{_CONTRACT})"),
        (Variant.ASKED_TOO_OFTEN, r"too many (?:requests|certificates|attempts)|rate limit(?:ed)?|try again later"),
        (Variant.SERVER_ERROR, r"server error"),
    )
)


def kind_of(text: str) -> Variant | None:
    """Return which kind of refusal a text of www.odoo.com is, `None` where it is not clear."""
    kinds = {kind for kind, words in _WORDS if words.search(text[:_LONGEST])}
    return kinds.pop() if len(kinds) == 1 else None
