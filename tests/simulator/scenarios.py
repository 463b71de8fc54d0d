"""For each code that a simulated box can come to, the scenario in which a diagnosis names it first."""

from __future__ import annotations

from reconciler.box.paths import LOCK
from reconciler.codes import CodeName
from reconciler.model.desired import CertificateSource
from reconciler.model.inquiry import Holder
from reconciler.model.statement import told

from ..box import table_faults as faults
from ..support import runs
from .diagnosing import (
    CONF,
    NAME,
    ROUTER,
    STAGING,
    Scenario,
    asked_in_vain,
    dead_desired,
    fault,
    folder,
    full,
    hide_everywhere,
    linked_by_pi,
    mode,
    never_back,
    no_ip,
    not_loaded,
    options,
    otherwise,
    outside,
    renamed,
    resolved,
    router,
    untrusted,
    worn_out,
)

C = CodeName
_HELPERS = "/home/pi/odoo/addons/iot_drivers/tools/helpers.py"
_CLIENTS = {"client_resolvers": (ROUTER,)}
_OLD = "https://old.example"
_PRINTER = Holder(subject="CN=Printer", issuer="CN=Printer")
OF_THE_BOX = (
    Scenario(C.BUSY, lambda fleet: fleet.box.hold_lock(LOCK, "4711")),
    Scenario(C.DEADLINE, deadline=20.0),
    Scenario(C.UNSUPPORTED_LAYOUT, faults.removed(_HELPERS, "")),
    Scenario(C.WRONG_BOX, want={"serial": "another"}),
    Scenario(C.NOT_OBSERVED, no_ip),
    Scenario(C.WRONG_CLOCK, fault("wrong_clock")),
    Scenario(C.DISK_FULL, full),
)
OF_THE_LINK = (
    Scenario(C.CHECK_NO_SERVER, faults.linked(remote_server="")),
    Scenario(C.LINKED_ELSEWHERE, fault("other_customer")),
    Scenario(C.SERVER_DIFFERS, faults.linked(remote_server=_OLD), want={"own_servers": (_OLD,)}),
    Scenario(C.DB_NAME_DIFFERS, want={"db_name": "shop"}),
    Scenario(C.STORE_UNREADABLE, faults.removed(CONF, "")),
    Scenario(C.STORE_MALFORMED, faults.edit(CONF, lambda text: text + b"\n[options]\na = 1\n", "")),
    Scenario(C.STORE_WARNING, faults.edit(CONF, lambda text: text[text.index(b"[iot.box]") :], "")),
    Scenario(C.DATABASE_UNREACHABLE, fault("database_down")),
    Scenario(C.LOAD_NO_CREDENTIAL, faults.linked(db_uuid="")),
    Scenario(C.CREDENTIALS_DIFFER, fault("credentials")),
)
NOBODY = "192.0.2.8"
OF_DNS = (
    Scenario(C.RESOLVERS_DO_NOT_WORK, fault("resolvers")),
    Scenario(C.RESOLVERS_DIFFER, faults.put("/etc/resolv.conf", b"nameserver 8.8.8.8\n")),
    Scenario(C.RESOLVERS_NOT_PERSISTED, faults.put("/etc/resolv.conf", b"nameserver 8.8.8.8\n", *runs.TREES[1:])),
    Scenario(C.RESOLVER_OWNER_UNSUPPORTED, resolved, want={"resolvers": ("9.9.9.9",)}),
    Scenario(C.CLIENT_DNS_REBIND, router(rebind_protection=True)),
    Scenario(C.CLIENT_DNS_REBIND, router(rebind_protection=True, hides_with="REFUSED")),
    Scenario(C.CLIENT_DNS_REBIND, router(rebind_protection=True, hides_with=None), want=_CLIENTS),
    Scenario(C.CLIENT_DNS_OUTAGE, router(alive=False), want=_CLIENTS),
    Scenario(C.CLIENT_DNS_OUTAGE, router(rcode="SERVFAIL"), want=_CLIENTS),
    Scenario(C.CLIENT_DNS_STALE, fault("old_name")),
    Scenario(C.CLIENT_DNS_WRONG, router(lies={NAME: ("185.199.108.153",)})),
    Scenario(C.CLIENT_DNS_UNKNOWN_NAME, hide_everywhere),
    Scenario(C.NAME_NOT_RESOLVED, seen=outside(addresses=()), public_dns=NOBODY),
    Scenario(C.NAME_LEADS_ELSEWHERE, seen=outside(addresses=("10.0.0.1",)), public_dns=NOBODY),
)
NOT_ASKED = {"certificate_source": CertificateSource.RELAY}
"""The control machine would ask, and has not yet: so far only the inventory speaks against the database."""
OF_THE_AUTHORITY = (
    Scenario(C.LOAD_REQUEST_EXCEPTION, fault("authority_down")),
    Scenario(C.LOAD_REQUEST_EXCEPTION, mode("timeout")),
    Scenario(C.ANSWER_NOT_FROM_ODOO, fault("intercepted")),
    Scenario(C.ANSWER_NOT_FROM_ODOO, mode("captive")),
    Scenario(C.LOAD_REQUEST_STATUS, mode(404)),
    Scenario(C.LOAD_REQUEST_STATUS, lambda fleet: setattr(fleet.box.world, "site", 503)),
    Scenario(C.LOAD_REQUEST_NO_RESULT, mode("refuse")),
    Scenario(C.LOAD_REQUEST_NO_RESULT, mode("noresult"), kind="ro_flat"),
    Scenario(C.DATABASE_COPIED, want={"copies": ("https://copy.example",), **NOT_ASKED}),
    Scenario(C.DATABASE_FOR_TESTS, renamed, want={"server_url": STAGING, **NOT_ASKED}),
    Scenario(C.NOTHING_NEWER, asked_in_vain),
)
OF_THE_FILES = (
    Scenario(C.FOREIGN_LINK, linked_by_pi),
    Scenario(C.CHECK_CERT_READ_EXCEPTION, folder("/etc/ssl/certs/nginx-cert.crt")),
    Scenario(C.CHECK_CERT_READ_EXCEPTION, faults.mode("/etc/ssl/certs/nginx-cert.crt", 0o600, 0)),
    Scenario(C.CERTIFICATE_MISSING, faults.removed("/etc/ssl/certs/nginx-cert.crt")),
    Scenario(C.CERTIFICATE_MALFORMED, faults.put("/etc/ssl/certs/nginx-cert.crt", b"")),
    Scenario(C.KEY_MISSING, faults.removed("/etc/ssl/private/nginx-cert.key")),
    Scenario(C.KEY_UNREADABLE, folder("/etc/ssl/private/nginx-cert.key")),
    Scenario(C.KEY_MALFORMED, faults.put("/etc/ssl/private/nginx-cert.key", b"")),
    Scenario(C.KEY_ENCRYPTED, faults.encrypted),
    Scenario(C.KEY_MISMATCH, fault("mixed")),
    Scenario(C.TEMPORARY_CERTIFICATE, faults.temporary()),
    Scenario(C.EXPIRED, fault("expired")),
    Scenario(C.NOT_YET_VALID, faults.issued(90, -2)),
    Scenario(C.RENEWAL_OVERDUE, fault("overdue")),
    Scenario(C.RENEWAL_DUE, faults.issued(7, 80)),
    Scenario(C.CERTIFICATE_REFUSED, faults.of_two_stars),
    Scenario(C.CERTIFICATE_WITHOUT_CN, faults.without_common_name, kind="ro_ini"),
    Scenario(C.CHAIN_INCOMPLETE, faults.issued(chain=False)),
    Scenario(C.CHAIN_UNTRUSTED, untrusted),
    Scenario(C.SUBJECT_MISMATCH, faults.linked(subject="*.0.odoo-iot.com")),
    Scenario(C.NOT_PERSISTED, fault("lost_at_restart")),
    Scenario(C.NOT_RENEWABLE, fault("not_renewable")),
    Scenario(C.KEY_EXPOSED, faults.mode("/etc/ssl/private/nginx-cert.key", 0o644)),
)
OF_THE_SERVICES = (
    Scenario(C.NGINX_CONFIG_BROKEN, fault("nginx_broken")),
    Scenario(C.NGINX_OTHER_CERTIFICATE, faults.shops_own),
    Scenario(C.NGINX_DOWN, fault("nginx_down")),
    Scenario(C.NOT_SERVED, not_loaded),
    Scenario(C.ODOO_OPTIONS, options(b"http_port = 8070")),
    Scenario(C.ODOO_OPTIONS, options(b"proxy_mode = True")),
    Scenario(C.ODOO_DOWN, lambda fleet: fleet.box.odoo.signal(9)),
    Scenario(C.ODOO_STOPPED, lambda fleet: fleet.box.odoo.signal(19)),
    Scenario(C.ODOO_MANAGER_DEAD, lambda fleet: fleet.box.odoo.manager_dies("PermissionError: nginx-cert.crt")),
    Scenario(C.ODOO_RESTART_PENDING, faults.put("/run/iot-https/odoo-restart-pending", b"", "")),
    Scenario(C.HTTPS_UNREACHABLE, seen=otherwise(fingerprint=None, error="timed out")),
    Scenario(C.OTHER_CERTIFICATE_OUTSIDE, seen=otherwise(fingerprint="00" * 32, holder=_PRINTER)),
    Scenario(C.HTTPS_UNTRUSTED, seen=otherwise(untrusted="unable to get issuer certificate")),
    Scenario(C.HOMEPAGE_UNREACHABLE, seen=outside(hello=told("timed out"))),
)
OF_REPAIRS = (
    Scenario(C.REPAIR_FAILED, worn_out),
    Scenario(C.REPAIR_UNDONE, dead_desired, want={"resolvers": ("9.9.9.9",)}),
    Scenario(C.ODOO_DOWN_AFTER_REPAIR, never_back, kind="ro_flat"),
)
SCENARIOS = (
    *OF_THE_BOX,
    *OF_THE_LINK,
    *OF_DNS,
    *OF_THE_AUTHORITY,
    *OF_THE_FILES,
    *OF_THE_SERVICES,
    *OF_REPAIRS,
)
