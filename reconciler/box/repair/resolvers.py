"""Set the box's DNS servers where their owner keeps them, and take them back if the box then resolves less."""

from __future__ import annotations

from ...codes import CodeName
from ...machine.durable import ROOT_DIRECTORY, ROOT_FILE, Owner
from ...machine.reading import read
from ...machine.reason import Unable, reason
from ...machine.system import FileKind
from ...model.observed import ResolverOwner
from ...model.statement import Statement, say
from ...results.result import Repair, RepairOutcome
from ..paths import NM_SNIPPET, RESOLV_CONF, Tree
from ..resolvers import files as resolver_files
from ..resolvers.look import lookup
from .work import Work, done, failed, undone

_ASK_SECONDS = 3.0
_APPLIED_SECONDS = 10.0


def set_resolvers(work: Work, repair: Repair) -> RepairOutcome:
    """Ask the new servers first, write mirror and live, look up again, and undo where that is worse than before."""
    wanted = work.box.desired.resolvers or ()
    worked = work.observed.resolvers.resolves is True
    silent = None if any(_answers(work, server) for server in wanted) else _silence(work, wanted)
    if silent and worked:
        work.found(CodeName.RESOLVERS_DO_NOT_WORK, silent, say("left_as_they_are"))
        return failed(repair, silent)
    path = NM_SNIPPET if work.observed.resolvers.owner is ResolverOwner.NETWORK_MANAGER else RESOLV_CONF
    before = {tree: read(work.box.system, tree.path(path))[0] for tree in work.box.trees}
    try:
        _write(work, path, {tree: _content(work, content, wanted) for tree, content in before.items()})
    except OSError as error:
        return _take_back(work, repair, path, before, say("not_set", reason=reason(error)))
    works, silence = lookup(work.box)
    if worked and not works:
        return _take_back(work, repair, path, before, say("resolved_no_longer", silence=silence))
    work.resolvers_set = True
    return done(repair, say("set", servers=wanted, path=path))


def _take_back(
    work: Work, repair: Repair, path: str, before: dict[Tree, bytes | None], problem: Statement
) -> RepairOutcome:
    """Write what was there; where even that fails, say so, since the trees may differ now."""
    problems = [problem]
    try:
        _write(work, path, before)
    except OSError as error:
        problems.append(say("not_written_back", reason=reason(error)))
    with_them = say("with_resolvers", repair=repair.kind, servers=work.box.desired.resolvers)
    work.found(CodeName.REPAIR_UNDONE, with_them, *problems)
    return undone(repair, *problems)


def _answers(work: Work, server: str) -> bool:
    host = work.box.authority_host
    try:
        return bool(work.box.system.ask_resolver(server, host, work.box.deadline.within(_ASK_SECONDS)))
    except OSError:
        return False


def _silence(work: Work, wanted: tuple[str, ...]) -> Statement:
    return say("none_answers", servers=wanted, host=work.box.authority_host)


def _content(work: Work, before: bytes | None, wanted: tuple[str, ...]) -> bytes:
    if work.observed.resolvers.owner is ResolverOwner.NETWORK_MANAGER:
        return resolver_files.render_global_dns(wanted)
    return resolver_files.render_resolv_conf(before or b"", wanted)


def _write(work: Work, path: str, contents: dict[Tree, bytes | None] | dict[Tree, bytes]) -> None:
    disk = work.box.disk
    for tree in reversed(work.box.trees):
        content, place = contents[tree], tree.path(path)
        work.step(f"write {path} in the {tree.name} tree")
        if content is None:
            disk.remove(place)
            continue
        disk.directory(place.rpartition("/")[0], ROOT_DIRECTORY)
        disk.replace(place, content, _owner(work, place))
    if path == NM_SNIPPET:
        _reload_network_manager(work, contents[work.box.live])


def _owner(work: Work, path: str) -> Owner:
    """Keep what a plain file has; a link is replaced, and has no mode of its own."""
    try:
        status = work.box.system.status(path)
    except FileNotFoundError:
        return ROOT_FILE
    return Owner.of(status) if status.kind is FileKind.FILE else ROOT_FILE


def _reload_network_manager(work: Work, snippet: bytes | None) -> None:
    """NetworkManager answers before it has written the file that programs read: wait for that."""
    box = work.box
    work.step("reload NetworkManager")
    reloaded = box.system.run(("systemctl", "reload", "NetworkManager"), box.deadline.within(30.0))
    if reloaded.status != 0:
        raise Unable(say("nm_does_not_reload", reason=reloaded.errors.strip()[-200:]))
    wanted = resolver_files.parse_global_dns(snippet) if snippet else None
    own = work.observed.resolvers.live

    def applied() -> bool:
        content, _ = read(box.system, RESOLV_CONF)
        return resolver_files.parse_resolv_conf(content or b"").nameservers == (own if wanted is None else wanted)

    box.deadline.poll(applied, _APPLIED_SECONDS, 0.2)
