"""Folders of this machine in which the commands of simulated boxes run: a home for each box, and one `sudo` for all."""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from .account import Account

_THROUGH = 0o711
"""Others come through and cannot list."""

SUDO_ASKS = "IOT_SIMULATOR_SUDO_ASKS"
SUDO_PASSWORD = "IOT_SIMULATOR_SUDO_PASSWORD"  # noqa: S105 - the name of a variable
SUDO_SAYS = "IOT_SIMULATOR_SUDO_SAYS"
SUDO = r"""#!/bin/sh
# sudo of a simulated box: asks, runs the command, and becomes nobody else.
ask() { printf '%s' "${prompt-[sudo] password for pi: }" >&2; }
while [ $# -gt 0 ]; do
  case $1 in
    --) shift; break ;;
    -p) prompt=$2; shift 2 ;;
    -u | -g) shift 2 ;;
    -[EHknS]*)
      case $1 in *[!-EHknS]*) echo "sudo: a simulated box does not know $1" >&2; exit 1 ;; esac
      case $1 in *n*) never=1 ;; esac
      case $1 in *S*) reads=1 ;; esac
      shift ;;
    -i | -s) shift; [ $# -gt 0 ] || set -- /bin/sh ;;
    -*) echo "sudo: a simulated box does not know $1" >&2; exit 1 ;;
    *=*) export "$1"; shift ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] || { echo "usage: sudo [-EHknS] [-p prompt] [-u user] command" >&2; exit 1; }
command -v "$1" >/dev/null || { echo "sudo: $1: command not found" >&2; exit 1; }
[ -z "$IOT_SIMULATOR_SUDO_SAYS" ] || { printf '%s\n' "$IOT_SIMULATOR_SUDO_SAYS" >&2; exit 1; }
[ -n "$IOT_SIMULATOR_SUDO_ASKS" ] || exec "$@"
[ -z "$never" ] || { echo "sudo: a password is required" >&2; exit 1; }
[ -n "$reads" ] || [ -t 0 ] || { echo "sudo: a terminal is required to read the password" >&2; exit 1; }
for attempt in 1 2 3; do
  [ -t 0 ] && stty -echo
  ask
  IFS= read -r line || { printf '\nsudo: no password was provided\n' >&2; exit 1; }
  [ -t 0 ] && stty echo && echo >&2
  [ -n "$IOT_SIMULATOR_SUDO_PASSWORD" ] && [ "$line" = "$IOT_SIMULATOR_SUDO_PASSWORD" ] && exec "$@"
  echo "Sorry, try again." >&2
done
echo "sudo: 3 incorrect password attempts" >&2
exit 1
"""


@dataclass(frozen=True, slots=True)
class Scratch:
    """Everything lies under one folder, which is removed at the end."""

    folder: Path
    account: Account

    @property
    def programs(self) -> Path:
        """What comes first in PATH."""
        return self.folder / "bin"

    def home(self, name: str) -> Path:
        """Return the home of a box, made when it is first asked for, and owned by whom commands run as."""
        home = self.folder / "homes" / f"box-{quote(name, safe='')}"
        if not home.exists():
            home.mkdir(mode=stat.S_IRWXU)
            (home / "~pi").symlink_to(".")  # the shell knows no user pi, and leaves this as it is
            if self.account.uid is not None and self.account.gid is not None:
                os.chown(home, self.account.uid, self.account.gid)
        return home

    def protect(self, name: str, *, read_only: bool) -> None:
        """Let nobody write into the home of a box, or its owner again."""
        self.home(name).chmod(stat.S_IRUSR | stat.S_IXUSR if read_only else stat.S_IRWXU)


@contextmanager
def scratch(account: Account) -> Iterator[Scratch]:
    """Make the folders, and remove them whatever happened in them.

    Raises:
        PermissionError: commands could not get there.
    """
    with tempfile.TemporaryDirectory(prefix="iot-https-boxes-") as name:
        folder = Path(name)
        folder.chmod(_THROUGH)
        if account.uid is not None:
            _check_way(folder)
        for part in ("bin", "homes"):
            (folder / part).mkdir()
            (folder / part).chmod(_THROUGH)
        sudo = folder / "bin" / "sudo"
        sudo.write_text(SUDO, encoding="ascii")
        sudo.chmod(0o755)
        yield Scratch(folder, account)


def _check_way(folder: Path) -> None:
    for parent in folder.parents:
        if not parent.stat().st_mode & stat.S_IXOTH:
            raise PermissionError(f"{parent} is closed to others, so that nobody but root gets to {folder}: set TMPDIR")
