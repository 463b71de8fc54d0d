"""Do nginx and Odoo run, and what keeps them from it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..statement import Statement

OPTIONS_OF_REACH = ("http_enable", "http_port", "http_interface", "server_wide_modules", "proxy_mode")
"""Options of Odoo that decide whether a till reaches it. None of them is a secret."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedCertificate:
    """A certificate file that the configuration of nginx names, and the place where it does."""

    path: str
    file: str
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Nginx:
    """The web server.

    Args:
        config_error: what `nginx -t` complains of when the configuration itself is broken.
        served_instead: certificate files that it was told to serve in place of the box's own.
        listens: addresses on which the HTTPS port is open, `None` where the kernel did not tell.
    """

    running: bool | None = None
    config_error: Statement | None = None
    served_instead: tuple[NamedCertificate, ...] = ()
    listens: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Odoo:
    """The vendor's program.

    Args:
        answers: `/hw_proxy/hello` answered.
        stopped: the process exists and is stopped by a signal.
        manager_dead: the thread which renews and reports has died since the last start.
        manager_error: kind of the exception that ended it, where the log has it.
        manager_threads: how many threads the process has, where nothing else tells that it died.
        database_error: why the box does not reach its database, asked where the manager is dead and needs it to start.
        restart_pending: an earlier run of this tool changed what only a restart makes it read.
        options: those of `OPTIONS_OF_REACH` that its file sets.
        listens: addresses on which its port is open, `None` where the kernel did not tell.
    """

    answers: bool | None = None
    stopped: bool = False
    manager_dead: bool = False
    manager_error: str | None = None
    manager_threads: int | None = None
    database_error: Statement | None = None
    restart_pending: bool = False
    options: dict[str, str] = field(default_factory=dict)
    listens: tuple[str, ...] | None = None
