"""Answers of a box, read strictly and within bounds: whatever is none of a box's is refused in one sentence."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final, cast

from ..model.bounded_json import Bounds, loads
from ..model.secret import Secret, redact
from ..model.statement import say
from .answer import NoAnswer, PageAnswer
from .session import MOST_ANSWER

_BOUNDS: Final = Bounds(MOST_ANSWER, values=20_000, depth=12)
"""The status of a box with many devices has some hundred values."""
_LONGEST: Final = 4000
"""Characters of a box's own words that are looked at; far fewer are shown."""


def json_of(answer: PageAnswer, path: str) -> object:
    """Return the JSON of an answer, whatever its content type says: the vendor's says `text/html`.

    Raises:
        NoAnswer: another status than 200, or no JSON of bounded size.
    """
    found(answer, path)
    try:
        return loads(answer.body, _BOUNDS)
    except ValueError:
        pass
    raise NoAnswer(say("page_not_json", path=path), sent=True)


def object_of(answer: PageAnswer, path: str) -> Mapping[str, object]:
    """Return the JSON object of an answer.

    Raises:
        NoAnswer: see `json_of`.
    """
    value = json_of(answer, path)
    if not isinstance(value, dict):
        raise NoAnswer(say("page_strange", path=path), sent=True)
    return cast("Mapping[str, object]", value)


def result_of(answer: PageAnswer, path: str, *sent: Secret) -> object:
    """Return the result of a JSON-RPC answer.

    Args:
        sent: what went with the request, and is not repeated where the box repeats it.

    Raises:
        NoAnswer: see `json_of`; or the answer is an error, whose words are the box's.
    """
    reply = object_of(answer, path)
    if (error := reply.get("error")) is not None:
        raise NoAnswer(say("page_failed", path=path, reason=_error(error, *sent)), sent=True)
    if "result" not in reply:
        raise NoAnswer(say("page_strange", path=path), sent=True)
    return reply["result"]


def found(answer: PageAnswer, path: str) -> None:
    """Refuse another status than 200, with what it means.

    Raises:
        NoAnswer: it is another one.
    """
    unredirected(answer, path)
    if answer.status != HTTPStatus.OK:
        raise NoAnswer(say("page_status", path=path, status=answer.status), sent=True)


def unredirected(answer: PageAnswer, path: str) -> None:
    """Refuse a redirect, with which a box never answers.

    Raises:
        NoAnswer: it is one.
    """
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        raise NoAnswer(say("page_redirects", path=path, status=answer.status), sent=True)


def quoted(words: object, *sent: Secret) -> str:
    """Return a box's own words as one short line without what was sent; nothing where they are no text."""
    return redact(words[:_LONGEST], *sent) if isinstance(words, str) else ""


def _error(error: object, *sent: Secret) -> str:
    if not isinstance(error, dict):
        return quoted(error, *sent)
    data = error.get("data")
    inner = data.get("message") if isinstance(data, dict) else None
    return quoted(inner if isinstance(inner, str) and inner else error.get("message"), *sent)
