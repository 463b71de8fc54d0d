"""What can be known of a refusal before anybody asks: a database that is a copy, or one for tests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from ..codes import CodeName
from ..model.desired import Desired
from ..model.observed import Observed
from ..model.statement import Statement, say
from ..model.urls import origin
from ..results.finding import Finding, finding

_WORDS: Final = "staging|stage|stg|test|tests|testing|dev|devel|development|preprod|uat|sandbox|copy|duplicate|runbot"
_LABEL: Final = re.compile(rf"(?:^|[.-])(?:{_WORDS})\d*(?:[.-]|$)", re.IGNORECASE)
_ODOO_SH: Final = ".dev.odoo.com"
"""Staging and development branches of Odoo.sh have their databases below this; production is below odoo.com."""


def hints(desired: Desired, observed: Observed) -> Iterator[Finding]:
    """Yield what makes a refusal likely; of no interest where the authority has given a certificate."""
    server = origin((observed.store.server_url or "").strip()) or desired.server_url
    if desired.copies and server is not None:
        yield finding(CodeName.DATABASE_COPIED, say("same_uuid", server=server, others=desired.copies))
    if server is not None and (why := looks_like_tests(server)) is not None:
        yield finding(CodeName.DATABASE_FOR_TESTS, why)


def looks_like_tests(server: str) -> Statement | None:
    """Return what in the address of a database says that it is not for production."""
    host = (urlsplit(server).hostname or "").lower()
    if host.endswith(_ODOO_SH):
        return say("of_odoo_sh", server=server, domain=_ODOO_SH[1:])
    found = _LABEL.search(host.rpartition(".")[0])  # a top-level domain says nothing: .dev is for everybody
    return say("named", server=server, word=found[0].strip(".-")) if found else None
