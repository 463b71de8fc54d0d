"""What a plan is made from: a case as the checks were given it, and what they found in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..checks.case import Case
from ..codes import CodeName
from ..model.observed import Certificates
from ..model.repair import CopyDirection, RepairKind
from ..results.finding import Finding
from ..results.result import Repair


@dataclass(frozen=True, slots=True)
class Judged:
    """One box, and what is wrong with it.

    Args:
        given: what the checks judged.
        findings: what they found, in their order.
    """

    given: Case
    findings: tuple[Finding, ...]

    @property
    def certificates(self) -> Certificates:
        """What is observed of both trees."""
        return self.given.observed.certificates

    def because(self, codes: Iterable[CodeName]) -> tuple[str, ...]:
        """Return which of the codes were found and can be mended, in the order of the findings."""
        wanted = frozenset(codes)
        found = (each.code for each in self.findings if each.repairable and each.code in wanted)
        return tuple(dict.fromkeys(found))

    def asking_for(self, kind: RepairKind) -> tuple[str, ...]:
        """Return what was found that this repair mends, as the catalogue says, in the order of the findings."""
        found = (each.code for each in self.findings if each.repairable and each.entry.mended_by is kind)
        return tuple(dict.fromkeys(found))

    def stands(self, codes: Iterable[CodeName]) -> bool:
        """Tell whether one of the codes was found, whoever mends it."""
        wanted = frozenset(codes)
        return any(each.code in wanted for each in self.findings)

    @property
    def has_space(self) -> bool:
        """Whether files can be written."""
        return not self.stands({CodeName.DISK_FULL})

    @property
    def nginx_loads(self) -> bool:
        """Whether nginx takes its configuration, and with it the box's own pair."""
        return not self.stands({CodeName.NGINX_CONFIG_BROKEN, CodeName.NGINX_OTHER_CERTIFICATE})

    @property
    def only_vendor_cannot_read(self) -> bool:
        """Whether the certificate is fine, but its own user cannot read it: that takes no new one."""
        return self.certificates.live.problem is None and self.certificates.unreadable is not None

    @property
    def can_fetch(self) -> bool:
        """Whether there is a credential to ask the authority with."""
        return bool(self.given.desired.db_uuid or self.given.observed.store.db_uuid)


def changes_live(repair: Repair) -> bool:
    """Tell whether a repair puts another pair in place, which loads it and proves that it is served."""
    return repair.kind is RepairKind.INSTALL_CERTIFICATE or repair.direction is CopyDirection.MIRROR_TO_LIVE
