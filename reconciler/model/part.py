"""What a look at a box is made of: a gap in it names the part, and no other check judges what is inside."""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """Every part that may not have been observed, as a path in `Observed`; what encloses others stands before them."""

    CLOCK = "clock"
    IDENTITY = "identity"
    DISK = "disk"
    DISK_LIVE = "disk.live_free"
    DISK_MIRROR = "disk.mirror_free"
    DISK_HOME = "disk.home_free"
    DISK_RUN = "disk.run_free"
    RESOLVERS = "resolvers"
    RESOLVERS_LIVE = "resolvers.live"
    RESOLVERS_PERSISTENT = "resolvers.persistent"
    RESOLVERS_RESOLVE = "resolvers.resolves"
    STORE = "store"
    STORE_SERVER_URL = "store.server_url"
    STORE_TOKEN = "store.token"  # noqa: S105 - the name of a value, not a value
    STORE_DB_NAME = "store.db_name"
    STORE_DB_UUID = "store.db_uuid"
    STORE_ENTERPRISE_CODE = "store.enterprise_code"
    STORE_SUBJECT = "store.subject"
    CERTIFICATES = "certificates"
    CERTIFICATES_LIVE = "certificates.live"
    CERTIFICATES_LIVE_DIGEST = "certificates.live.digest"
    CERTIFICATES_CHAIN = "certificates.chain"
    CERTIFICATES_MIRROR = "certificates.mirror"
    CERTIFICATES_SERVED = "certificates.served"
    CERTIFICATES_KEYS = "certificates.exposed_keys"
    CERTIFICATES_OWNERS = "certificates.not_renewable"
    NGINX = "nginx"
    NGINX_RUNNING = "nginx.running"
    ODOO = "odoo"
    ODOO_ANSWERS = "odoo.answers"
    ODOO_MANAGER = "odoo.manager_dead"
    MEMORY = "memory"
    OUTSIDE = "outside"

    def is_within(self, other: Part) -> bool:
        """Tell whether it is the other one, or a part of it."""
        return self == other or self.startswith(f"{other}.")
