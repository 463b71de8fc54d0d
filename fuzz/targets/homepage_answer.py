"""What a homepage answers, as each reader of it takes it; it may repeat what was sent. The first byte picks one."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from reconciler.codes.writing.sentences import line
from reconciler.homepage.answer import NoAnswer, PageAnswer
from reconciler.homepage.dialect import DIALECTS, Dialect
from reconciler.homepage.levels import parse_log_levels
from reconciler.homepage.pages import parse_credentials, parse_status_page
from reconciler.homepage.replies import result_of
from reconciler.homepage.status import parse_data
from reconciler.model.secret import Secret

from ..oracle import CANARY, check_shown, planted

_RECORDED = Path(__file__).parents[2] / "tests" / "recorded"
_PATH = "/data"
_READERS: tuple[Callable[[PageAnswer], object], ...] = (
    lambda answer: parse_data(answer, _PATH),
    lambda answer: parse_credentials(answer, _PATH),
    lambda answer: parse_status_page(answer, _PATH),
    lambda answer: result_of(answer, _PATH, Secret(CANARY)),
    lambda answer: parse_log_levels(DIALECTS[Dialect.FLAT_16], answer, _PATH),
    lambda answer: parse_log_levels(DIALECTS[Dialect.NEWEST], answer, _PATH),
)
_KINDS = {".json": (0, 3, 5), ".html": (1, 2, 4)}
_REPEATING = {"error": {"message": "x", "data": {"message": "no @@ here"}}}


def seeds() -> list[bytes]:
    """Every recorded answer for each reader that it may be for, and an error that repeats a secret."""
    files = sorted(each for each in _RECORDED.rglob("*") if each.suffix in _KINDS)
    found = [bytes([reader]) + each.read_bytes() for each in files for reader in _KINDS[each.suffix]]
    broken = [b"\x01" + each * 2000 for each in (b"<a ", b"<!--", b"<a a='", b"&#9")]
    odd = [b"\x00" + b"[" * 5000, b"\x04<select name=iot-logging-odoo><option selected", b"\x01<![{>"]
    return [*found, b"\x03" + json.dumps(_REPEATING).encode(), *broken, *odd]


def one_input(data: bytes) -> None:
    """A value, or one sentence without a secret."""
    if not data:
        return
    read, body = _READERS[data[0] % len(_READERS)], planted(data[1:])
    try:
        read(PageAnswer(200, body))
    except NoAnswer as problem:
        said = line([problem.statement], {})
        assert said
        check_shown(said)
        check_shown(str(problem))
