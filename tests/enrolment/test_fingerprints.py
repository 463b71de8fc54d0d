"""Fingerprints that were compared beforehand: whose each is, and what is none."""

from __future__ import annotations

import pytest

from reconciler.enrolment.fingerprints import BadFingerprint, read

ONE, OTHER = f"SHA256:{'a' * 43}", f"SHA256:{'b' * 42}+"


def test_each_is_of_its_box() -> None:
    assert read([f"till-1={ONE}", f"till-2={OTHER}="], ["till-1", "till-2", "till-3"]) == {
        "till-1": ONE,
        "till-2": OTHER,
    }


def test_one_box_needs_no_name() -> None:
    assert read([ONE], ["till-1"]) == {"till-1": ONE}


REFUSED = {
    "a name that is left out": ([ONE], ["till-1", "till-2"], "is for one box, and 2 are meant"),
    "a box that is not meant": ([f"till-9={ONE}"], ["till-1"], "till-9, which is not among the boxes"),
    "another digest": (["till-1=MD5:aa:bb"], ["till-1"], "MD5:aa:bb is no fingerprint"),
    "a short one": (["till-1=SHA256:aaaa"], ["till-1"], "SHA256:aaaa is no fingerprint"),
    "two of one box": ([f"till-1={ONE}", f"till-1={OTHER}"], ["till-1"], "two fingerprints are given for till-1"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_used_is_said(name: str) -> None:
    given, names, said = REFUSED[name]
    with pytest.raises(BadFingerprint, match=said):
        read(given, names)
