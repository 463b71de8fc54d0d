"""Which certificate files the configuration of nginx names, and where: a person's edit is a person's to take back."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from ...machine.deadline import Deadline
from ...machine.reading import read
from ...machine.system import System
from ...model.observed import NamedCertificate
from ..pair.parse import BadPair, describe, parse_chain
from ..paths import CERTIFICATE

_SECONDS = 15.0
_FILE = re.compile(r"^# configuration file (/.*):$", re.MULTILINE)
_COMMENT = re.compile(r"(^|[ \t;{}])#.*$", re.MULTILINE)
_DIRECTIVE = re.compile(r"""(?:^|[;{}\s])ssl_certificate\s+("[^"]+"|'[^']+'|[^\s;]+)\s*;""")
_PREFIX = "/etc/nginx"
_CUT_AT = 64 << 10
"""Characters of a program's output that are kept: of a longer configuration the end is not seen."""


def served_instead(system: System, deadline: Deadline, served: str) -> tuple[NamedCertificate, ...]:
    """Return the certificate files from which nginx serves another certificate than the box's own file holds.

    A file counts that holds what is served, or any where the box's own file is not named at all: no reload brings the
    box's certificate then.

    Args:
        served: SHA-256 fingerprint of what a handshake showed, in lower-case hex.

    Raises:
        OSError: nginx does not answer in time.
    """
    shown = system.run(("nginx", "-T"), deadline.within(_SECONDS))
    if shown.status != 0:
        return ()
    named = tuple(_named(shown.output))
    others = tuple(each for each in named if each.path != CERTIFICATE)
    serving = tuple(each for each in others if _fingerprint(system, each.path) == served)
    whole = len(shown.output) < _CUT_AT
    return serving or (others if whole and len(others) == len(named) else ())


def _named(dump: str) -> Iterator[NamedCertificate]:
    parts = _FILE.split(dump)
    for file, text in zip(parts[1::2], parts[2::2], strict=True):
        plain = _COMMENT.sub(r"\1", text)
        for found in _DIRECTIVE.finditer(plain):
            path = posixpath.join(_PREFIX, found[1].strip("\"'"))
            yield NamedCertificate(path=path, file=file, line=plain.count("\n", 0, found.start(1)))


def _fingerprint(system: System, path: str) -> str | None:
    content, _ = read(system, path)
    try:
        return describe(parse_chain(content)[0]).fingerprint if content else None
    except BadPair:
        return None
