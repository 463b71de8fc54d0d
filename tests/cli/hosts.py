"""An inventory of two stores, one of whose entries is invalid, and what the command prints of it."""

from __future__ import annotations

import json
from collections.abc import Callable

HOSTS = """\
all:
  vars:
    iot_https_connection: local
    ansible_connection: local
    iot_https_customer: bakery
    iot_https_server_url: https://db.example
    iot_https_token: canary-token
    iot_https_db_uuid: 11111111-2222-3333-4444-555555555555
    iot_https_enterprise_code: CANARY210101
    iot_https_resolvers: [1.1.1.1, 8.8.8.8]
  children:
    hanoi:
      vars: {iot_https_store: Hanoi}
      hosts: {hanoi-till-1: {}, hanoi-till-2: {}}
    hue:
      vars: {iot_https_store: Hue}
      hosts:
        hue-till-1: {}
        hue-till-2: {iot_https_resolvers: nowhere}
"""
Command = Callable[..., tuple[int, str, str]]


def states(out: str) -> dict[str, str]:
    return {each["name"]: each["state"] for each in json.loads(out)["boxes"]}
