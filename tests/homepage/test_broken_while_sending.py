"""A connection that breaks while the request is sent: urllib3 closes it and falls over that, which is no answer."""

from __future__ import annotations

from typing import Any

import pytest
from urllib3.connection import HTTPConnection

from reconciler.homepage.answer import NoAnswer
from reconciler.homepage.session import HELLO, Homepage
from tests.support.servers import serving, silent


def test_it_is_told_as_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def closed(self: Any, *_: object, **__: object) -> None:
        self.close()
        setattr(self, "_response_options", object())  # noqa: B010 - as of a request that was sent; a type of its own

    monkeypatch.setattr(HTTPConnection, "request", closed)
    with serving(silent) as served:
        page = Homepage("127.0.0.1", served.port, seconds=5.0)
        with pytest.raises(NoAnswer):
            page.get(HELLO)
