"""Put a prepared pair in place, prove that nginx serves it, and take it back if it does not."""

from __future__ import annotations

from ...codes import CodeName
from ...machine.deadline import Deadline
from ...machine.reason import reason
from ...model.certificate_name import client_name
from ...model.repair import Undertaking
from ...model.statement import Statement, say
from ...results.result import Repair, RepairOutcome
from ..pair.generations import adopt, current, point, tidy
from ..pair.reading import read_pair
from ..services import nginx
from .work import Prepared, Work, done, skipped, unchanged, undone

_NEEDED_SECONDS = 60.0
_UNDO_SECONDS = 25.0
"""Less than the 30 s by which a connection waits longer than the deadline."""


def install_certificate(work: Work, repair: Repair) -> RepairOutcome:
    """Swap the mirror, then live; test, load and poll; swap back when nginx does not serve the new pair."""
    prepared = work.prepared
    if prepared is None:
        return skipped(repair, say("not_fetched"))
    if _renewed_meanwhile(work, prepared):
        return unchanged(repair, say("renewed_meanwhile"))
    return put_in_place(work, repair, prepared)


def put_in_place(work: Work, repair: Repair, prepared: Prepared) -> RepairOutcome:
    """Do it for a pair that was judged good, and undo it if nginx disagrees."""
    box = work.box
    box.deadline.require(_NEEDED_SECONDS, Undertaking.REPLACE)
    for tree in box.trees:
        work.step(f"link both files of the {tree.name} tree through one generation")
        adopt(box.disk, tree, prepared.files.user)
    before = tuple(current(box.disk, tree) for tree in box.trees)
    _point(work, prepared.names)
    try:
        problem = _load_and_prove(work, prepared)
    except OSError as error:
        problem = reason(error)
    if problem is not None:
        return _take_back(work, repair, before, problem)
    _tidy(work, before)
    return done(repair, say("served", name=prepared.pair.leaf.name))


def _load_and_prove(work: Work, prepared: Prepared) -> Statement | None:
    """Make nginx read the pair that is in place; return why it does not serve it, or None when it does.

    Raises:
        OSError: a program that is needed for it is missing, fails or does not end.
    """
    box, leaf = work.box, prepared.pair.leaf
    name = client_name(work.observed.identity.host, leaf.name)
    if nginx.served(box.system, box.deadline, box.desired.https_port, name)[0] == leaf.fingerprint:
        return None
    work.step("test the nginx configuration")
    refusal = nginx.accepts(box.system, box.deadline)
    if refusal is not None:
        return refusal
    work.step("load nginx")
    nginx.load(box.system, box.deadline)
    if nginx.wait_until_served(box.system, box.deadline, box.desired.https_port, name, leaf.fingerprint):
        return None
    return say("not_presented", port=box.desired.https_port)


def _point(work: Work, names: tuple[str | None, ...]) -> None:
    # the mirror first: a crash in between is completed by the next boot
    for tree, name in reversed(tuple(zip(work.box.trees, names, strict=True))):
        if name is not None:
            work.step(f"swap the {tree.name} tree")
            point(work.box.disk, tree, name)


def _take_back(work: Work, repair: Repair, before: tuple[str | None, ...], problem: Statement) -> RepairOutcome:
    _point(work, before)
    system = work.box.system
    # what is undone is undone to the end: whoever waits for us waits a little longer than the deadline
    deadline = Deadline.after(system, max(_UNDO_SECONDS, work.box.deadline.remaining()))
    more: tuple[Statement, ...] = ()
    try:
        if nginx.accepts(system, deadline) is None:
            nginx.load(system, deadline)
    except OSError as error:
        more = (say("nginx_not_told", reason=reason(error)),)
    work.found(CodeName.REPAIR_UNDONE, say("not_taken", repair=repair.kind), problem, *more)
    return undone(repair, problem)


def _tidy(work: Work, before: tuple[str | None, ...]) -> None:
    """Remove the generations that nobody needs; the new pair is in use, whether or not that works."""
    for tree, kept in zip(work.box.trees, before, strict=True):
        work.step(f"tidy up the {tree.name} tree")
        try:
            tidy(work.box.disk, tree, kept)
        except OSError as error:
            work.found(CodeName.REPAIR_FAILED, say("not_tidied", reason=reason(error)))


def _renewed_meanwhile(work: Work, prepared: Prepared) -> bool:
    before = work.observed.certificates.live.certificate
    now = read_pair(work.box.system, work.box.live)
    leaf = now.certificate
    if leaf is None or now.problem is not None or leaf.temporary:
        return False
    fresh = before is None or leaf.fingerprint != before.fingerprint
    return fresh and leaf.not_after >= prepared.pair.leaf.not_after
