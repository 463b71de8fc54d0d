"""Programs that end, fail, flood, hang, hide and leave children behind."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from reconciler.machine.posix.system import PosixMachine

from ..support.patience import PATIENCE

MACHINE = PosixMachine()


def python(code: str, timeout: float = PATIENCE) -> tuple[int, str, str]:
    done = MACHINE.run((sys.executable, "-I", "-S", "-c", code), timeout)
    return done.status, done.output, done.errors


def shell(code: str, timeout: float = PATIENCE) -> tuple[int, str, str]:
    done = MACHINE.run(("sh", "-c", code), timeout)
    return done.status, done.output, done.errors


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("echo out; echo err >&2", (0, "out\n", "err\n")),
        ("exit 3", (3, "", "")),
        ("kill -9 $$", (-9, "", "")),
        ("cat", (0, "", "")),
        ("pwd", (0, "/\n", "")),
        (r"printf 'a\377b\303'", (0, "a\ufffdb\ufffd", "")),
        ("exec >&- 2>&-; exit 4", (4, "", "")),
    ],
)
def test_status_and_both_outputs_come_back(code: str, expected: tuple[int, str, str]) -> None:
    assert shell(code) == expected


def test_the_environment_is_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_OF_THE_CALLER", "x")
    monkeypatch.setenv("PATH", "/nonsense")
    lines = MACHINE.run(("env",), PATIENCE).output.splitlines()
    expected = ["LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin"]
    assert sorted(lines) == expected


def test_arguments_are_not_seen_by_a_shell() -> None:
    assert MACHINE.run(("echo", "$HOME;*", "a b"), PATIENCE).output == "$HOME;* a b\n"


def test_the_program_is_in_a_session_of_its_own() -> None:
    assert python("import os; print(os.getsid(0) == os.getpid())") == (0, "True\n", "")


@pytest.mark.parametrize("name", ["no-such-program-anywhere", "/no/such/program"])
def test_a_missing_program_is_named(name: str) -> None:
    with pytest.raises(FileNotFoundError, match=name):
        MACHINE.run((name,), PATIENCE)


@pytest.mark.parametrize("stream", [1, 2])
def test_a_flood_is_read_to_its_end_and_cut(stream: int) -> None:
    status, *outputs = python(f"import os\nfor _ in range(64): os.write({stream}, b'x' * 65536)")
    assert status == 0
    assert outputs[stream - 1] == "x" * 65536
    assert outputs[2 - stream] == ""


def test_floods_on_both_outputs_do_not_block_each_other() -> None:
    code = "import os\nfor _ in range(32):\n  os.write(2, b'e' * 65536); os.write(1, b'o' * 65536)"
    assert python(code) == (0, "o" * 65536, "e" * 65536)


def test_what_is_written_last_is_not_lost() -> None:
    assert python("import os; os.write(1, b'x' * 60000); os.write(2, b'end'); os._exit(7)") == (7, "x" * 60000, "end")


@pytest.mark.parametrize("code", ["sleep 100", "exec >&- 2>&-; sleep 100", "trap '' TERM; while :; do echo; done"])
def test_a_program_that_does_not_end_is_killed_in_time(code: str) -> None:
    start = time.monotonic()
    with pytest.raises(TimeoutError, match=r"sh did not end within 0\.2 s and was killed$"):
        shell(code, 0.2)
    assert time.monotonic() - start < PATIENCE / 2


def wait_until_gone(pid: int) -> bool:
    """A killed orphan stays visible until init has reaped it: a zombie counts as gone."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            if ") Z " in Path(f"/proc/{pid}/stat").read_text():
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
    return False


def test_its_children_are_killed_with_it(tmp_path: Path) -> None:
    begun = tmp_path / "pid"
    for seconds in (0.3, 3.0, 30.0):  # a busy machine takes its time to begin
        with pytest.raises(TimeoutError):
            shell(f"sleep 100 & echo $! > {begun}-; mv {begun}- {begun}; wait", seconds)
        if begun.exists():
            break
    assert wait_until_gone(int(begun.read_text()))


def test_a_service_that_it_started_lives_on_and_is_not_waited_for(tmp_path: Path) -> None:
    start = time.monotonic()
    status, output, _ = shell(f"sleep 100 & echo $! > {tmp_path}/pid; echo started")
    pid = int((tmp_path / "pid").read_text())
    try:
        assert (status, output) == (0, "started\n")
        assert time.monotonic() - start < PATIENCE / 2
        os.kill(pid, 0)
    finally:
        os.kill(pid, signal.SIGKILL)


def test_a_service_that_floods_after_the_end_is_not_listened_to(tmp_path: Path) -> None:
    status, output, _ = shell(f"(while :; do echo x; done) & echo $! > {tmp_path}/pid; echo started")
    pid = int((tmp_path / "pid").read_text())
    try:
        assert status == 0
        assert "started\n" in output
        assert len(output) <= 65536
    finally:
        with suppress(ProcessLookupError):  # it may have died of the closed pipe
            os.kill(pid, signal.SIGKILL)


def test_an_interrupted_wait_kills_the_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().endswith("\n"):
            pass
        raise KeyboardInterrupt

    monkeypatch.setattr("reconciler.machine.posix.process._left", interrupt)
    with pytest.raises(KeyboardInterrupt):
        shell(f"echo $$ > {tmp_path}/pid; exec sleep 30")
    assert wait_until_gone(int((tmp_path / "pid").read_text()))


def test_no_descriptor_is_left_open() -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    shell("echo x")
    with pytest.raises(TimeoutError):
        shell("sleep 30", 0.05)
    assert len(list(Path("/proc/self/fd").iterdir())) == before
