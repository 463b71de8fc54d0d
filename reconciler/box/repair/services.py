"""The repairs of services and clock: each asks the machine for one thing and waits until it is so."""

from __future__ import annotations

from ...codes import CATALOGUE, CodeName, Trait
from ...model.certificate_name import client_name
from ...model.repair import RestartCondition
from ...model.statement import Statement, say
from ...results.result import Repair, RepairOutcome
from ..pair.reading import read_pair
from ..paths import RESTART_PENDING
from ..services import nginx, restart
from .work import Work, done, failed, skipped

_SYNCHRONISED_SECONDS = 20.0


def resume_odoo(work: Work, repair: Repair) -> RepairOutcome:
    """Wake the process that an earlier run held when it died; it restarts, since what it had read may be old.

    Where this run restarts it anyway, it is only woken: one restart per box and run.
    """
    work.step("wake Odoo")
    held = work.hold.adopt()
    try:
        if held is not None and work.restarts_for_sure:
            work.restart = True
            return done(repair, say("woken"))
        return _restart(work, repair)
    finally:
        work.hold.release()


def enable_ntp(work: Work, repair: Repair) -> RepairOutcome:
    """Switch time synchronisation on; the time itself is never set by us."""
    system, deadline = work.box.system, work.box.deadline
    work.step("switch on time synchronisation")
    switched = system.run(("timedatectl", "set-ntp", "true"), deadline.within(20.0))
    if switched.status != 0:
        return failed(repair, say("not_switched_on", reason=switched.errors.strip()[-200:]))

    def synchronised() -> bool:
        asked = system.run(("timedatectl", "show", "--property=NTPSynchronized", "--value"), deadline.within(10.0))
        return asked.output.strip() == "yes"

    in_time = deadline.poll(synchronised, _SYNCHRONISED_SECONDS, 1.0)
    return done(repair, say("synchronised" if in_time else "switched_on"))


def load_nginx(work: Work, repair: Repair) -> RepairOutcome:
    """Reload or start nginx and wait until it presents the pair that is in place."""
    box = work.box
    work.step("test the nginx configuration")
    refusal = nginx.accepts(box.system, box.deadline)
    if refusal is not None:
        return failed(repair, refusal)
    work.step("load nginx")
    how = nginx.load(box.system, box.deadline)
    leaf = read_pair(box.system, box.live).certificate
    if leaf is None:
        return failed(repair, say("no_certificate"))
    name = client_name(work.observed.identity.host, leaf.name)
    if nginx.wait_until_served(box.system, box.deadline, box.desired.https_port, name, leaf.fingerprint):
        return done(repair, say("loaded", how=how))
    return failed(repair, say("loaded_in_vain", how=how, port=box.desired.https_port))


def restart_odoo(work: Work, repair: Repair) -> RepairOutcome:
    """Restart the vendor's program once, after everything else, and wait until it answers."""
    if not _has_cause(work, repair):
        work.hold.release()
        clear_mark(work)
        why = _would_die_again(work) if CodeName.ODOO_MANAGER_DEAD in repair.because else None
        return skipped(repair, why or say("needless"))
    work.step("restart Odoo")
    return _restart(work, repair)


def _has_cause(work: Work, repair: Repair) -> bool:
    """Say whether what the restart was planned for is there: the state of the program, or what was written for it."""
    if repair.condition is RestartCondition.SUBJECT_CHANGES:
        return work.restart
    causes = {each for each in repair.because if Trait.RESTARTS_ODOO in CATALOGUE[each].traits}
    if CodeName.ODOO_MANAGER_DEAD in causes and _would_die_again(work) is not None:
        causes.remove(CodeName.ODOO_MANAGER_DEAD)
    return work.restart or work.resolvers_set or bool(causes)


def _would_die_again(work: Work) -> Statement | None:
    """Return why a dead manager would not survive a restart now, whatever the plan had hoped for."""
    if work.deadly:
        return say("ended_by_answer")
    problem = read_pair(work.box.system, work.box.live).problem
    return say("no_pair", problem=problem) if problem is not None else None


def clear_mark(work: Work) -> None:
    """Forget a restart that has happened, or is not needed after all."""
    work.box.disk.remove(RESTART_PENDING)


def _restart(work: Work, repair: Repair) -> RepairOutcome:
    system, deadline, desired = work.box.system, work.box.deadline, work.box.desired
    before = nginx.master(system)
    user = work.box.layout.service_user
    restarted = restart.restart(system, user, deadline, desired.homepage_port, work.hold.release)
    if restarted.problem is not None:
        return failed(repair, found=work.found(CodeName.ODOO_DOWN_AFTER_REPAIR, restarted.problem))
    nginx.wait_out_restart(system, deadline, before, desired.https_port, work.observed.identity.host)
    clear_mark(work)
    return done(repair, say("restarted", way=restarted.way))
