"""Do nginx and Odoo run, and will they after the next start?"""

# ruff: noqa: ARG001 - all checks take the same three arguments, whether or not they need them

from __future__ import annotations

from datetime import datetime

from ..codes import CodeName, Variant
from ..model.desired import Desired
from ..model.observed import Observed
from ..results.finding import Finding, finding
from .odoo_options import cut_off


def check_nginx_config(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """Nginx accepts its configuration, the certificate aside."""
    line = observed.nginx.config_error
    return None if line is None else finding(CodeName.NGINX_CONFIG_BROKEN, line)


def check_nginx_certificate(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """Nginx is told to serve the box's certificate, and no other."""
    named = observed.nginx.served_instead
    if not named:
        return None
    places = ", ".join(f"{each.path} ({each.file}, line {each.line})" for each in named)
    return finding(CodeName.NGINX_OTHER_CERTIFICATE, f"on port {desired.https_port} nginx serves {places}")


def check_nginx(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """Nginx runs."""
    if observed.nginx.running is not False:
        return None
    return finding(CodeName.NGINX_DOWN, observed.certificates.serve_error or "no nginx process")


def check_odoo_stopped(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """Odoo is not stopped by a signal."""
    if not observed.odoo.stopped:
        return None
    return finding(CodeName.ODOO_STOPPED, "the Odoo process is stopped by a signal")


def check_odoo(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """Odoo answers; a stopped one is told as stopped, and one whose options keep it from answering by these."""
    if observed.odoo.answers is not False or observed.odoo.stopped or cut_off(desired, observed):
        return None
    return finding(CodeName.ODOO_DOWN, f"no answer to /hw_proxy/hello on port {desired.homepage_port}")


def check_odoo_restart(desired: Desired, observed: Observed, now: datetime) -> Finding | None:
    """No change of an earlier run still waits for a restart, which is made only where Odoo answers after it."""
    if not observed.odoo.restart_pending:
        return None
    evidence = "an earlier run changed what Odoo reads only at its start"
    variant = Variant.OPTIONS_FIRST if cut_off(desired, observed) else None
    return finding(CodeName.ODOO_RESTART_PENDING, evidence, variant=variant)
