"""Names are generated from the entries of the catalogue, and from nothing else that the catalogue says."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..support.checkout import NAMES
from ..support.loaded import load

THEME = """
CODES = (
    Code(name=CodeName.FIRST, anchor="#first"),
    Code(name=CodeName.SECOND, variants={Variant.OF_SECOND: VariantEntry()}),
)
OTHER = {Variant.OF_NOBODY: 1}
SEEN = CodeName.OF_SOMEBODY_ELSE
"""
REPAIRS = "ENTRIES = {RepairKind.LATER: RepairEntry(), RepairKind.EARLIER: RepairEntry()}"


def names(root: Path, **modules: str) -> dict[str, str]:
    """Return what is generated from a catalogue of these modules, by the name of the file."""
    folder = root / "reconciler/codes"
    folder.mkdir(parents=True)
    for name, text in {"__init__": "_CONCERNS: Final = (theme, second)", "repairs": REPAIRS, **modules}.items():
        (folder / f"{name}.py").write_text(text)
    return {path.name: text for path, text in load(NAMES).files(root).items()}


def members(text: str) -> list[str]:
    """Return the members in a generated file."""
    return [line.strip() for line in text.splitlines() if " = " in line]


def test_what_has_an_entry_has_a_name_and_nothing_else_has(tmp_path: Path) -> None:
    assert members(names(tmp_path, theme=THEME)["code_name.py"]) == [
        'FIRST = "ERR_IOT_HTTPS_FIRST"',
        'SECOND = "IOT_HTTPS_SECOND"',
        'OF_SECOND = "of_second"',
    ]


def test_repairs_keep_the_order_of_their_entries(tmp_path: Path) -> None:
    assert members(names(tmp_path, theme=THEME)["repair_kind.py"]) == ['LATER = "later"', 'EARLIER = "earlier"']


def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="two entries have the name FIRST"):
        names(tmp_path, theme=THEME, second="CODES = (Code(name=CodeName.FIRST, anchor=''),)")


def test_codes_that_no_list_of_themes_has_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"codes/unlisted\.py has codes: list it in _CONCERNS"):
        names(tmp_path, theme=THEME, unlisted="CODES = (Code(name=CodeName.THIRD),)")
