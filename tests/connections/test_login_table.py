"""What boxes print in place of an answer is read line by line, by one table, and never more than quoted."""

from __future__ import annotations

import subprocess
import time

import pytest

from reconciler.codes import CATALOGUE, CodeName
from reconciler.connections import login_table
from reconciler.connections.ssh_command import LIVES, PROBE
from reconciler.model.secret import Secret
from tests.connections.table_login import RECORDED, Said
from tests.connections.test_ssh import codes, run
from tests.support.ssh_servers import Handler, Process, SshLab, said

each = pytest.mark.parametrize("what", RECORDED, ids=lambda what: what.text.strip().splitlines()[0][:60])


@each
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_message_has_its_meaning(what: Said, end: str) -> None:
    told = login_table.recognised([what.text.replace("\n", end)], what.status)
    assert told is not None
    assert (told.row.code, told.row.variant) == (what.code, what.variant)
    assert told.line in what.text
    assert what.variant is None or what.variant in CATALOGUE[what.code].variants


def test_every_row_has_a_message() -> None:
    found = {told.row for what in RECORDED if (told := login_table.recognised([what.text], what.status)) is not None}
    assert set(login_table.TABLE) == found


@each
@pytest.mark.parametrize("around", ["a box says: {}", "'{}' is what sudo says", "\x1b[1m{}\x1b[0m"])
def test_a_text_that_only_holds_the_words_means_nothing(what: Said, around: str) -> None:
    lines = "\n".join(around.format(line) for line in what.text.splitlines() if line)
    assert login_table.recognised([lines], what.status) is None


@pytest.mark.parametrize("status", [0, 2, 255])
def test_a_message_counts_with_the_status_that_comes_with_it(status: int) -> None:
    assert login_table.recognised(["sudo: a password is required\n"], status) is None


def test_a_long_text_is_read_in_no_time_and_only_its_end() -> None:
    began = time.process_time()
    noise = "sudo: " * 40_000 + "\n" + "/sudoers:1:" * 20_000 + "\n" + "a: 1: " * 40_000
    assert login_table.recognised([noise * 4], 1) is None
    assert time.process_time() - began < 1.0
    assert login_table.recognised(["sudo: a password is required\n" + "x\n" * 1000], 1) is None


def test_what_it_quotes_is_short_and_holds_no_secret() -> None:
    told = login_table.recognised(
        [f"Sorry, user pi is not allowed to execute 'canary {'x' * 300}' as root on box\n"], 1
    )
    assert told is not None
    evidence = told.finding(Secret("canary"), who="pi@box").evidence
    assert evidence.startswith("pi@box: Sorry, user pi is not allowed to execute '********")
    assert len(evidence) < 250


@pytest.mark.parametrize(
    "what", [each for each in RECORDED if each.status is not None], ids=lambda what: what.text.strip()[:60]
)
def test_a_box_that_prints_it_is_named_so(ssh_lab: SshLab, what: Said) -> None:
    assert what.status is not None
    result, _ = run(ssh_lab, said(b"", what.text.encode(), what.status))
    (found,) = result.after
    assert (found.code, found.variant) == (what.code, what.variant)
    assert found.remedy == (CATALOGUE[what.code].variants[what.variant].remedy if what.variant else found.remedy)


async def repeat(process: Process) -> None:
    """A forced command that shows what was asked for, as `echo $SSH_ORIGINAL_COMMAND` does."""
    process.stdout.write(f"you asked for {process.command}\n".encode())
    process.exit(0)


async def cat(process: Process) -> None:
    """A forced command that repeats its input."""
    process.stdout.write(await process.stdin.read())
    process.exit(0)


@pytest.mark.parametrize(
    ("handler", "shown"),
    [
        (said(b"", b"", 0), "exit status 0, and nothing was printed"),
        (said(b"", b"", 1), "exit status 1, and nothing was printed"),
        (said(b"", b"", 127), "exit status 127, and nothing was printed"),
        (said(b"backup \x1b[2J finished\n", b"", 0), "printed in place of an answer: backup [2J finished"),
        (repeat, "printed in place of an answer: "),
        (cat, "printed in place of an answer: "),
    ],
)
def test_a_box_that_runs_nothing_at_all_is_told_by_asking_it(ssh_lab: SshLab, handler: Handler, shown: str) -> None:
    result, _ = run(ssh_lab, handler, runs_commands=False)
    assert codes(result) == [CodeName.LOGIN_BLOCKED]
    assert result.after[0].evidence.startswith(f"pi@127.0.0.1: {shown}")
    assert "canary-token" not in str(result)


def test_a_box_that_takes_a_command_and_says_nothing_is_waited_for_a_moment(
    ssh_lab: SshLab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reconciler.connections.ssh_run.PROBE_SECONDS", 0.2)

    async def handle(process: Process) -> None:
        if process.command == PROBE:
            await process.wait_closed()
        process.exit(0)

    result, _ = run(ssh_lab, handle, runs_commands=False)
    assert codes(result) == [CodeName.LOGIN_BLOCKED]


@pytest.mark.parametrize("shell", ["sh", "bash"])
def test_the_question_is_answered_by_a_shell_and_not_by_its_own_text(shell: str) -> None:
    assert subprocess.check_output([shell, "-c", PROBE], text=True).splitlines() == [LIVES]
    assert LIVES not in PROBE
