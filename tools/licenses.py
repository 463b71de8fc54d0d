"""Say under which licences the packages that a user installs are, and whether GPL-3.0-or-later allows each.

`python -m tools.licenses [FILE]` prints the report or writes it. Exit status: 0 all are allowed, 1 one is not.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from tools import packages
from tools.packages import Package

OURS = "GPL-3.0-or-later"
PERMISSIVE = "permissive, asks for its notice to be kept"
ALLOWED: Mapping[str, str] = MappingProxyType(
    {
        "0BSD": PERMISSIVE,
        "Apache-2.0": "permissive with a patent clause, which version 3 of the GPL allows and version 2 does not",
        "BSD-2-Clause": PERMISSIVE,
        "BSD-3-Clause": PERMISSIVE,
        "GPL-2.0-or-later": "may be used under version 3 of the GPL",
        "GPL-3.0-only": "version 3 of the GPL, like ours",
        "GPL-3.0-or-later": "ours",
        "ISC": PERMISSIVE,
        "LGPL-2.1-or-later": "may be used under version 3 of the GPL",
        "LGPL-3.0-or-later": "the GPL with more permissions",
        "LicenseRef-BSD": "one of the BSD licences, each of which is permissive",
        "MIT": PERMISSIVE,
        "MIT-0": "permissive",
        "MPL-2.0": "names the GPL as a secondary licence",
        "PSF-2.0": PERMISSIVE,
        "Python-2.0": PERMISSIVE,
        "Unlicense": "public domain",
    }
)
"""What may be combined with a program under GPL-3.0-or-later, and why."""
REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "AGPL-3.0-or-later": "asks for more than our licence does",
        "BSD-4-Clause": "its advertising clause is one restriction more than the GPL allows",
        "EPL-2.0": "copyleft of its own, unless the GPL is named beside it",
        "GPL-2.0-only": "version 2 of the GPL only",
        "SSPL-1.0": "no free licence",
    }
)
"""What may not, and why; anything that is in neither table is for a person to judge."""
_WORD = re.compile(r"\(|\)|[^\s()]+")


def allowed(expression: str) -> bool:
    """Say whether a SPDX expression can be met with licences that are allowed.

    One that cannot be read is not: `Apache 2`, nothing, a paragraph.
    """
    words = _WORD.findall(expression)
    try:
        verdict, rest = _either(words)
    except IndexError:
        return False
    return verdict and not rest


def _either(words: Sequence[str]) -> tuple[bool, Sequence[str]]:
    verdict, rest = _both(words)
    while rest[:1] == ["OR"]:
        other, rest = _both(rest[1:])
        verdict = verdict or other
    return verdict, rest


def _both(words: Sequence[str]) -> tuple[bool, Sequence[str]]:
    verdict, rest = _one(words)
    while rest[:1] == ["AND"]:
        other, rest = _one(rest[1:])
        verdict = verdict and other
    return verdict, rest


def _one(words: Sequence[str]) -> tuple[bool, Sequence[str]]:
    """Judge a name, with its exception where it has one: an exception only allows more."""
    if words[0] == "(":
        verdict, rest = _either(words[1:])
        return verdict and rest[0] == ")", rest[1:]
    rest = words[3:] if words[1:2] == ["WITH"] else words[1:]
    return words[0] in ALLOWED, rest


def report(every: Sequence[Package]) -> str:
    """Return a page about the licences of packages."""
    return "\n".join(_lines(every)) + "\n"


def _lines(every: Sequence[Package]) -> Iterator[str]:
    yield "# Licences of what iot-https installs"
    yield ""
    yield f"iot-https is under {OURS}. It is installed with these packages, at the versions of `requirements/user.txt`."
    yield ""
    yield "| package | version | Python | licence | allowed |"
    yield "| --- | --- | --- | --- | --- |"
    for each in every:
        verdict = "yes" if allowed(each.license) else "**no**"
        pythons = f"{each.pythons[0]} to {each.pythons[-1]}" if len(each.pythons) > 1 else each.pythons[0]
        yield f"| {each.pin.name} | {each.pin.version} | {pythons} | {each.license or 'none named'} | {verdict} |"
    yield ""
    yield "| licence | why it may be combined with ours |"
    yield "| --- | --- |"
    named = {word for each in every for word in _WORD.findall(each.license)}
    for name, reason in ALLOWED.items():
        if name in named:
            yield f"| {name} | {reason} |"


def refused(every: Sequence[Package]) -> list[str]:
    """Return what is not allowed, each package with its licence and what is known of it."""
    found = [each for each in every if not allowed(each.license)]
    return [f"{each.pin.name} {each.pin.version}: {_reason(each.license)}" for each in found]


def _reason(expression: str) -> str:
    known = [f"{name}, {reason}" for name, reason in REFUSED.items() if name in _WORD.findall(expression)]
    return "; ".join(known) or f"{expression or 'no licence named'}, to be judged and entered in tools/licenses.py"


def main(arguments: list[str]) -> int:
    """Print or write the report."""
    every = packages.of_lock("user")
    if arguments:
        Path(arguments[0]).write_text(report(every), encoding="utf-8")
    else:
        print(report(every), end="")
    for line in (found := refused(every)):
        print(f"not allowed beside {OURS}: {line}", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
