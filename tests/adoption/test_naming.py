"""Names of new customers are proposed from what a box has told, in letters that no program acts on."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.adoption.naming import customer_group, name_problem, proposal

HOSTS = {
    "lotus.odoo.com": "lotus",
    "odoo.lotus.example.com": "lotus",
    "www.example.com": "example",
    "Pho-24.example": "pho-24",
    "lotus": "lotus",
    "192.0.2.7": "customer-192-0-2-7",
    "2001:db8::1": "customer-2001-db8-1",
    "xn--caf-dma.example": "xn--caf-dma",
    "{{ lookup('pipe', 'id') }}.example": "lookuppipeid",
    "../../x.example": "x",
    "": "customer",
}


@pytest.mark.parametrize(("host", "name"), HOSTS.items())
def test_proposal_is_what_tells_the_host(host: str, name: str) -> None:
    assert proposal(host) == name


def test_proposal_is_nobodys_yet() -> None:
    assert proposal("lotus.odoo.com", ["Lotus", "lotus-2"]) == "lotus-3"


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=10), max_size=3))
def test_whatever_a_box_tells_comes_to_a_name(host: str, taken: list[str]) -> None:
    name = proposal(host, taken)

    assert name_problem(name) is None
    assert customer_group(name).isascii()


@pytest.mark.parametrize("name", ["", " x", "a\nb", "a/b", "{{ x }}", "-x", "x" * 101, "phở"])
def test_what_is_no_name_is_refused(name: str) -> None:
    assert name_problem(name) is not None
