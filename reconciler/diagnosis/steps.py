"""Which step of the chain each code breaks, and what the vendor's page calls it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from ..codes import CATALOGUE, CodeName
from ..codes.connection import CODES as CONNECTION
from ..model.repair import RepairKind
from ..model.statement import Value
from ..results.diagnosis import StepName
from ..results.finding import Finding

C = CodeName
_BY_STEP: Final[dict[StepName, tuple[CodeName, ...]]] = {
    StepName.REACHABLE: (
        *(code.name for code in CONNECTION),
        C.BUSY,
        C.UNSUPPORTED_LAYOUT,
        C.UNSUPPORTED_PYTHON,
        C.WRONG_BOX,
        C.NOT_OBSERVED,
    ),
    StepName.CLOCK: (C.WRONG_CLOCK,),
    StepName.ACCESS_POINT: (C.ACCESS_POINT_MODE,),
    StepName.LINK: (
        C.STORE_UNREADABLE,
        C.STORE_MALFORMED,
        C.CHECK_NO_SERVER,
        C.LINKED_ELSEWHERE,
        C.SERVER_DIFFERS,
        C.DB_NAME_DIFFERS,
        C.STORE_WARNING,
    ),
    StepName.DATABASE: (C.DATABASE_UNREACHABLE,),
    StepName.CREDENTIALS: (C.LOAD_NO_CREDENTIAL, C.CREDENTIALS_DIFFER),
    StepName.BOX_DNS: (
        C.RESOLVERS_DO_NOT_WORK,
        C.RESOLVERS_DIFFER,
        C.RESOLVER_OWNER_UNSUPPORTED,
        C.RESOLVERS_NOT_PERSISTED,
    ),
    StepName.AUTHORITY: (C.LOAD_REQUEST_EXCEPTION, C.ANSWER_NOT_FROM_ODOO, C.DEADLINE),
    StepName.SITE: (C.LOAD_REQUEST_STATUS,),
    StepName.ELIGIBILITY: (C.LOAD_REQUEST_NO_RESULT, C.DATABASE_COPIED, C.DATABASE_FOR_TESTS, C.NOTHING_NEWER),
    StepName.FILES: (
        C.DISK_FULL,
        C.REPAIR_FAILED,
        C.REPAIR_UNDONE,
        C.FOREIGN_LINK,
        C.CHECK_CERT_READ_EXCEPTION,
        C.CERTIFICATE_MISSING,
        C.CERTIFICATE_MALFORMED,
        C.KEY_MISSING,
        C.KEY_UNREADABLE,
        C.KEY_MALFORMED,
        C.KEY_ENCRYPTED,
        C.KEY_MISMATCH,
        C.TEMPORARY_CERTIFICATE,
        C.EXPIRED,
        C.NOT_YET_VALID,
        C.RENEWAL_OVERDUE,
        C.CERTIFICATE_REFUSED,
        C.CHAIN_INCOMPLETE,
        C.SUBJECT_MISMATCH,
        C.NOT_PERSISTED,
        C.RENEWAL_DUE,
        C.CHAIN_UNTRUSTED,
        C.CERTIFICATE_WITHOUT_CN,
        C.NOT_RENEWABLE,
        C.KEY_EXPOSED,
    ),
    StepName.NGINX: (C.NGINX_CONFIG_BROKEN,),
    StepName.SERVED: (C.NGINX_DOWN, C.NGINX_OTHER_CERTIFICATE, C.NOT_SERVED),
    StepName.ODOO: (
        C.ODOO_DOWN_AFTER_REPAIR,
        C.ODOO_STOPPED,
        C.ODOO_OPTIONS,
        C.ODOO_DOWN,
        C.ODOO_MANAGER_DEAD,
        C.ODOO_RESTART_PENDING,
    ),
    StepName.CLIENT_DNS: (
        C.CLIENT_DNS_OUTAGE,
        C.CLIENT_DNS_REBIND,
        C.CLIENT_DNS_STALE,
        C.CLIENT_DNS_WRONG,
        C.CLIENT_DNS_UNKNOWN_NAME,
        C.NAME_NOT_RESOLVED,
        C.NAME_LEADS_ELSEWHERE,
    ),
    StepName.OUTSIDE: (
        C.HTTPS_UNREACHABLE,
        C.OTHER_CERTIFICATE_OUTSIDE,
        C.HTTPS_UNTRUSTED,
        C.HOMEPAGE_UNREACHABLE,
    ),
}
STEP_OF: Final[Mapping[str, StepName]] = MappingProxyType(
    {str(code): step for step, codes in _BY_STEP.items() for code in codes}
)
"""The step that a code breaks; a test holds that every code of the catalogue is here once."""
PLACE_OF: Final = MappingProxyType({str(code): at for codes in _BY_STEP.values() for at, code in enumerate(codes)})
"""Which of two codes of the same step is to be mended first."""

_PARTS: Final = (
    ("clock", StepName.CLOCK),
    ("store", StepName.LINK),
    ("resolvers", StepName.BOX_DNS),
    ("certificates.served", StepName.SERVED),
    ("certificates", StepName.FILES),
    ("disk", StepName.FILES),
    ("memory", StepName.FILES),
    ("nginx", StepName.NGINX),
    ("odoo", StepName.ODOO),
    ("from outside", StepName.OUTSIDE),
)
"""Beginnings of the evidence of what was not observed, which names the part first."""

_REPAIRS: Final[Mapping[Value, StepName]] = MappingProxyType(
    {
        RepairKind.ENABLE_NTP: StepName.CLOCK,
        RepairKind.SET_RESOLVERS: StepName.BOX_DNS,
        RepairKind.WRITE_STORE: StepName.LINK,
        RepairKind.LOAD_NGINX: StepName.SERVED,
        RepairKind.RESTART_ODOO: StepName.ODOO,
        RepairKind.RESUME_ODOO: StepName.ODOO,
    }
)
"""Of a repair that failed or was taken back; all others are about the files."""

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
    if finding.code == CodeName.NOT_OBSERVED:
        return next((step for part, step in _PARTS if finding.evidence.startswith(part)), StepName.REACHABLE)
    if finding.code in (CodeName.REPAIR_FAILED, CodeName.REPAIR_UNDONE):
        return _REPAIRS.get(finding.value("repair"), StepName.FILES)
    return STEP_OF.get(finding.code, StepName.REACHABLE)


def anchor_of(step: StepName, code: str | None = None) -> str:
    """Return the place on the vendor's page up to 18.0 that speaks of a code, or else of its step."""
    entry = CATALOGUE.get(code or "")
    return (entry.anchor if entry else None) or _ANCHORS.get(step, _GENERATION)
