"""The way to working HTTPS as a chain of steps, each of which needs the ones before it: their names."""

from __future__ import annotations

from enum import StrEnum


class StepName(StrEnum):
    """The steps, in the order in which a technician walks them."""

    REACHABLE = "reachable"
    CLOCK = "clock"
    ACCESS_POINT = "access_point"
    LINK = "link"
    DATABASE = "database"
    CREDENTIALS = "credentials"
    BOX_DNS = "box_dns"
    AUTHORITY = "authority"
    SITE = "site"
    ELIGIBILITY = "eligibility"
    FILES = "files"
    NGINX = "nginx"
    SERVED = "served"
    ODOO = "odoo"
    CLIENT_DNS = "client_dns"
    OUTSIDE = "outside"
