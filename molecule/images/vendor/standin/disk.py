"""How the vendor's code writes: through whatever links are there, as its own user, one file after the other.

Nothing here is atomic, on purpose. The file `PAUSE` lets a test widen the gap between two writes.
"""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

BYPASS = Path("/root_bypass_ramdisks")
CERTIFICATE = Path("/etc/ssl/certs/nginx-cert.crt")
PRIVATE_KEY = Path("/etc/ssl/private/nginx-cert.key")
PAUSE = Path("/run/odoo/lab-write-pause")

_remounting = threading.RLock()


def remount(option: str, *views: str) -> None:
    """Remount by sudo; a refusal (EBUSY) is ignored, as on a box."""
    for view in views:
        subprocess.run(["sudo", "mount", "-o", f"remount,{option}", view], check=False, stderr=subprocess.DEVNULL)


@contextlib.contextmanager
def writable(*, remounts: bool) -> Iterator[None]:
    """A window in which the disk can be written; older code then leaves the root read-only."""
    if not remounts:
        yield
        return
    with _remounting:
        remount("rw", "/", f"{BYPASS}/")
        try:
            yield
        finally:
            remount("ro", "/", f"{BYPASS}/")
            remount("rw", f"{BYPASS}/etc/cups")


def write_pair(certificate_pem: str, private_key_pem: str) -> None:
    """Write the four files in the order of the box: certificate live and mirror, then key live and mirror."""
    for path, text in ((CERTIFICATE, certificate_pem), (PRIVATE_KEY, private_key_pem)):
        for target in (path, mirror(path)):
            target.write_text(text, encoding="utf-8")
            _pause()


def mirror(path: Path) -> Path:
    """Where a file below /etc survives a reboot."""
    return BYPASS / path.relative_to("/")


def restart_nginx() -> None:
    """Restart, never reload; a bad pair makes this raise."""
    subprocess.run(["sudo", "service", "nginx", "restart"], check=True, stderr=subprocess.DEVNULL)


def _pause() -> None:
    with contextlib.suppress(OSError, ValueError):
        time.sleep(float(PAUSE.read_text()))
