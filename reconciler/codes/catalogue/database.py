"""Codes about the database that a box belongs to, as far as a certificate hangs on it. Only a diagnosis asks."""

from __future__ import annotations

from typing import Final

from ...model.code_name import CodeName
from ...model.severity import FindingClass, Severity
from ...model.step_name import StepName
from ..entry import Code, Origin

CODES: Final = (
    Code(
        name=CodeName.DATABASE_UNREACHABLE,
        severity=Severity.ERROR,
        finding_class=FindingClass.BLOCKED,
        step=StepName.DATABASE,
        title="The box cannot reach its database",
        cause="The server is down, has moved, or a firewall keeps the box from it. Boxes of Odoo 19 give up for good "
        "when they cannot reach it at their start: they ask for no certificate then.",
        remedy="Open the database in a browser of the same shop. If that works, let the box out to it; if it does not, "
        "the database or the shop's Internet is down. Afterwards restart Odoo on the box.",
        shows="the host of the database, and what happened to the connection",
        origin=Origin.INQUIRY,
        sentences={"unreached": "{host}: {reason}"},
    ),
    Code(
        name=CodeName.DATABASE_COPIED,
        severity=Severity.WARNING,
        finding_class=FindingClass.BLOCKED,
        step=StepName.ELIGIBILITY,
        title="The inventory has the same database under two addresses",
        cause="One of the two is a copy: a duplicate keeps the UUID unless it is neutralised, and Odoo gives "
        "certificates to the production database only.",
        remedy="Find out which of the addresses is the production database and link the boxes to that one. A copy that "
        "stays needs a UUID of its own and gets no certificate.",
        shows="the addresses that the inventory gives to databases of the same UUID; never the UUID",
        origin=Origin.INQUIRY,
        sentences={"same_uuid": "{server} and {others} have the same database UUID in the inventory"},
    ),
    Code(
        name=CodeName.DATABASE_FOR_TESTS,
        severity=Severity.WARNING,
        finding_class=FindingClass.BLOCKED,
        step=StepName.ELIGIBILITY,
        title="The database looks like one for tests",
        cause="Its address is one that staging, development or test databases have. Odoo gives certificates to the "
        "production database only: not to a copy, a duplicate, a staging or a development environment.",
        remedy="If it is not the production database, link the box to that one. If it is, nothing has to be done: the "
        "address is only a hint, what counts is what www.odoo.com answers.",
        shows="the address, and what in it says so",
        origin=Origin.INQUIRY,
        sentences={
            "of_odoo_sh": "{server}: databases below {domain} are staging or development branches of Odoo.sh",
            "named": "{server}: its name has {word} in it",
        },
    ),
)
