"""Write CHANGELOG.md from the releases in changelogs/changelog.yaml.

`generate_changelog.py` writes the page, `--check` only says whether it is up to date, and `--unreleased` prints what
the fragments in changelogs/fragments will add. antsibull-changelog keeps fragments and releases; its own Markdown puts
a backslash before every full stop, and is no page to read in an editor.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
COLLECTION = "iot_https.fleet"
SUMMARY = "release_summary"
WIDTH = 120
INTRODUCTION = """\
# Changelog

What changes for those who use `iot-https`, newest first. Versions follow [semantic versioning](https://semver.org).
This page is written when a version is released; until then
[what will be in it](CONTRIBUTING.md#how-a-change-is-recorded) is in `changelogs/fragments`.
"""
NOTHING_YET = "\nNothing has been released yet.\n"
_CODE = re.compile(r"``([^`]+)``")
_LINK = re.compile(r"`([^`<>]+) <([^`<>\s]+)>`__")
_OTHER_MARKUP = re.compile(r"`|\]\(")
_VERSION = re.compile(r"\d+")


def markdown(text: str) -> str:
    """Return an entry as Markdown; in a fragment it is reStructuredText."""
    return _CODE.sub(r"`\1`", _LINK.sub(r"[\1](\2)", " ".join(text.split())))


def unknown_markup(text: str) -> bool:
    """Say whether an entry has more than code, links and bold type, such as Markdown's own code or links."""
    return bool(_OTHER_MARKUP.search(_CODE.sub("", _LINK.sub("", text))))


def page(root: Path = ROOT) -> str:
    """Return CHANGELOG.md as it should be."""
    recorded = root / "changelogs/changelog.yaml"
    releases = yaml.safe_load(recorded.read_text(encoding="utf-8"))["releases"] if recorded.exists() else {}
    titles = sections(root)
    newest_first = sorted(releases, key=_by_version, reverse=True)
    told = ["\n".join(_release(version, releases[version], titles)) for version in newest_first]
    return "\n".join([INTRODUCTION, *told]) if told else INTRODUCTION + NOTHING_YET


def unreleased(root: Path = ROOT) -> str:
    """Return what the next release will be told to bring."""
    changes: dict[str, Any] = {}
    for path in fragments(root):
        for section, content in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            changes[section] = content if isinstance(content, str) else [*changes.get(section, []), *content]
    return "\n".join(_release("Unreleased", {"changes": changes}, sections(root)))


def fragments(root: Path = ROOT) -> list[Path]:
    """Return the files of changes that are not released."""
    return sorted((root / "changelogs/fragments").glob("*.y*ml"))


def sections(root: Path = ROOT) -> Mapping[str, str]:
    """Return the headings by the names that fragments use, in their order."""
    configuration = yaml.safe_load((root / "changelogs/config.yaml").read_text(encoding="utf-8"))
    return dict(configuration["sections"])


def _by_version(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in _VERSION.findall(version))


def _release(version: str, release: Mapping[str, Any], titles: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of one version."""
    date = f" ({release['release_date']})" if "release_date" in release else ""
    changes = release.get("changes") or {}
    yield f"## {version}{date}"
    yield ""
    if summary := changes.get(SUMMARY):
        yield from (*_wrapped(markdown(summary), ""), "")
    for section, title in titles.items():
        if entries := changes.get(section):
            yield from _section(title, (markdown(entry) for entry in entries))
    for title, plugins in _plugins(release):
        yield from _section(title, (f"`{COLLECTION}.{each['name']}`: {each['description']}" for each in plugins))


def _section(title: str, entries: Iterator[str]) -> Iterator[str]:
    yield f"### {title}"
    yield ""
    for entry in entries:
        yield from _wrapped(entry, "- ")
    yield ""


def _plugins(release: Mapping[str, Any]) -> Iterator[tuple[str, list[Mapping[str, str]]]]:
    """Yield what antsibull found new in the collection."""
    kinds = {"module": release.get("modules"), **(release.get("plugins") or {}), **(release.get("objects") or {})}
    for kind, plugins in kinds.items():
        if plugins:
            yield f"New {kind}s in the collection", plugins


def _wrapped(text: str, mark: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=mark,
        subsequent_indent=" " * len(mark),
        break_long_words=False,
        break_on_hyphens=False,
    )


def main(arguments: list[str]) -> int:
    """Write the page, compare it, or print what comes next."""
    if arguments == ["--unreleased"]:
        print(unreleased())
        return 0
    path, wanted = ROOT / "CHANGELOG.md", page()
    if arguments == ["--check"]:
        if path.read_text(encoding="utf-8") == wanted:
            return 0
        print("CHANGELOG.md is not what changelogs/ says: record a change in changelogs/fragments", file=sys.stderr)
        return 1
    path.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
