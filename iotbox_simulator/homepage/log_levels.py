"""The routes that show and set what the program logs."""

from __future__ import annotations

from ..machine.log_levels import LogLevels
from ..vendor_facts import answers
from ..vendor_facts import log_levels as facts
from .host import Host


def log_levels(host: Host) -> dict[str, object]:
    """Show them."""
    return facts.shown(server=host.odoo.store.get("remote_server"), **_levels(host))


def log_levels_update(host: Host, name: str, value: str) -> dict[str, str]:
    """Set one; a level that there is not changes nothing, and is a success all the same."""
    if not name.startswith(facts.PREFIX) and name != facts.TO_SERVER:
        return {"status": "error", "message": facts.UNKNOWN}
    _set(host, {name: value})
    return answers.success(facts.UPDATED)


def list_handlers(host: Host, **given: str) -> str:
    """Show the page of 16.0, after setting what it was sent."""
    _set(host, given)
    return facts.page(**_levels(host))


def _levels(host: Host) -> dict[str, str]:
    levels = host.odoo.levels
    return {name: levels.of_logger(logger).lower() for name, logger in facts.LOGGERS.items()}


def _set(host: Host, given: dict[str, str]) -> None:
    before = levels = host.odoo.levels
    for name, level in given.items():
        logger = facts.LOGGERS.get(name.removeprefix(facts.PREFIX)) if name.startswith(facts.PREFIX) else None
        if logger is None or level not in facts.LEVELS:
            continue
        levels = _with(levels, logger, level)
        if logger == facts.LOGGERS["odoo"]:
            levels = _with(levels, facts.WEB, facts.web_level(level))
    if levels != before:
        host.vendor.logs_at(levels)


def _with(levels: LogLevels, logger: str, level: str) -> LogLevels:
    """Return them with one level; what is there already is left where it stands."""
    return levels if f"{logger}:{level.upper()}" in levels.handlers else levels.with_level(logger, level)
