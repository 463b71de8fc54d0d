"""Where the vendor's documentation speaks of a step, a code or a till, in the version that goes with the box's branch.

Up to 18.0 it is one page, with a place for each of the six codes. From 19.0 on it is two, without the codes: what a
certificate needs stands with connecting a box, what goes wrong with troubleshooting. The old address redirects there
and loses the place.
"""

from __future__ import annotations

import re
from typing import Final

from ..model.step_name import StepName
from .steps import anchor_of

_IOT: Final = "https://www.odoo.com/documentation/{version}/applications/general/iot/{page}.html#{anchor}"
_CERTIFICATE, _CONNECT, _TROUBLE = "iot_advanced/https_certificate_iot", "connect", "iot_advanced/troubleshooting"
_BRANCH: Final = re.compile(r"^(saas-)?(\d{2})\.(\d)$")
_OLD, _NEW = "18.0", "19.0"
_WITH_OLD_PAGE: Final = ("17.0", "18.0")
_FIRST_WITHOUT_CODES: Final = (18, 3)
"""saas-18.3: from it on the box itself names no code, so the newer pages fit."""
_MOVED: Final = {
    "err-iot-https-check-no-server": (_CONNECT, "connection"),
    "err-iot-https-check-cert-read-exception": (_TROUBLE, "iot-troubleshooting-https-certificate"),
    "err-iot-https-load-no-credential": (_TROUBLE, "missing-credentials"),
    "err-iot-https-load-request-exception": (_TROUBLE, "odoo-com-not-reachable"),
    "err-iot-https-load-request-status": (_TROUBLE, "odoo-com-not-reachable"),
    "err-iot-https-load-request-no-result": (_TROUBLE, "still-no-certificate"),
    "iot-https-certificate-iot-iot-eligibility": (_CONNECT, "iot-https-certificate-iot-iot-eligibility"),
    "iot-https-certificate-iot-generation": (_CONNECT, "iot-connect-https-certificate"),
    "the-https-certificate-does-not-generate": (_TROUBLE, "the-https-certificate-does-not-generate"),
    "the-iot-system-s-homepage-can-be-accessed-using-its-ip-address-but-not-the-xxx-odoo-iot-com-url": (
        _TROUBLE,
        "iot-troubleshooting-dns",
    ),
}
"""Where on the newer pages stands what had a place on the old one."""

PERMISSION: Final = _IOT.format(version=_NEW, page=_TROUBLE, anchor="iot-troubleshooting-printing")
"""Where the newer pages speak of the permission that a browser asks for; the old one does not."""


def page_of(step: StepName, code: str | None, branch: str | None) -> str:
    """Return the address of the place that speaks of a code, or else of its step.

    Args:
        branch: of the vendor's code on the box, `None` where it is not known; then the newer pages are meant.
    """
    anchor, version = anchor_of(step, code), _version(branch)
    if version in _WITH_OLD_PAGE:
        return _IOT.format(version=version, page=_CERTIFICATE, anchor=anchor)
    page, place = _MOVED[anchor]
    return _IOT.format(version=version, page=page, anchor=place)


def _version(branch: str | None) -> str:
    """Return the version of the documentation; those of saas branches go when the branch is no longer supported."""
    known = _BRANCH.match(branch or "")
    if known is None:
        return _NEW
    number = int(known[2]), int(known[3])
    if number >= _FIRST_WITHOUT_CODES:
        return _NEW if known[1] or number < (19, 0) else known[0]
    return known[0] if known[0] in _WITH_OLD_PAGE else _OLD
