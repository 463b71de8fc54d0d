"""One run on one box: observe, check, plan, repair, observe again, check again.

A run holds the box's lock, keeps its own deadline, and turns everything that goes wrong into a finding: it always
returns a result.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta

from ..checks import CONVERGE, Case, gate
from ..checks import run as run_checks
from ..checks.box import identity_differs
from ..checks.clock import clock_is_wrong, judged_at
from ..checks.ownership import has_to_be_judged, marks_of
from ..codes import CodeName, Trait
from ..diff import with_diffs
from ..machine.deadline import Deadline, DeadlinePassed
from ..machine.reason import reason
from ..machine.system import Lock, LockHeld, System
from ..model.admission import Admission, KeyDeed
from ..model.desired import Mode, Request
from ..model.errors import IotHttpsError
from ..model.marks import Marks
from ..model.observed import Observed
from ..model.repair import RepairKind
from ..model.statement import Statement, say
from ..plan import plan
from ..results.finding import Finding, finding
from ..results.result import IN_VAIN, Repair, RepairOutcome, RepairStatus, Result
from .admission import admit, serial_of
from .context import Box
from .log_level import put_back_overdue
from .look.observe import observe
from .notes import last_run
from .notes.reached import note_progress, revival_of
from .paths import LOCK
from .repair import copy, fetch, install, permissions, resolvers, services, store
from .repair.leftovers import sweep
from .repair.work import Work, failed, skipped
from .services.nginx import wait_until_back
from .store.values import StoreProblem

EXECUTORS: dict[RepairKind, Callable[[Work, Repair], RepairOutcome]] = {
    RepairKind.RESUME_ODOO: services.resume_odoo,
    RepairKind.ENABLE_NTP: services.enable_ntp,
    RepairKind.SET_RESOLVERS: resolvers.set_resolvers,
    RepairKind.FETCH_CERTIFICATE: fetch.fetch_certificate,
    RepairKind.COPY_CERTIFICATE: copy.copy_certificate,
    RepairKind.INSTALL_CERTIFICATE: install.install_certificate,
    RepairKind.WRITE_STORE: store.write_store,
    RepairKind.SET_PERMISSIONS: permissions.set_permissions,
    RepairKind.LOAD_NGINX: services.load_nginx,
    RepairKind.RESTART_ODOO: services.restart_odoo,
}
_CHANGING = frozenset({RepairStatus.DONE, RepairStatus.UNDONE})

TellStep = Callable[[str], None]


def run(system: System, request: Request, step: TellStep = lambda _: None) -> Result:
    """Do what the request asks.

    Args:
        step: called with a few words before each thing that is done to the box.
    """
    started, clock = system.now(), system.monotonic()
    deadline = Deadline.after(system, request.deadline_seconds)
    run_of_box = _Run(system, request, deadline, step, started)
    try:
        if request.admission is not None:
            result = run_of_box.admitted(request.admission)
        else:
            with system.lock(LOCK) as lock:
                result = run_of_box.result(lock)
    except LockHeld as error:
        result = run_of_box.nothing(finding(CodeName.BUSY, _held(error)))
    except DeadlinePassed as error:
        result = run_of_box.nothing(finding(CodeName.DEADLINE, _passed(error)))
    except OSError as error:
        result = run_of_box.nothing(finding(CodeName.NOT_OBSERVED, reason(error)))
    return replace(result, seconds=round(system.monotonic() - clock, 3))


def _held(error: LockHeld) -> Statement:
    return say("held_by_unknown") if error.process is None else say("held", process=error.process)


def _passed(error: DeadlinePassed) -> Statement:
    return say("not_begun", what=error.what, left=error.left, needed=error.needed)


class _Run:
    def __init__(self, system: System, request: Request, deadline: Deadline, step: TellStep, started: datetime) -> None:
        self._system = system
        self._request = request
        self._deadline = deadline
        self._step = step
        self._started = started
        self._lock = Lock()

    def nothing(self, only: Finding) -> Result:
        """Return the result of a run that did not come to look."""
        return Result.unobserved(self._request.desired.name, self._request.mode, self._started, only)

    def admitted(self, asked: Admission) -> Result:
        """Return what came of a key; on another box than the declared one nothing is read or written."""
        name, wanted = self._request.desired.name, self._request.desired.serial
        found = identity_differs(serial_of(self._system), wanted)
        if found is not None:
            return self.nothing(found)
        with nullcontext() if asked.deed is KeyDeed.LOOK else self._system.lock(LOCK):
            done = admit(self._system, asked)
        return Result(
            name=name,
            mode=self._request.mode,
            started_at=self._started,
            seconds=0.0,
            before=(),
            after=(),
            changed=done.changed,
            failed=done.hurdle is not None,
            admitted=done,
        )

    def result(self, lock: Lock) -> Result:
        self._lock, desired = lock, self._request.desired
        box = Box.look(self._system, desired, self._deadline)
        observed = self._observe(box)
        before = self._check(observed)
        repairs = with_diffs(plan(before, desired, observed, now=judged_at(observed)), desired, observed)
        marks = marks_of(observed)
        looked = Result(
            name=desired.name,
            mode=self._request.mode,
            started_at=self._started,
            seconds=0.0,
            before=before,
            plan=repairs,
            after=before,
            observed=observed,
            failed=_is_failed(before),
            marks=marks,
            awaits_judgement=self._awaits_judgement(marks, observed),
            sealed=self._sealed(observed),
        )
        if self._request.mode is Mode.CHECK or looked.awaits_judgement:
            return looked
        if self._request.mode is Mode.DIAGNOSE:
            return self._diagnosed(box, looked, observed)
        if not lock.is_held:  # why is among the findings
            return replace(looked, plan=())
        return self._reconciled(box, looked, observed)

    def _reconciled(self, box: Box, looked: Result, observed: Observed) -> Result:
        """Do what is planned, look again, and note for the next run what came of it."""
        work = Work(
            box,
            observed,
            looked.plan,
            self._step,
            now=lambda: self._now(observed),
            refusal=self._request.refusal,
            relayed=self._request.relayed,
        )
        swept = self._sweep(work)
        outcomes = self._repair(work) if looked.plan else ()
        seen = self._look_again(box) if outcomes else observed
        revival = revival_of(seen, outcomes, self._system.now())
        after = self._merge(self._check(replace(seen, memory=replace(seen.memory, revival=revival))), work.findings)
        in_vain = any(each.has(Trait.ASKED_IN_VAIN) for each in work.findings) or _is_short(outcomes, after)
        after = (*after, *note_progress(box, seen, after, asked_in_vain=in_vain, revival=revival))
        last_run.note(self._system, after, outcomes)
        return replace(
            looked,
            outcomes=outcomes,
            after=after,
            observed=seen,
            changed=swept or any(outcome.status in _CHANGING for outcome in outcomes),
            failed=_is_failed(after) or any(outcome.status in IN_VAIN for outcome in outcomes),
        )

    def _awaits_judgement(self, marks: Marks, observed: Observed) -> bool:
        """Tell whether a box may be somebody else's, as far as it can know, and nobody has said that it is not."""
        is_ours = gate(Case(self._request.desired, observed, self._now(observed))) is None
        return is_ours and marks != self._request.judged and has_to_be_judged(self._request.desired, marks)

    def _sealed(self, observed: Observed) -> str | None:
        """Return the credentials for who asked for them, unless this is no box of ours."""
        key = self._request.seal_to
        if key is None or gate(Case(self._request.desired, observed, self._now(observed))) is not None:
            return None
        from ..model.sealing import sealed_credentials

        return sealed_credentials(observed.store, key)

    def _diagnosed(self, box: Box, looked: Result, observed: Observed) -> Result:
        """Ask on, unless this is no box of ours: nobody else's database and credentials are tried."""
        if gate(Case(self._request.desired, observed, self._now(observed))) is not None:
            return looked
        from ..diagnosis import judge
        from .inquiry import inquire

        inquiry = inquire(box, observed, self._request.refusal, self._request.granted)
        found = (*looked.before, *judge.findings(self._request.desired, observed, inquiry, looked.before))
        return replace(looked, before=found, after=found, inquiry=inquiry, failed=_is_failed(found))

    def _observe(self, box: Box) -> Observed:
        return observe(box, self._sent_at(), self._lock)

    def _look_again(self, box: Box) -> Observed:
        """Look after the repairs; that Odoo restarts nginx meanwhile is not to be taken for a fault.

        It does after its own start, ours or at boot, and after a renewal of its own.
        """
        seen = self._observe(box)
        is_away = seen.certificates.serve_error is not None or not seen.nginx.running
        if is_away and seen.nginx.config_error is None:
            wait_until_back(self._system, self._deadline, self._request.desired.https_port, seen.identity.host)
            seen = self._observe(box)
        return seen

    def _sent_at(self) -> datetime | None:
        """Return the control machine's clock as it should be now: when it sent the request, plus what passed since."""
        sent = self._request.sent_at
        return sent and sent + timedelta(seconds=self._request.deadline_seconds - self._deadline.remaining())

    def _now(self, observed: Observed) -> datetime:
        return (self._sent_at() if clock_is_wrong(observed) else None) or self._system.now()

    def _check(self, observed: Observed) -> tuple[Finding, ...]:
        return run_checks(CONVERGE, Case(self._request.desired, observed, judged_at(observed)))

    def _sweep(self, work: Work) -> bool:
        """Remove what a killed run left, unless this is no box for us; say whether something was there."""
        if gate(Case(self._request.desired, work.observed, work.now())) is not None:
            return False
        if (left := put_back_overdue(work.box)) is not None and not left.done:
            work.found(CodeName.REPAIR_FAILED, *left.seen)
        try:
            return bool(sweep(work.box)) or (left is not None and left.done)
        except OSError as error:
            work.found(CodeName.REPAIR_FAILED, say("not_swept", reason=reason(error)))
            return False

    def _repair(self, work: Work) -> tuple[RepairOutcome, ...]:
        try:
            self._system.private_mounts()
            return tuple(self._one(work, repair) for repair in work.plan)
        finally:
            work.hold.release()
            for problem in work.hold.problems:
                work.found(CodeName.REPAIR_FAILED, problem)

    def _one(self, work: Work, repair: Repair) -> RepairOutcome:
        """Do one repair. Whatever it meets on the machine ends it, and only it."""
        if self._system.is_told_to_end():
            work.hold.release()
        try:
            if repair.entry.holds_odoo and _touches(work, repair):
                self._step("hold Odoo")
                work.hold.take()
            return EXECUTORS[repair.kind](work, repair)
        except DeadlinePassed as error:
            work.found(CodeName.DEADLINE, say("repair", repair=repair.kind), _passed(error))
            return skipped(repair, _passed(error), code=CodeName.DEADLINE)
        except StoreProblem as problem:
            work.found(CodeName.REPAIR_FAILED, say("repair", repair=repair.kind), problem.statement)
            return failed(repair, problem.statement, code=CodeName.REPAIR_FAILED)
        except (OSError, IotHttpsError, ValueError) as error:
            work.found(CodeName.REPAIR_FAILED, say("repair", repair=repair.kind), reason(error))
            return failed(repair, reason(error))

    def _merge(self, checked: tuple[Finding, ...], met: list[Finding]) -> tuple[Finding, ...]:
        codes = {each.code for each in met}
        return (*met, *(each for each in checked if each.code not in codes))


def _touches(work: Work, repair: Repair) -> bool:
    return repair.kind is not RepairKind.INSTALL_CERTIFICATE or work.prepared is not None


def _is_short(outcomes: tuple[RepairOutcome, ...], after: tuple[Finding, ...]) -> bool:
    """Tell whether the authority had nothing better than a certificate that is itself due."""
    kind = RepairKind.INSTALL_CERTIFICATE
    fetched = any(each.repair.kind is kind and each.status is RepairStatus.DONE for each in outcomes)
    return fetched and any(each.code in (CodeName.RENEWAL_DUE, CodeName.RENEWAL_OVERDUE) for each in after)


def _is_failed(findings: tuple[Finding, ...]) -> bool:
    return any(each.has(Trait.FAILS) for each in findings)
