"""One file per value, as the older branches keep them."""

from __future__ import annotations

from reconciler.box.store import flat
from reconciler.box.store.values import StoreProblem, check_value
from reconciler.codes.phrases.store import STORE
from reconciler.codes.writing.sentences import sentence

from ..oracle import check_refusal, check_secret, planted

_SEPARATOR = b"\0"


def seeds() -> list[bytes]:
    """Contents of the five files, a null byte between them."""
    return [
        _SEPARATOR.join([b"https://db.example\n", b"@@\n", b"@@", b"M210101\r\n", b"*.d73e7513.odoo-iot.com\n"]),
        _SEPARATOR.join([b"\xef\xbb\xbfhttps://x", b" @@ ", b"\n@@", b"\xff@@\n", b"a\rb\n"]),
        b"",
    ]


def one_input(data: bytes) -> None:
    """What is read can be written and read again."""
    contents = dict(zip(flat.FILES, planted(data).split(_SEPARATOR), strict=False))
    reading = flat.read(contents)
    for each in (*reading.malformed, *reading.warnings):
        check_refusal(sentence(each, STORE))
    check_secret(repr(reading))
    for key, value in reading.values.items():
        if value is not None:
            _check_round_trip(value, key)


def _check_round_trip(value: str, name: str) -> None:
    try:
        check_value(name, value)
    except StoreProblem as refused:
        check_refusal(str(refused))
        return
    assert flat.parse(flat.render(value, name)) == value
