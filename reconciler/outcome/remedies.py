"""What to do about a finding that is left, where the run itself knows better than the catalogue: it has just tried.

The catalogue tells what a repair will do. After a repair that promise would be an empty one.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..codes import CodeName, Trait
from ..model.repair import RepairKind
from ..results.finding import Finding, Reader
from ..results.result import IN_VAIN, RepairStatus, Result

MENDED: Final = "reconcile fixes this"
_TICKET: Final = (
    "If this goes on until the certificate is overdue, open a ticket at https://www.odoo.com/help and give the date on "
    "which the certificate ends."
)
GIVEN: Final = (
    "www.odoo.com gave this very certificate in this run, so it has none that lasts longer: it is asked again after 12 "
    f"hours. {_TICKET}"
)
NOTHING_NEWER: Final = (
    "www.odoo.com was asked within the last 12 hours and has no other certificate yet: it is asked again after that. "
    f"{_TICKET}"
)
REFUSED: Final = (
    "This run asked for a certificate and got none that can be used. Fix the reason that is listed with this finding, "
    "then run again."
)
FAILED: Final = (
    "This run tried to repair it and did not succeed. Fix the reason that is listed with this finding, then run again."
)


def remedy(
    result: Result | None, findings: Sequence[Finding], finding: Finding, reader: Reader = Reader.COMMAND
) -> str:
    """Return what a person does about a finding.

    Args:
        findings: all that was found on the box, this one among them.
    """
    if result is None or not finding.repairable:
        return finding.remedy_for(reader)
    if finding.has(Trait.AWAITS_AUTHORITY) and any(each.code == CodeName.NOTHING_NEWER for each in findings):
        return NOTHING_NEWER
    if finding.has(Trait.AWAITS_AUTHORITY) and _installed(result):
        return GIVEN
    tried = (each for each in result.outcomes if finding.code in each.repair.because)
    in_vain = {each.repair.kind for each in tried if each.status in IN_VAIN}
    if RepairKind.FETCH_CERTIFICATE in in_vain:
        return REFUSED
    return FAILED if in_vain else finding.remedy_for(reader)


def _installed(result: Result) -> bool:
    """Tell whether a pair that was fetched in this run is in place."""
    kind = RepairKind.INSTALL_CERTIFICATE
    return any(each.repair.kind is kind and each.status is RepairStatus.DONE for each in result.outcomes)
