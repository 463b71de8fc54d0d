"""The pages about codes are those of the catalogue, and the table of the product page names what exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reconciler.codes import CATALOGUE, Code
from tests.support.loaded import load

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "tools/generate_code_pages.py"
PAGE = (ROOT / "docs/product-page.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in PAGE.splitlines() if line.startswith("| ")]
TABLE = [row for row in ROWS if row[0] not in ("the page", "---")]
ALL = pytest.mark.parametrize("code", CATALOGUE.values(), ids=lambda code: str(code.name))
PAGES = load(TOOL)


def test_the_pages_are_up_to_date() -> None:
    assert PAGES.outdated() == []


@ALL
def test_a_page_says_what_software_does_and_what_a_person_does(code: Code) -> None:
    text = PAGES.pages()[f"{code.name}.md"]
    for heading in ("## Cause", "## Evidence", "## What iot-https does", "## What a person does"):
        assert re.search(rf"^{heading}\n\n\S", text, re.MULTILINE)
    for word in f"{code.shows} {code.remedy_of(None)}".split():
        assert word in text
    assert all(line in text for _, lines in code.recipes for line in lines.splitlines())


def test_the_tables_are_two_and_whole() -> None:
    assert len(ROWS) - len(TABLE) == 4
    assert len(TABLE) >= 50
    assert all(len(row) == 4 for row in TABLE)


def test_nothing_links_to_the_old_page_in_a_version_that_has_it_no_more() -> None:
    links = re.findall(
        r"documentation/([^/]+)/[\w/]+/https_certificate_iot\.html", "".join(PAGES.pages().values()) + PAGE
    )
    assert links
    assert set(links) == {"18.0"}


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0][:60])
def test_no_cell_is_empty_and_codes_and_tests_exist(row: list[str]) -> None:
    page, codes, tests, done = row
    assert page
    named = re.findall(r"`([A-Z_]+)`", codes)
    assert named or codes.startswith("none, ")
    assert not [code for code in named if code not in CATALOGUE]
    nodes = re.findall(r"`([\w/.]+)::(\w+)`", tests)
    assert nodes
    for path, name in nodes:
        assert re.search(rf"^def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE), (path, name)
    assert done in ("repaired", "explained", "done")


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0][:50])
def test_what_is_called_repaired_is_a_code_that_can_be(row: list[str]) -> None:
    named = re.findall(r"`([A-Z_]+)`", row[1])
    if row[3] == "repaired":
        assert any(CATALOGUE[code].repairable for code in named)


def test_the_six_of_the_vendor_have_a_row_each() -> None:
    headed = {code for row in TABLE for code in re.findall(r"^\*\*`([A-Z_]+)`\*\*", row[0])}
    assert headed == {name for name, code in CATALOGUE.items() if code.anchor}
