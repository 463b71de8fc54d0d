"""The program is the same whatever its caller left it: variables, folder, limits, signals, planted modules."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from reconciler.connections.carrier import BOOTSTRAP, packed
from reconciler.machine.posix.surroundings import ENVIRONMENT

ROOT = Path(__file__).parents[2]
SEEN = """
import json, os, resource, signal
from reconciler.machine.posix.process import run_program
from reconciler.machine.posix.surroundings import make_safe
make_safe()
core = resource.getrlimit(resource.RLIMIT_CORE)
ends = "/proc/self/environ"
print(json.dumps({
    "environment": dict(os.environ),
    "folder": os.getcwd(),
    "umask": os.umask(0),
    "core": core,
    "child's core": run_program(("sh", "-c", "ulimit -c"), 5).output.strip(),
    "owner of its memory": os.stat("/proc/self/mem").st_uid,
    "size": resource.getrlimit(resource.RLIMIT_FSIZE)[0] == resource.RLIM_INFINITY,
    "files": resource.getrlimit(resource.RLIMIT_NOFILE)[0],
    "status": run_program(("false",), 5).status,
    "blocked": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
}))
"""


@dataclass(frozen=True)
class Case:
    """What a caller does before it starts the program, as Python."""

    title: str
    before: str


VARIABLES = "PYTHONPATH='/tmp', LD_BIND_NOW='1', OPENSSL_CONF='/tmp/x', SSLKEYLOGFILE='/tmp/y', PATH='/tmp'"
CORES = "resource.getrlimit(resource.RLIMIT_CORE)[1]"
FILES = "resource.getrlimit(resource.RLIMIT_NOFILE)[1]"
CASES = (
    Case("nothing", "pass"),
    Case("variables", f"os.environ.update({VARIABLES})"),
    Case("a folder of somebody else", "os.chdir('/tmp')"),
    Case("an open umask", "os.umask(0)"),
    Case("a closed umask", "os.umask(0o777)"),
    Case("cores of any size", f"resource.setrlimit(resource.RLIMIT_CORE, ({CORES}, {CORES}))"),
    Case("short files", "resource.setrlimit(resource.RLIMIT_FSIZE, (10, resource.RLIM_INFINITY))"),
    Case(
        "few files", "resource.setrlimit(resource.RLIMIT_NOFILE, (60, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))"
    ),
    Case("children that nobody hears of", "signal.signal(signal.SIGCHLD, signal.SIG_IGN)"),
    Case("signals blocked", "signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGCHLD})"),
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_nothing_of_the_callers_is_left(case: Case) -> None:
    begin = f"import os, resource, signal, sys\n{case.before}\n"
    program = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\n{SEEN}"
    start = f"os.execv(sys.executable, [sys.executable, '-I', '-c', {program!r}])"
    done = subprocess.run([sys.executable, "-c", begin + start], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "environment": ENVIRONMENT,
        "folder": "/",
        "umask": 0o022,
        "core": [0, 0],
        "child's core": "0",
        "owner of its memory": 0,
        "size": True,
        "files": 1024,
        "status": 1,
        "blocked": [],
    }


PLANTED = "import os; open({mark!r}, 'a').write('planted code ran\\n')\n"


@pytest.fixture
def planted(tmp_path: Path) -> dict[str, str]:
    """Return variables by which the user who logs in has Python load a module of theirs; each leaves a mark."""
    mark = tmp_path / "mark"
    code = PLANTED.format(mark=str(mark))
    site = tmp_path / f".local/lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"
    for folder in (tmp_path, site):
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("sitecustomize", "usercustomize", "json", "resource", "zlib", "reconciler"):
            (folder / f"{name}.py").write_text(code)
    (site / "planted.pth").write_text(code)
    (tmp_path / "startup").write_text(code)
    return {"HOME": str(tmp_path), "PYTHONPATH": str(tmp_path), "PYTHONSTARTUP": str(tmp_path / "startup")}


def test_modules_planted_by_the_user_who_logs_in_are_not_loaded(planted: dict[str, str]) -> None:
    home = planted["HOME"]
    request = b"{}"
    stream = struct.pack(">QQ", len(packed()), len(request)) + packed() + request
    environment = {**os.environ, **planted}
    command = [sys.executable, "-I", "-c", BOOTSTRAP]
    done = subprocess.run(command, input=stream, capture_output=True, cwd=home, env=environment, check=False)
    assert b"the request is not of version" in done.stdout, done.stderr
    assert zlib.decompress(packed()).startswith(b"PK")
    assert not (Path(home) / "mark").exists()


def test_what_is_planted_would_be_noticed(planted: dict[str, str]) -> None:
    environment = {**os.environ, **planted}
    subprocess.run([sys.executable, "-c", ""], cwd=planted["HOME"], env=environment, check=False)
    assert (Path(planted["HOME"]) / "mark").exists()
