"""What follows from a branch alone."""

from __future__ import annotations

import pytest

from reconciler.model.observed import Layout, StoreFormat


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
