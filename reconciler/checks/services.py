"""Do nginx and Odoo run, and will they after the next start?"""

from __future__ import annotations

from ..codes import CodeName, Variant
from ..model.statement import say
from ..results.finding import Finding, finding
from .case import Case
from .odoo_options import cut_off


def check_nginx_config(case: Case) -> Finding | None:
    """Nginx accepts its configuration, the certificate aside."""
    complaint = case.observed.nginx.config_error
    return None if complaint is None else finding(CodeName.NGINX_CONFIG_BROKEN, complaint)


def check_nginx_certificate(case: Case) -> Finding | None:
    """Nginx is told to serve the box's certificate, and no other."""
    named = case.observed.nginx.served_instead
    if not named:
        return None
    first, *others = named
    seen = say("serves", port=case.desired.https_port, path=first.path, file=first.file, line=first.line)
    beside = (say("and_serves", path=each.path, file=each.file, line=each.line) for each in others)
    return finding(CodeName.NGINX_OTHER_CERTIFICATE, seen, *beside)


def check_nginx(case: Case) -> Finding | None:
    """Nginx runs."""
    if case.observed.nginx.running is not False:
        return None
    error = case.observed.certificates.serve_error
    return finding(CodeName.NGINX_DOWN, error or say("no_process"))


def check_status_page(case: Case) -> Finding | None:
    """The page that says which box it is can be read, where the box is reached by its homepage."""
    pages = case.observed.by_homepage
    if pages is None or pages.status_error is None:
        return None
    return finding(CodeName.STATUS_PAGE_FAILS, say("unfit", reason=pages.status_error))


def check_odoo_stopped(case: Case) -> Finding | None:
    """Odoo is not stopped by a signal."""
    if not case.observed.odoo.stopped:
        return None
    return finding(CodeName.ODOO_STOPPED, say("by_signal"))


def check_odoo(case: Case) -> Finding | None:
    """Odoo answers; a stopped one is told as stopped, and one whose options keep it from answering by these."""
    if case.observed.odoo.answers is not False or case.observed.odoo.stopped or cut_off(case):
        return None
    return finding(CodeName.ODOO_DOWN, say("no_answer", port=case.desired.homepage_port))


def check_odoo_restart(case: Case) -> Finding | None:
    """No change of an earlier run still waits for a restart, which is made only where Odoo answers after it."""
    if not case.observed.odoo.restart_pending:
        return None
    variant = Variant.OPTIONS_FIRST if cut_off(case) else None
    return finding(CodeName.ODOO_RESTART_PENDING, say("waits"), variant=variant)
