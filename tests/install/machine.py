"""A machine on which somebody installs: a home, a new user's PATH, and releases that are found as if in an index."""

from __future__ import annotations

import os
import pwd
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SYSTEM = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
NOBODY = 65534
BEGUN_BY_THIS_MACHINE = (
    "PIP_",
    "UV_",
    "SSL_",
    "HTTP",
    "NO_PROXY",
    "http",
    "no_proxy",
    "REQUESTS_",
    "CURL_",
    "LANG",
    "LC_",
)
"""How this machine reaches an index; all else of its environment is left out."""


@dataclass(frozen=True)
class Machine:
    """Somebody's home.

    Args:
        uid: who runs commands; None: who runs the tests.
        tools: a folder with `uv` and `pipx`.
        releases: a folder of wheels that pip and uv find as if an index had them.
    """

    home: Path
    tools: Path
    releases: Path
    uid: int | None = None

    def run(self, script: str, folder: Path | None = None, *, ok: bool = True) -> subprocess.CompletedProcess[str]:
        """Run lines of a shell as they are typed one after another, and stop at one that fails."""
        done = subprocess.run(
            ("/bin/sh", "-ec", script),
            cwd=folder or self.home,
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            user=self.uid,
            group=self.uid,
            extra_groups=None if self.uid is None else [],
            stdin=subprocess.DEVNULL,
        )
        assert not ok or done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def _environment(self) -> Mapping[str, str]:
        kept = {name: value for name, value in os.environ.items() if name.startswith(BEGUN_BY_THIS_MACHINE)}
        mine = {} if self.uid is not None else _caches()
        return {
            **kept,
            **mine,
            "HOME": str(self.home),
            "PATH": f"{self.tools}:{self.home}/.local/bin:{SYSTEM}",
            "PIP_FIND_LINKS": f"{self.releases} {os.environ.get('PIP_FIND_LINKS', '')}".strip(),
            "PIP_DISABLE_PIP_VERSION_CHECK": "1",
            "PIP_NO_COMPILE": "1",
            "UV_FIND_LINKS": str(self.releases),
            "TMPDIR": str(self.home),
        }


def _caches() -> Mapping[str, str]:
    """Return where what was downloaded before is kept, so that nothing is downloaded in each run."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path(pwd.getpwuid(os.geteuid()).pw_dir, ".cache"))
    return {"PIP_CACHE_DIR": str(cache / "pip"), "UV_CACHE_DIR": str(cache / "uv")}


def tools(folder: Path) -> Path:
    """Make a folder with uv and pipx, as a user has them, and with this Python as `python3`; return it."""
    beside = Path(sys.executable).parent
    (folder / "uv").symlink_to(beside / "uv")
    _write(folder / "pipx", f'exec {beside}/uv tool run --quiet pipx "$@"')
    _write(folder / "python3", f'exec {getattr(sys, "_base_executable", sys.executable)} "$@"')
    return folder


def python_for(uid: int) -> str | None:
    """Return a Python that somebody may run and make an environment with; None where there is none."""
    able = "import ensurepip, venv, sys; sys.exit(sys.version_info < (3, 11))"
    for python in (getattr(sys, "_base_executable", sys.executable), "/usr/bin/python3"):
        command = ("/bin/sh", "-c", f"{python} -c '{able}'")
        done = subprocess.run(command, cwd="/", capture_output=True, check=False, user=uid, group=uid, extra_groups=[])
        if done.returncode == 0:
            return str(python)
    return None


def _write(file: Path, line: str) -> None:
    file.write_text(f"#!/bin/sh\n{line}\n")
    file.chmod(0o755)
