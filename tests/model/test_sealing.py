"""What is sealed can be read by who asked for it alone, and whatever else comes is refused without being told."""

from __future__ import annotations

import base64

import pytest

from reconciler.model.reveal import reveal
from reconciler.model.sealing import LONGEST, LONGEST_SEALED, NotOpened, Opener, seal
from reconciler.model.secret import Secret

VALUES = {"db_uuid": Secret("11111111-2222-3333-4444-555555555555"), "enterprise_code": Secret("CANARY210101")}


def test_who_asked_reads_it() -> None:
    opener = Opener()

    assert opener.open(seal(VALUES, opener.public_key)) == VALUES


def test_nobody_else_reads_it() -> None:
    with pytest.raises(NotOpened):
        Opener().open(seal(VALUES, Opener().public_key))


def test_it_tells_nothing() -> None:
    opener = Opener()
    both, none = seal(VALUES, opener.public_key), seal({}, opener.public_key)

    assert len(both) == len(none) == LONGEST_SEALED
    assert all(reveal(each).encode() not in base64.b64decode(both) for each in VALUES.values())
    assert both != seal(VALUES, opener.public_key)


def test_longest_values_fit() -> None:
    opener = Opener()
    values = dict.fromkeys(VALUES, Secret("x" * (LONGEST - 2)))

    assert opener.open(seal(values, opener.public_key)) == values


@pytest.mark.parametrize("text", ["x" * (LONGEST - 1), "\x00" * 40, "😀" * 17])
def test_what_is_too_long_is_left_out(text: str) -> None:
    opener = Opener()

    assert opener.open(seal({**VALUES, "enterprise_code": Secret(text)}, opener.public_key)) == {
        "db_uuid": VALUES["db_uuid"]
    }


@pytest.mark.parametrize("key", ["", "x", "AAAA", base64.b64encode(bytes(32)).decode()])
def test_what_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - of the library
        seal(VALUES, key)


STRANGE = {
    "nothing": "",
    "no Base64": "{{ canary }}",
    "short": base64.b64encode(bytes(20)).decode(),
    "zeros": base64.b64encode(bytes(560)).decode(),
    "ones": base64.b64encode(b"\x01" * 560).decode(),
}


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE)
def test_what_is_not_sealed_is_refused(text: str) -> None:
    with pytest.raises(NotOpened) as refused:
        Opener().open(text)

    assert "canary" not in str(refused.value)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("body", [b"[]", b"1", b'{"db_uuid": 1}', b'{"db_uuid": "' + b"x" * 300 + b'"}', b"{", b"\xff"])
def test_sealed_nonsense_is_refused(body: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    opener = Opener()
    monkeypatch.setattr("reconciler.model.sealing.json.dumps", lambda _: body.decode("latin-1"))
    sealed = seal({}, opener.public_key)

    with pytest.raises(NotOpened):
        opener.open(sealed)
