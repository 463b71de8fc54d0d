"""An errand over SSH: files of some MiB come whole, more is cut off, and what is no reply is one finding."""

from __future__ import annotations

import pytest

from reconciler.codes import CodeName
from reconciler.connections.errand_reply import Carried, ErrandFailed
from reconciler.connections.ssh_errand import run
from reconciler.model.errand import LOG_BYTES, MOST_CARRIED, Errand, ErrandKind, PortionName
from reconciler.model.framing import frame
from tests.support.ssh_servers import REQUEST, Handler, SshLab, go, said

ERRAND = Errand(errand=ErrandKind.COLLECT, desired=REQUEST.desired)
LOG = b"a line of the log, which is no secret\n" * (LOG_BYTES // 38)


def reply(log: bytes) -> bytes:
    return frame({"brought": {"portions": [{"name": "log", "size": len(log)}], "versions": {}, "seen": []}}) + log


def carried(lab: SshLab, handler: Handler) -> Carried:
    results: list[Carried | ErrandFailed] = []

    async def scenario() -> None:
        async with lab.serve(handler) as served:
            try:
                results.append(await run(lab.target(served), ERRAND))
            except ErrandFailed as failure:
                results.append(failure)
            await served.left_alone()

    go(scenario())
    (result,) = results
    if isinstance(result, ErrandFailed):
        raise result
    return result


def test_a_log_of_five_mib_comes_whole(ssh_lab: SshLab) -> None:
    assert carried(ssh_lab, said(reply(LOG))).files[PortionName.LOG] == LOG


def test_more_than_a_bundle_takes_is_cut_off(ssh_lab: SshLab) -> None:
    with pytest.raises(ErrandFailed) as failure:
        carried(ssh_lab, said(reply(b"x" * (MOST_CARRIED + (3 << 20)))))
    assert failure.value.finding.code in (CodeName.NOT_OBSERVED, CodeName.REPLY_CUT_OFF)


@pytest.mark.parametrize("printed", [b"", b"sh: python3: not found\n", b"\n" * 5000, frame({"error": "x"}), frame({})])
def test_what_is_no_reply_is_one_finding(ssh_lab: SshLab, printed: bytes) -> None:
    with pytest.raises(ErrandFailed) as failure:
        carried(ssh_lab, said(printed))
    assert failure.value.finding.evidence
