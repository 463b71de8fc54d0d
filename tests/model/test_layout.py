"""What follows from a branch alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import reconciler
from reconciler.model.observed import Layout, StoreFormat

ASKED_FOR = re.compile(r"\bStoreFormat\b|\.store_format\b")
OF_THE_FILE = {
    "model/observed/__init__.py",
    "model/observed/layout.py",
    "box/layout.py",
    "box/services/odoo_options.py",
    "box/collect.py",
    "box/log_level.py",
    "connections/homepage/look.py",
}
"""Beside the store itself: who finds the format, on a box or by its pages, who finds the file it decides on,
and who shows or edits that file as a whole."""


@pytest.mark.parametrize(
    ("branch", "form", "needed"),
    [
        ("15.0", StoreFormat.FLAT, True),
        ("16.0", StoreFormat.FLAT, True),
        ("17.0", StoreFormat.INI_INTERPOLATED, True),
        ("saas-17.4", StoreFormat.INI_INTERPOLATED, True),
        ("18.0", StoreFormat.INI_INTERPOLATED, True),
        ("saas-18.2", StoreFormat.INI_RAW, True),
        ("saas-18.3", StoreFormat.INI_RAW, False),
        ("19.0", StoreFormat.INI_RAW, False),
        ("saas-19.2", StoreFormat.INI_RAW, False),
        ("master", StoreFormat.INI_RAW, False),
        (None, StoreFormat.INI_RAW, False),
        (None, StoreFormat.INI_INTERPOLATED, True),
        ("work-on-17", StoreFormat.FLAT, True),
    ],
)
def test_branches_up_to_saas_18_2_need_a_common_name(branch: str | None, form: StoreFormat, *, needed: bool) -> None:
    assert Layout(store_format=form, service_user="pi", branch=branch).needs_common_name is needed


@pytest.mark.parametrize(
    ("form", "does"),
    [
        (StoreFormat.FLAT, {"reads_subject_at_start"}),
        (StoreFormat.INI_INTERPOLATED, {"reads_subject_at_start", "keeps_values_in_memory"}),
        (
            StoreFormat.INI_RAW,
            {"keeps_database_name", "looks_database_up_at_start", "dies_of_unreadable_certificate"},
        ),
    ],
)
def test_the_format_gives_away_what_the_program_does(form: StoreFormat, does: set[str]) -> None:
    layout = Layout(store_format=form, service_user="pi", branch="work")
    facts = {name for name, value in vars(Layout).items() if isinstance(value, property)}
    answered = {name for name in facts - {"generation", "needs_common_name"} if getattr(layout, name)}
    assert answered == does


def test_the_format_is_asked_for_by_who_reads_the_store_alone() -> None:
    root = Path(reconciler.__file__).parent
    asking = {path.relative_to(root) for path in root.rglob("*.py") if ASKED_FOR.search(path.read_text("utf-8"))}
    assert {path.as_posix() for path in asking if path.parts[:2] != ("box", "store")} == OF_THE_FILE
