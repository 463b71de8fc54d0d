"""Which step of the chain a finding breaks, and what the vendor's page calls it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ..codes import CATALOGUE, CodeName
from ..codes.repairs import REPAIRS
from ..model.part import Part
from ..model.repair import RepairKind
from ..model.step_name import StepName
from ..results.finding import Finding

_OF_PARTS: Final[Mapping[Part, StepName]] = MappingProxyType(
    {
        Part.CLOCK: StepName.CLOCK,
        Part.STORE: StepName.LINK,
        Part.RESOLVERS: StepName.BOX_DNS,
        Part.CERTIFICATES_SERVED: StepName.SERVED,
        Part.CERTIFICATES: StepName.FILES,
        Part.DISK: StepName.FILES,
        Part.MEMORY: StepName.FILES,
        Part.NGINX: StepName.NGINX,
        Part.ODOO: StepName.ODOO,
        Part.OUTSIDE: StepName.OUTSIDE,
    }
)
"""The step of a part that was not observed, the closest first; without any other part a box cannot be judged."""

_GENERATION: Final = "the-https-certificate-does-not-generate"
_BY_NAME: Final = "the-iot-system-s-homepage-can-be-accessed-using-its-ip-address-but-not-the-xxx-odoo-iot-com-url"
_ANCHORS: Final[Mapping[StepName, str]] = MappingProxyType(
    {
        StepName.ACCESS_POINT: "err-iot-https-check-no-server",
        StepName.LINK: "err-iot-https-check-no-server",
        StepName.CREDENTIALS: "err-iot-https-load-no-credential",
        StepName.BOX_DNS: "err-iot-https-load-request-exception",
        StepName.AUTHORITY: "err-iot-https-load-request-exception",
        StepName.SITE: "err-iot-https-load-request-status",
        StepName.ELIGIBILITY: "iot-https-certificate-iot-iot-eligibility",
        StepName.FILES: "iot-https-certificate-iot-generation",
        StepName.CLIENT_DNS: _BY_NAME,
        StepName.OUTSIDE: _BY_NAME,
    }
)


def step_of(finding: Finding) -> StepName:
    """Return the step that a finding breaks; what was not observed breaks that of its part."""
    if finding.code is CodeName.NOT_OBSERVED:
        part = next((each for each in Part if each == finding.value("part")), None)
        return finding.entry.step if part is None else _of_part(part)
    if finding.code in (CodeName.REPAIR_FAILED, CodeName.REPAIR_UNDONE):
        kind = next((each for each in RepairKind if each == finding.value("repair")), None)
        return finding.entry.step if kind is None else REPAIRS[kind].step
    return finding.entry.step


def _of_part(part: Part) -> StepName:
    return next((step for each, step in _OF_PARTS.items() if part.is_within(each)), StepName.REACHABLE)


def anchor_of(step: StepName, code: str | None = None) -> str:
    """Return the place on the vendor's page up to 18.0 that speaks of a code, or else of its step."""
    entry = CATALOGUE.get(code or "")
    return (entry.anchor if entry else None) or _ANCHORS.get(step, _GENERATION)
