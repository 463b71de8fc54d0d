"""Do nginx and Odoo run, and will they after the next start?"""

from __future__ import annotations

from ..codes import CodeName, Variant
from ..results.finding import Finding, finding
from .case import Case
from .odoo_options import cut_off


def check_nginx_config(case: Case) -> Finding | None:
    """Nginx accepts its configuration, the certificate aside."""
    line = case.observed.nginx.config_error
    return None if line is None else finding(CodeName.NGINX_CONFIG_BROKEN, line)


def check_nginx_certificate(case: Case) -> Finding | None:
    """Nginx is told to serve the box's certificate, and no other."""
    named = case.observed.nginx.served_instead
    if not named:
        return None
    places = ", ".join(f"{each.path} ({each.file}, line {each.line})" for each in named)
    return finding(CodeName.NGINX_OTHER_CERTIFICATE, f"on port {case.desired.https_port} nginx serves {places}")


def check_nginx(case: Case) -> Finding | None:
    """Nginx runs."""
    if case.observed.nginx.running is not False:
        return None
    return finding(CodeName.NGINX_DOWN, case.observed.certificates.serve_error or "no nginx process")


def check_odoo_stopped(case: Case) -> Finding | None:
    """Odoo is not stopped by a signal."""
    if not case.observed.odoo.stopped:
        return None
    return finding(CodeName.ODOO_STOPPED, "the Odoo process is stopped by a signal")


def check_odoo(case: Case) -> Finding | None:
    """Odoo answers; a stopped one is told as stopped, and one whose options keep it from answering by these."""
    if case.observed.odoo.answers is not False or case.observed.odoo.stopped or cut_off(case):
        return None
    return finding(CodeName.ODOO_DOWN, f"no answer to /hw_proxy/hello on port {case.desired.homepage_port}")


def check_odoo_restart(case: Case) -> Finding | None:
    """No change of an earlier run still waits for a restart, which is made only where Odoo answers after it."""
    if not case.observed.odoo.restart_pending:
        return None
    evidence = "an earlier run changed what Odoo reads only at its start"
    variant = Variant.OPTIONS_FIRST if cut_off(case) else None
    return finding(CodeName.ODOO_RESTART_PENDING, evidence, variant=variant)
