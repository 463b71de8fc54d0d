"""What systemd knows of a service: its state, and the start limit that turns six quick restarts into an outage."""

from __future__ import annotations

from dataclasses import dataclass, field

from reconciler.machine.system import Completed

START_LIMIT = 5
START_INTERVAL = 10.0
"""systemd's defaults: the sixth start within ten seconds is refused, and all later ones until it is reset."""

OK = Completed(0, "", "")
_EXIT_INACTIVE = 3
_PROPERTIES = ("ActiveState", "LoadState", "MainPID", "ExecMainPID", "Result", "SubState", "Id")
_SUBSTATES = {"active": "running", "inactive": "dead", "failed": "failed", "activating": "auto-restart"}


@dataclass(slots=True)
class Unit:
    """One service unit.

    Args:
        main_pid: 0 where systemd does not know the process.
        limited: not with `StartLimitIntervalSec=0`.
    """

    name: str
    state: str = "inactive"
    result: str = "success"
    main_pid: int = 0
    loaded: bool = True
    limited: bool = True
    starts: list[float] = field(default_factory=list)

    def may_start(self, now: float) -> bool:
        """Count one start at `now` (monotonic seconds); False once the limit is hit."""
        if not self.limited:
            return True
        if self.result == "start-limit-hit":
            return False
        self.starts = [start for start in self.starts if now - start < START_INTERVAL]
        if len(self.starts) >= START_LIMIT:
            self.state, self.result, self.main_pid = "failed", "start-limit-hit", 0
            return False
        self.starts.append(now)
        return True

    def up(self, pid: int) -> None:
        """Note that it runs."""
        self.state, self.result, self.main_pid = "active", "success", pid

    def down(self, *, failed: bool = False) -> None:
        """Note that it does not run any more."""
        self.state, self.main_pid = ("failed" if failed else "inactive"), 0
        self.result = "exit-code" if failed else "success"

    def reset_failed(self) -> None:
        """Forget failures and counted starts."""
        self.starts.clear()
        if self.state == "failed":
            self.state, self.result = "inactive", "success"

    def is_active(self) -> Completed:
        """Answer `systemctl is-active`."""
        return Completed(0 if self.state == "active" else _EXIT_INACTIVE, f"{self.state}\n", "")

    def show(self, names: tuple[str, ...], *, value_only: bool) -> Completed:
        """Answer `systemctl show -p NAME`; a property that nobody needed so far is an AssertionError."""
        known = {
            "ActiveState": self.state,
            "LoadState": "loaded" if self.loaded else "not-found",
            "MainPID": str(self.main_pid),
            "ExecMainPID": str(self.main_pid),
            "Result": self.result,
            "SubState": _SUBSTATES[self.state],
            "Id": self.name,
        }
        unknown = [name for name in names if name not in known]
        if unknown:
            raise AssertionError(f"the simulated systemd does not know the property {unknown[0]} of {self.name}")
        chosen = names or _PROPERTIES
        lines = [known[name] if value_only else f"{name}={known[name]}" for name in chosen]
        return Completed(0, "\n".join(lines) + "\n", "")


def job_failed(name: str, *, limit: bool = False) -> Completed:
    """Return what `systemctl start` says when it could not."""
    why = "" if limit else " because the control process exited with error code"
    hint = f'See "systemctl status {name}" and "journalctl -xeu {name}" for details.'
    return Completed(1, "", f"Job for {name} failed{why}.\n{hint}\n")
