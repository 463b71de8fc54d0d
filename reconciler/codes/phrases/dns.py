"""What DNS servers do that are asked for a name: sentences that the codes about them share."""

from __future__ import annotations

from typing import Final

DNS_ANSWERS: Final = {
    "asked_for": "{name}:",
    "should_lead": "{name} should lead to {address}:",
    "answered": "{server}{whose:aside whose} answers {addresses:first 3}{public:word public_names}",
    "silent": "{server}{whose:aside whose} does not answer{public:word public_names}",
    "said": "{server}{whose:aside whose} answers {said}{public:word public_names}",
}
"""What DNS servers that were asked for a name did."""
