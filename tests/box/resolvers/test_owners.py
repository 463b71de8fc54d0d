"""Whoever writes a box's resolv.conf is told by marks and by who runs, and what is another program's stays as it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from iotbox_simulator.machine.procfs import ProcProcess
from reconciler.checks.resolvers import MANAGED
from reconciler.codes import CATALOGUE, CodeName
from reconciler.codes.phrases.resolver_writers import WRITER_OF
from reconciler.codes.writing.words import RESOLVER_OWNER
from reconciler.model.observed import Observed, ResolverOwner, Resolvers
from reconciler.results.result import Result

from ...support import runs
from ...support.runs import Fleet
from ..table_faults import put
from .table_owners import ROWS, Row

SERVERS = b"nameserver 192.168.1.1\n"
PATH = "/etc/resolv.conf"
WANTED = replace(runs.DESIRED, resolvers=("8.8.8.8", "1.1.1.1"))


def arranged(row: Row) -> Fleet:
    """Return a box in the state of a row."""
    fleet = runs.managed("ro_ini")
    put(PATH, row.mark.encode() + SERVERS, "")(fleet)
    host = fleet.box.host
    if row.left is not None:
        folder = row.left.rpartition("/")[0]
        if folder.startswith("/run/"):
            host.make_directory("/run/systemd", 0o755, 0, 0)
            host.make_directory(folder, 0o755, 0, 0)
        put(row.left, b"", "")(fleet)
    if row.link is not None:
        fleet.box.storage.make_writable()
        host.remove(PATH)
        host.symlink(row.link, PATH)
    if row.process:
        other = ProcProcess(712, row.process, uid=row.uid, executable=row.process[0])
        fleet.box.programs.others[712] = other
    return fleet


def seen(result: Result) -> Resolvers:
    observed: Observed | None = result.observed
    assert observed is not None
    return observed.resolvers


@pytest.mark.parametrize("row", [row for row in ROWS if row.owner not in MANAGED], ids=lambda row: row.title)
def test_what_another_program_writes_is_not_written_and_nothing_restarts(row: Row) -> None:
    fleet = arranged(row)
    host = fleet.box.host
    before = host.read_link(PATH) if row.link else host.read(PATH)
    signals = list(fleet.box.programs.signals)
    result = runs.reconcile(fleet.box, WANTED)
    (found,) = [each for each in result.after if each.code == CodeName.RESOLVER_OWNER_UNSUPPORTED]
    assert (host.read_link(PATH) if row.link else host.read(PATH)) == before
    assert not result.changed
    assert fleet.box.programs.signals == signals
    assert seen(result).owner is row.owner
    assert f"belongs to: {RESOLVER_OWNER[row.owner]} (" in found.evidence
    assert row.sign in found.evidence
    assert found.remedy.startswith(WRITER_OF[row.owner].remedy)


@pytest.mark.parametrize("row", [row for row in ROWS if row.owner is ResolverOwner.STATIC], ids=lambda row: row.title)
def test_a_file_that_is_nobodys_gets_our_mark_and_keeps_no_other(row: Row) -> None:
    fleet = arranged(row)
    result = runs.reconcile(fleet.box, WANTED)
    assert CodeName.RESOLVER_OWNER_UNSUPPORTED not in runs.codes(result)
    lines = fleet.box.host.read(PATH).decode().splitlines()
    assert lines[0] == "# Written by iot-https: the DNS servers of this box."
    assert sum("iot-https" in line or "NetworkManager" in line for line in lines) == 1
    assert seen(result).owner is ResolverOwner.STATIC
    again = runs.reconcile(fleet.box, WANTED)
    assert not again.changed


@pytest.mark.parametrize("owner", [each for each in ResolverOwner if each not in MANAGED])
def test_every_other_writer_has_a_remedy_of_its_own(owner: ResolverOwner) -> None:
    entry = CATALOGUE[CodeName.RESOLVER_OWNER_UNSUPPORTED]
    remedy = entry.variants[WRITER_OF[owner].variant].remedy
    assert remedy is not None
    assert remedy != entry.remedy
