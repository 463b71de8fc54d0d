"""`odoo.conf`: read as the vendor's program would, and edited so that every foreign byte stays."""

from __future__ import annotations

from pathlib import Path

from reconciler.box.store import ini
from reconciler.box.store.ini_edit import edit
from reconciler.box.store.ini_lines import LineKind, scan
from reconciler.box.store.values import StoreProblem
from reconciler.codes.phrases.store import STORE
from reconciler.codes.writing.sentences import sentence
from reconciler.model.observed import StoreFormat
from reconciler.model.repair import StoreKey

from ..oracle import check_refusal, check_secret, planted

_RECORDED = Path(__file__).parents[2] / "tests/recorded"
_FORMATS = (StoreFormat.INI_INTERPOLATED, StoreFormat.INI_RAW)
_CHANGES: tuple[dict[StoreKey, str | None], ...] = (
    {StoreKey.DB_UUID: "11111111-2222-3333-4444-555555555555"},
    {StoreKey.TOKEN: "50% of [it] = ; #", StoreKey.SERVER_URL: "https://db.example"},
    {StoreKey.SUBJECT: None, StoreKey.ENTERPRISE_CODE: "M210101"},
    dict.fromkeys(StoreKey),
)


def seeds() -> list[bytes]:
    """Files of real boxes, and those that stop the vendor's program."""
    files = [path.read_bytes() for path in sorted(_RECORDED.glob("*/odoo.conf"))]
    files += [
        b"[options]\nserver_wide_modules = web\n\n[iot.box]\ntoken = @@\ndb_uuid = %(token)s\n",
        b"[options]\r\na = 1\r\n[iot.box]\r\n  token : @@\r\n   more\r\n# c\r\n  subject=x",
        b"[iot.box]\ntoken = @@\nTOKEN = @@\n",
        b"[DEFAULT]\ntoken = @@\n[iot.box]\n@@\n",
        b"\xef\xbb\xbf[options]\n\xff@@",
        b"[x]\n\x0ctoken = 1\n\x1cdb =\r",
        b"[iot.box]\n\x0ctoken = 1\n\x1csubject = %\n\xc2\x85db_uuid =\n",
        b"",
    ]
    return [bytes([number]) + content for content in files for number in (0, 3, 5)]


def one_input(data: bytes) -> None:
    """The first byte says which format and which edit."""
    choice, content = data[:1] or b"\0", planted(data[1:])
    store_format, changes = _FORMATS[choice[0] % 2], _CHANGES[choice[0] // 2 % len(_CHANGES)]
    reading = ini.read(content, store_format)
    for each in (*reading.malformed, *reading.warnings):
        check_refusal(sentence(each, STORE))
    check_secret(repr(reading))
    try:
        edited = edit(content, store_format, changes)
    except StoreProblem as refused:
        check_refusal(str(refused))
        return
    after = ini.read(edited, store_format)
    assert not after.malformed
    assert {key: after.values[key] for key in changes} == changes
    assert edit(edited, store_format, changes) == edited, "an edit that is done is done again"
    ours = {ini.NAMES[key] for key in changes}
    _check_kept(_foreign(content.decode(), ours), _foreign(edited.decode(), ours))


def _foreign(text: str, ours: set[str]) -> list[str]:
    lines = scan(text).lines
    return [
        each.text
        for each in lines
        if each.text and (each.section != ini.SECTION or each.key not in ours or each.kind is LineKind.OTHER)
    ]


def _check_kept(before: list[str], after: list[str]) -> None:
    """Every foreign line is there, in order. Empty ones do not count: behind a bare CR, a new one makes it CR LF."""
    rest = iter(after)
    for line in before:
        assert line in rest, f"a foreign line is gone: {line!r}"
