"""The pages of the project as a reader follows them: files, headings, links, names in backticks, commands."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = (
    ".",
    ".github/**",
    "bench/**",
    "docs/**",
    "fuzz/**",
    "inventories/**",
    "molecule/**",
    "playbooks/**",
    "requirements/**",
    "roles/**",
    "tests/**",
)
_BLOCK = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")
_HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """One Markdown file."""

    path: Path

    @property
    def name(self) -> str:
        """Return its path from the root."""
        return self.path.relative_to(ROOT).as_posix()

    @functools.cached_property
    def text(self) -> str:
        """Return all of it."""
        return self.path.read_text(encoding="utf-8")

    @functools.cached_property
    def prose(self) -> str:
        """Return it without blocks of code."""
        return _BLOCK.sub("", self.text)

    @property
    def anchors(self) -> set[str]:
        """Return what a link to one of its headings ends with, as code hosts make it."""
        plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(self.prose))
        return {heading.strip().replace(" ", "-") for heading in plain}

    @property
    def links(self) -> list[str]:
        """Return where its links lead, those out of the project left out."""
        return [link for link in _LINK.findall(self.prose) if "://" not in link]

    @property
    def spans(self) -> list[str]:
        """Return what stands in backticks within the text."""
        return _SPAN.findall(self.prose)

    @property
    def commands(self) -> list[str]:
        """Return what it shows to be typed at a prompt."""
        consoles = [body for language, body in _BLOCK.findall(self.text) if language == "console"]
        return [line.removeprefix("$ ") for body in consoles for line in body.splitlines() if line.startswith("$ ")]

    def target(self, link: str) -> tuple[Path, str]:
        """Return the file to which a link leads, and the heading within it."""
        file, _, anchor = link.partition("#")
        return (self.path.parent / file).resolve() if file else self.path, anchor


def pages() -> list[Page]:
    """Return every page of the project."""
    return [Page(path) for folder in FOLDERS for path in sorted(ROOT.glob(f"{folder}/*.md"))]
