"""What is seen at a step of a diagnosis at which nothing is wrong: the proof that it was walked, in a few words."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from .asking import ASKING
from .dns import DNS_ANSWERS

WALKED: Final[Mapping[str, str]] = MappingProxyType(
    {
        **ASKING,
        **DNS_ANSWERS,
        "not_reached": "not reached",
        "not_looked": "not looked at",
        "unasked": "not asked",
        "presented": "{name:or a certificate} is presented, {left:span} left; key and mirror are not seen",
        "out_of_sight": "not seen: the box's homepage does not show it",
        "at": "{address}",
        "image": ", image {image}",
        "branch": ", {branch}",
        "answers": "answers",
        "same_clock": "as this machine's",
        "clock": "{skew:span} from the control machine's",
        "on_the_network": "no, it is on the shop's network",
        "linked": "{server:or linked}",
        "with_contract": "database UUID and contract are stored",
        "without_contract": "database UUID and no contract are stored",
        "files_in_order": "in order",
        "files": "{name:or a certificate}, {left:span} left, key and mirror belong to it",
        "but_own_page": "but the box's own page says {text}",
        "page_without_it": "this branch says nothing of it",
        "page_would_act": "not read: that could make the box ask www.odoo.com and rewrite its certificate",
        "page_unread": "not read: {reason}",
        "page_status": "not read: the page answers HTTP status {status}, which healthy boxes do, too",
        "page_silent": "the page does not say",
        "configuration_loads": "its configuration loads",
        "presents_it": "nginx presents the installed certificate",
        "linked_to_none": "the box is linked to none",
        "finds_no_name": "the box finds no name in DNS",
        "host_answers": "{host} answers",
        "servers_find": "{servers} find {host}",
        "relayed": "the control machine asks in place of the box (relay)",
        "trusted": "{host} answers with a certificate that the box trusts",
        "site": "its front page answers {status}, no maintenance",
        "was_refused": "the box was refused on {at}, so have it ask again, which reconcile does",
        "nobody_asked": "nobody was asked; iot_https_client_resolvers says whom tills ask",
        "no_outside": "not looked at from outside",
        "same_outside": "port {port} shows the same certificate from outside",
    }
)
