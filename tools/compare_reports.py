"""Compare the reports of two checkouts on the same simulated fleet: texts, and JSON after its documented changes.

`compare_reports.py BEFORE AFTER` takes two checkouts, each with its own `.venv` (without one, this interpreter is
used), and reads from AFTER what changed in the JSON: `docs/json-changes.json`, the table that `docs/json.md` shows.
What varies from run to run is made the same by `VARYING` and nothing else. The fleet has the faults and layouts that
both checkouts can simulate, but for those of `--without`. The exit status is 0 where nothing else differs.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

SAMPLER: Final = Path(__file__).with_name("sample_reports.py")
CHANGES: Final = "docs/json-changes.json"
MOST_SHOWN: Final = 40
VARYING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "version": "of the program",
        "seconds": "that a run took; in a text behind `boxes in`",
        "serial_number": "of a certificate that is made anew in each run",
        "live_free": "bytes: as long as the signature of a certificate, which differs by some bytes",
        "mirror_free": "the same",
        "home_free": "the same",
    }
)
"""Keys that are not compared. Of digests and fingerprints it is compared which are the same, not what they are."""
_DIGEST: Final = re.compile(r"\b[0-9a-f]{64}\b|\b[0-9a-f]{16}\b")
"""The second is the beginning of one, as in a diff and in the name of a generation."""
_SECONDS: Final = re.compile(r"(?<=boxes in )[0-9.]+ s\b")


def sampled(checkout: Path, taken: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return the reports of a checkout by verb, as text and JSON."""
    return dict(_asked(checkout, *taken))


def shared(before: Path, after: Path, without: Collection[str]) -> list[str]:
    """Return the faults and layouts of a fleet that both checkouts can simulate."""
    known = _asked(after, "--list")
    return [each for each in _asked(before, "--list") if each in known and each not in without]


def _asked(checkout: Path, *arguments: str) -> Any:
    own = checkout / ".venv/bin/python"
    interpreter = own if own.exists() else Path(sys.executable)
    environment = {**os.environ, "PYTHONPATH": str(checkout), "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [interpreter, SAMPLER, *arguments], cwd=checkout, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{checkout}: no reports: {done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout)


def plain(text: str) -> str:
    """Return a text without what varies: each digest becomes the number at which it was first seen."""
    seen: dict[str, int] = {}

    def number(found: re.Match[str]) -> str:
        return f"#{seen.setdefault(found[0][:16], len(seen) + 1)}"

    return _DIGEST.sub(number, _SECONDS.sub("*", text))


def plain_json(text: str) -> Any:
    """Return the same of a JSON report, parsed."""

    def without_varying(part: dict[str, Any]) -> dict[str, Any]:
        return {key: "*" if key in VARYING and value is not None else value for key, value in part.items()}

    return json.loads(plain(text), object_hook=without_varying)


def mapped(before: Any, changes: Mapping[str, Any]) -> Any:
    """Return a JSON report of the version before with the values of the version after."""
    values = {path: group["values"] for group in changes["values"] for path in group["paths"]}
    version = {"schema_version": {str(changes["from"]): changes["to"]}}

    def walk(part: Any, path: str) -> Any:
        if isinstance(part, dict):
            return {key: walk(value, f"{path}.{key}" if path else key) for key, value in part.items()}
        if isinstance(part, list):
            return [walk(each, f"{path}[]") for each in part]
        return {**values, **version}.get(path, {}).get(str(part), part)

    return walk(before, "")


def without(report: Any, keys: Collection[str]) -> Any:
    """Return a JSON report without keys, which are given by their places."""

    def walk(part: Any, path: str) -> Any:
        if isinstance(part, dict):
            places = {key: f"{path}.{key}" if path else key for key in part}
            return {key: walk(part[key], place) for key, place in places.items() if place not in keys}
        return [walk(each, f"{path}[]") for each in part] if isinstance(part, list) else part

    return walk(report, "")


def differences(before: Any, after: Any, path: str = "") -> Iterator[tuple[str, object, object]]:
    """Yield each place at which two JSON reports differ, with what is there."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in (*before, *(key for key in after if key not in before)):
            place = f"{path}.{key}" if path else key
            yield from differences(before.get(key, "(absent)"), after.get(key, "(absent)"), place)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for one, other in zip(before, after, strict=True):
            yield from differences(one, other, f"{path}[]")
    elif before != after:
        yield path, before, after


def compared_texts(before: str, after: str) -> list[str]:
    """Return the lines that differ, with `-` and `+`."""
    lines = difflib.unified_diff(plain(before).splitlines(), plain(after).splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def compared_json(before: str, after: str, changes: Mapping[str, Any]) -> list[str]:
    """Return the places that differ after the documented changes."""
    reshaped, old = changes.get("reshaped", ()), plain_json(before)
    keys = changes["added"] if isinstance(old, dict) and old.get("schema_version") == changes["from"] else ()
    old = without(mapped(old, changes), (*changes["removed"], *reshaped))
    found = differences(old, without(plain_json(after), (*keys, *reshaped)))
    return [f"{path}: {_short(one)} -> {_short(other)}" for path, one, other in found]


def _short(value: object) -> str:
    shown = json.dumps(value, ensure_ascii=False)
    return shown if len(shown) <= 160 else f"{shown[:157]}..."  # noqa: PLR2004


def told(name: str, what: str, lines: Sequence[str]) -> bool:
    """Print what differs, each line once with how often; tell whether something does."""
    print(f"{name}: {what} {'equal' if not lines else f'differ in {len(lines)} places'}")
    counted = Counter(lines)
    for line, times in list(counted.items())[:MOST_SHOWN]:
        print(f"    {line}{f'  ({times} times)' if times > 1 else ''}")
    if len(counted) > MOST_SHOWN:
        print(f"    and {len(counted) - MOST_SHOWN} other lines")
    return bool(lines)


def main(arguments: Sequence[str]) -> int:
    """Compare and tell."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("before", type=Path, metavar="BEFORE", help="a checkout")
    parser.add_argument("after", type=Path, metavar="AFTER", help="another one, whose table of changes is applied")
    parser.add_argument("--without", nargs="+", default=(), metavar="NAME", help="faults and layouts to leave out")
    options = parser.parse_args(arguments)
    changes = json.loads((options.after / CHANGES).read_text(encoding="utf-8"))
    checkouts = options.before.resolve(), options.after.resolve()
    before, after = (sampled(each, shared(*checkouts, options.without)) for each in checkouts)
    differ = [
        result
        for name in before
        for result in (
            told(name, "texts", compared_texts(before[name]["text"], after[name]["text"])),
            told(name, "JSON", compared_json(before[name]["json"], after[name]["json"], changes)),
        )
    ]
    return int(any(differ))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
