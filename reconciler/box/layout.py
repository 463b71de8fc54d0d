"""Which box this is: image and code branch are independent, so each is read where it shows itself.

Ramdisks, users, resolver set-up and units follow the image; the place and format of credentials follow the code
branch. Early and late 17.0 share a branch name, so the vendor's own helper module is asked which format it reads.
Its text is searched, never imported or run.
"""

from __future__ import annotations

import re
import sys

from ..machine.system import Files
from ..model.observed import Layout, StoreFormat
from ..model.statement import Statement, say

HOME = "/home/pi"
BYPASS = "/root_bypass_ramdisks"
_CODE = f"{HOME}/odoo"
_NEW_HELPERS = f"{_CODE}/addons/iot_drivers/tools/helpers.py"
_OLD_HELPERS = f"{_CODE}/addons/hw_drivers/tools/helpers.py"
_HELPERS_LIMIT = 1 << 20
_MOUNTS = "/proc/self/mounts"
_MOUNTS_LIMIT = 1 << 26
"""Bytes. A user may mount a thousand file systems of his own, each with a name of a page."""
_LONGEST_NAME = 200
"""Characters that are told of a version or a branch; both files belong to the box's own user."""


def observe_layout(files: Files) -> Layout:
    """Read the layout; what makes the box unsupported is in `Layout.problem`."""
    mounts = _text(files, _MOUNTS, _MOUNTS_LIMIT)
    bypass = BYPASS if re.search(rf"^\S+ {BYPASS} ", mounts or "", re.MULTILINE) else None
    store_format, problem = _store_format(files)
    if mounts is None:
        problem = say("no_mounts", path=_MOUNTS)
    return Layout(
        store_format=store_format,
        service_user=_service_user(files),
        home=HOME,
        image_version=_first_line(files, "/var/odoo/iotbox_version"),
        branch=_branch(files),
        os_codename=_os_codename(files),
        python=f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}",
        bypass=bypass,
        read_only_root=_read_only_root(files),
        problem=problem,
    )


def _store_format(files: Files) -> tuple[StoreFormat, Statement | None]:
    new = _text(files, _NEW_HELPERS)
    text = new or _text(files, _OLD_HELPERS)
    if text is None:
        return StoreFormat.FLAT, say("no_helpers", new=_NEW_HELPERS, old=_OLD_HELPERS)
    if re.search(r"\bRawConfigParser\b", text):
        return StoreFormat.INI_RAW, None
    if re.search(r"^[ \t]*(?:import|from)[ \t]+configparser\b", text, re.MULTILINE):
        return StoreFormat.INI_RAW if new else StoreFormat.INI_INTERPOLATED, None
    if new:
        return StoreFormat.INI_RAW, None
    return StoreFormat.FLAT, None


def _service_user(files: Files) -> str:
    accounts = _text(files, "/etc/passwd") or ""
    return "odoo" if re.search(r"^odoo:", accounts, re.MULTILINE) else "pi"


def _branch(files: Files) -> str | None:
    head = _first_line(files, f"{_CODE}/.git/HEAD") or ""
    found = re.match(r"ref: refs/heads/(\S+)$", head)
    return found[1] if found else None


def _os_codename(files: Files) -> str | None:
    found = re.search(r'^VERSION_CODENAME="?([\w.-]+)', _text(files, "/etc/os-release") or "", re.MULTILINE)
    return found[1] if found else None


def _read_only_root(files: Files) -> bool:
    for line in (_text(files, "/etc/fstab") or "").splitlines():
        match line.split():
            case [device, "/", _, options, *_] if not device.startswith("#"):
                return "ro" in options.split(",")
    return False


def _first_line(files: Files, path: str) -> str | None:
    text = _text(files, path)
    lines = text.splitlines() if text else []
    return lines[0].strip()[:_LONGEST_NAME] or None if lines else None


def _text(files: Files, path: str, limit: int = _HELPERS_LIMIT) -> str | None:
    try:
        return files.read(path, limit).decode("utf-8", errors="replace")
    except OSError:
        return None
