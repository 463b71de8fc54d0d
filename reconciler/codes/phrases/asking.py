"""What may be seen where somebody asks www.odoo.com for a certificate, whatever came of it: its codes share these."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

TOO_LATE: Final = {
    "too_late": "{left:whole} s left, asking www.odoo.com needs up to {needed:whole} s",
    "not_begun": "{left:whole} s left, {what:word undertaking} needs up to {needed:whole} s: not begun",
}
ASKING: Final[Mapping[str, str]] = MappingProxyType(
    {
        "no_uuid": "there is no database UUID to ask with, nothing was sent",
        "not_of_host": "the certificate that came back is not one of {host}: {reason:or no reason given}",
        "not_of_host_through_proxy": "through iot_https_proxy, the certificate that came back is not one of {host}: "
        "{reason:or no reason given}",
        "came": "what came back is a certificate for {name}, issued by {issuer} ({reason:or no reason given})",
        "came_through_proxy": "through iot_https_proxy, what came back is a certificate for {name}, issued by "
        "{issuer} ({reason:or no reason given})",
        "front_page": "the front page of {host} answers {status}",
        "not_http": "the answer is not HTTP: {reason}",
        "unreached": "{host}: {reason}",
        "status": "{status} {reason}",
        "request": "the request for a certificate was answered {status} {reason}",
        "also_in_log": "the box's own log says so, too: {text} ({at:or without a time})",
        "only_in_log": "not asked; the box's own log of {at:or no known time}: {text}",
        "own_words": "the box's own page says: {text}",
        **TOO_LATE,
        "too_long": "the answer is longer than {limit} bytes",
        "not_json": "the answer is not JSON, it begins with: {start}",
        "no_object": "the answer is not a JSON object",
        "server_error": "server error: {reason}",
        "no_result": "the answer holds no result",
        "refused": "refused: {reason}",
        "empty": "the certificate in the answer is empty",
        "no_text": "the certificate in the answer is not text",
        "granted": "granted (test request, certificate discarded)",
        "granted_to": "given to {box} of the same database, and dropped",
        "granted_to_control_machine": "given to the control machine, and dropped",
        "by_control_machine": "asked by the control machine:",
        "not_again": "not asked again, since {boxes:and} of the same database got:",
        "not_asked": "not asked, since {boxes} got:",
        "not_asked_anywhere": "not asked, since boxes of {customers} customers got this",
    }
)
