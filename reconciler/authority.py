"""Ask www.odoo.com for a certificate, and give every way in which that can end its code.

The request is the vendor's own: a JSON object with `params`, no session. Unlike the vendor's program we verify TLS,
bound size and time, and follow no redirect. Nothing of the reply is trusted: what it says of an error is cut,
flattened to one line and freed of our credentials before it becomes evidence.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from .codes import CodeName, Variant, refusal_kinds
from .machine.reason import OwnReason, is_by_date, reason
from .model.reveal import reveal
from .model.secret import Secret, redact
from .model.statement import Statement, Value, say, with_texts
from .net.network import HttpsRequest, Network
from .net.replies import HttpReply

_SECONDS = 30.0
"""The newest branches wait 95 s for one try; answers were seen within 2 s."""
_LIMIT = 1 << 18
"""Bytes. A chain of three RSA certificates with its key is under 10 KiB."""
_HEADERS = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "OdooIoTBox/1.0"}
_HTTP_OK = 200


class Answer(StrEnum):
    """What there was in place of a certificate.

    `not_an_object`: JSON all the same. `server_error`: an error beside the result; `refused`: one in the result.
    `no_result`: none, or an empty one. `empty_pair`: a result without certificate or key.
    """

    NOT_JSON = "not_json"
    NOT_AN_OBJECT = "not_an_object"
    SERVER_ERROR = "server_error"
    NO_RESULT = "no_result"
    REFUSED = "refused"
    EMPTY_PAIR = "empty_pair"


@dataclass(frozen=True, slots=True)
class Issued:
    """What the authority gave, not judged yet. `subject` is empty where it says none: the certificate has its names."""

    subject: str
    certificate_pem: str
    key_pem: Secret


@dataclass(frozen=True, slots=True)
class Refused:
    """Why there is no certificate.

    Args:
        seen: the evidence; of an answer that is no success it has the HTTP status, `status`.
        variant: what more is known of it.
        answer: what the authority itself said in place of one.
    """

    code: CodeName
    seen: tuple[Statement, ...]
    variant: Variant | None = None
    answer: Answer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Whom to ask, for which database."""

    url: str
    db_uuid: Secret | None
    enterprise_code: Secret | None
    ca_file: str | None = None
    proxy: Secret | None = None
    seconds: float = _SECONDS


def ask(network: Network, question: Question) -> Issued | Refused:
    """Send one request; never raises for anything that the network or the authority does."""
    if not question.db_uuid:
        return Refused(CodeName.LOAD_NO_CREDENTIAL, (say("no_uuid"),))
    host = urlsplit(question.url).hostname or question.url
    try:
        reply = _send(network, question)
    except ssl.SSLCertVerificationError as error:
        seen = say("not_of_host", host=host, reason=error.verify_message or error.reason)
        return _no_answer_of_odoo(seen, Variant.OUT_OF_DATE if is_by_date(error) else None)
    except ValueError as error:
        return _no_answer_of_odoo(say("not_http", reason=_why(error, question)))
    except OSError as error:
        seen = say("unreached", host=host, reason=_why(error, question))
        return Refused(CodeName.LOAD_REQUEST_EXCEPTION, (seen,))
    return _judge(reply, question)


def _send(network: Network, question: Question) -> HttpReply:
    credentials = {
        "db_uuid": reveal(question.db_uuid) if question.db_uuid else "",
        "enterprise_code": reveal(question.enterprise_code) if question.enterprise_code else "",
    }
    request = HttpsRequest(
        url=question.url,
        timeout=question.seconds,
        limit=_LIMIT,
        body=json.dumps({"params": credentials}).encode(),
        headers=_HEADERS,
        ca_file=question.ca_file,
        proxy=reveal(question.proxy) if question.proxy else None,
    )
    return network.send(request)


def _judge(reply: HttpReply, question: Question) -> Issued | Refused:
    if reply.status != _HTTP_OK:
        seen = say("status", status=reply.status, reason=_shown(reply.reason, question))
        return Refused(CodeName.LOAD_REQUEST_STATUS, (seen,))
    if not reply.complete:
        return _no_answer_of_odoo(say("too_long", limit=_LIMIT))
    try:
        answer = json.loads(reply.body)
    except (ValueError, RecursionError):
        start = _shown(reply.body[:60].decode("utf-8", errors="replace"), question)
        return _no_answer_of_odoo(say("not_json", start=start), answer=Answer.NOT_JSON)
    if not isinstance(answer, dict):
        return _no_answer_of_odoo(say("no_object"), answer=Answer.NOT_AN_OBJECT)
    return _result(answer, question)


def _result(answer: Mapping[str, object], question: Question) -> Issued | Refused:
    if answer.get("error"):
        seen = say("server_error", reason=_shown(answer["error"], question))
        return _no_result(seen, Variant.SERVER_ERROR, Answer.SERVER_ERROR)
    result = answer.get("result")
    if not isinstance(result, dict) or not result:
        return _no_result(say("no_result"), answer=Answer.NO_RESULT)
    if result.get("error"):
        told = _shown(result["error"], question)
        return _no_result(say("refused", reason=told), refusal_kinds.kind_of(told), Answer.REFUSED)
    values = [result.get(key) for key in ("x509_pem", "private_key_pem")]
    texts = [value for value in values if isinstance(value, str) and value.strip()]
    if len(texts) != len(values):
        return _no_result(say("empty"), Variant.UNUSABLE, Answer.EMPTY_PAIR)
    subject = result.get("subject_cn") or ""
    if not isinstance(subject, str) or not all(map(_is_unicode, (*texts, subject))):
        return _no_result(say("no_text"), Variant.UNUSABLE)
    certificate, key = texts
    return Issued(subject.strip(), certificate, Secret(key))


def _no_result(seen: Statement, variant: Variant | None = None, answer: Answer | None = None) -> Refused:
    return Refused(CodeName.LOAD_REQUEST_NO_RESULT, (seen,), variant, answer)


def _no_answer_of_odoo(seen: Statement, variant: Variant | None = None, answer: Answer | None = None) -> Refused:
    return Refused(CodeName.ANSWER_NOT_FROM_ODOO, (seen,), variant, answer)


def _is_unicode(text: str) -> bool:
    """JSON can hold half a surrogate pair, which no file can."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _why(error: Exception, question: Question) -> Value:
    if isinstance(error, OwnReason):
        return with_texts(reason(error), lambda text: _shown(text, question))
    return _shown(error, question)


def _shown(what: object, question: Question) -> str:
    try:
        text = str(what)
    except RecursionError:  # nested just as deep as the parser still takes
        text = "something nested too deep to be shown"
    return redact(text, question.db_uuid, question.enterprise_code, question.proxy)
