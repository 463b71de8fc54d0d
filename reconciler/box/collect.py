"""What a support bundle has from the box itself: its configuration, the end of Odoo's log, versions.

Secrets that the box stores are masked here already, so that none of them travels; the control machine masks again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Final

from ..machine.reason import reason
from ..machine.system import System
from ..model.errand import LOG_BYTES, Brought, Portion, PortionName
from ..model.observed import Observed, StoreFormat
from ..model.secret import Secret, WideMask
from ..model.statement import Statement, say
from .context import Box
from .paths import RESOLV_CONF
from .services.log_lines import LOG
from .store.files import StoreFiles
from .store.shown import hidden_values, shown_flat, shown_ini

_FILE: Final = 1 << 16
"""Bytes of one file of configuration; `odoo.conf` with all options has 4 KiB."""
_WIFI: Final = "wifi_network.txt"
"""Of the oldest branches: the name in its first line, the password in its second."""
_NGINX: Final = ("/etc/nginx/sites-enabled/default", "/etc/nginx/conf.d/iot.conf")
_PROGRAMS: Final = (("nginx", ("nginx", "-v")), ("openssl", ("openssl", "version")), ("kernel", ("uname", "-r")))
_PROGRAM_SECONDS: Final = 5.0


def collect(box: Box, observed: Observed) -> tuple[Brought, bytes]:
    """Return what there is, and the files one behind the other; what cannot be read is said."""
    mask = _mask(box, observed)
    seen: list[Statement] = []
    portions: list[Portion] = []
    files: list[bytes] = []
    for name, paths, content in _parts(box):
        found = [text for path in paths if (text := _read(path, content, seen)) is not None]
        body, left_out = b"".join(each for each, _ in found), sum(each for _, each in found)
        body = mask.of(body.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
        if found:
            portions.append(Portion(name=name, size=len(body), left_out=left_out))
            files.append(body)
    versions = {**_layout(observed), **_programs(box.system)}
    return Brought(portions=tuple(portions), versions=versions, seen=tuple(seen)), b"".join(files)


_Content = Callable[[str], tuple[bytes, int] | None]


def _parts(box: Box) -> Iterator[tuple[PortionName, tuple[str, ...], _Content]]:
    """Yield each part, where it is, and how it is read: its bytes, and how many before them were left out."""
    system = box.system
    store = StoreFiles(system, box.layout)
    yield PortionName.CONFIGURATION, store.paths, lambda path: (_shown(system, box.layout.store_format, path), 0)
    yield PortionName.RESOLVERS, (RESOLV_CONF,), lambda path: (_headed(path, system.read(path, _FILE)), 0)
    yield PortionName.NGINX, _NGINX, lambda path: _if_there(system, path)
    yield PortionName.LOG, (LOG,), lambda path: _end(system, path)


def _read(path: str, content: _Content, seen: list[Statement]) -> tuple[bytes, int] | None:
    try:
        return content(path)
    except OSError as error:
        seen.append(say("portion_unread", path=path, reason=reason(error)))
        return None


def _shown(system: System, store_format: StoreFormat, path: str) -> bytes:
    if store_format is not StoreFormat.FLAT:
        return _headed(path, shown_ini(system.read(path, _FILE)).encode())
    name = path.rpartition("/")[2]
    try:
        return shown_flat(name, system.read(path, _FILE)).encode()
    except FileNotFoundError:
        return shown_flat(name, None).encode()


def _headed(path: str, content: bytes) -> bytes:
    return f"# {path}\n".encode() + content + (b"" if content.endswith(b"\n") else b"\n")


def _if_there(system: System, path: str) -> tuple[bytes, int] | None:
    """Which of nginx's files there is depends on the image."""
    try:
        return _headed(path, system.read(path, _FILE)), 0
    except FileNotFoundError:
        return None


def _end(system: System, path: str) -> tuple[bytes, int]:
    """Return whole lines only: what a cut leaves of a secret would not be known for one."""
    tail = system.read_end(path, LOG_BYTES)
    size = system.status(path, follow=True).size
    if len(tail) < LOG_BYTES:
        return tail, 0
    _, _, whole = tail.partition(b"\n")
    return whole, max(size - len(whole), 0)


def _mask(box: Box, observed: Observed) -> WideMask:
    """Return what masks all that the box keeps secret: its store, and its Wi-Fi's password."""
    store, kept = observed.store, [*_hidden(box)]
    kept += [each for each in (store.token, store.db_uuid, store.enterprise_code) if each]
    return WideMask(*kept)


def _hidden(box: Box) -> Iterator[Secret]:
    files = StoreFiles(box.system, box.layout)
    flat = box.layout.store_format is StoreFormat.FLAT
    for path in (f"{box.layout.home}/{_WIFI}",) if flat else files.paths:
        with suppress(OSError):
            content = box.system.read(path, _FILE)
            lines = content.decode("utf-8", errors="replace").splitlines()[1:2] if flat else hidden_values(content)
            yield from map(Secret, filter(None, lines))


def _layout(observed: Observed) -> dict[str, str]:
    layout = observed.layout
    known = {
        "system": layout.system.value,
        "image": layout.image_version,
        "branch": layout.branch,
        "release": layout.os_codename,
        "python": layout.python,
    }
    return {name: value for name, value in known.items() if value}


def _programs(system: System) -> dict[str, str]:
    return dict(_asked(system, _PROGRAMS))


def _asked(system: System, programs: Iterable[tuple[str, tuple[str, ...]]]) -> Iterator[tuple[str, str]]:
    for name, command in programs:
        try:
            done = system.run(command, _PROGRAM_SECONDS)
        except OSError:
            continue
        if (said := (done.output or done.errors).strip()) and done.status == 0:
            yield name, said.splitlines()[0][:100]
