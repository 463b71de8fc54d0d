"""From the arguments of a run to those of the next one over the same boxes: for the commands that reports offer."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Final

from ..engine.settings import Settings
from ..model.target import ConnectionKind
from ..results.fleet import Again
from . import login

_DEFAULTS: Final = Settings()
_BOUNDS: Final = {
    "--forks": ("forks", _DEFAULTS.forks),
    "--deadline": ("deadline", _DEFAULTS.box_seconds),
    "--run-timeout": ("run_timeout", _DEFAULTS.run_seconds),
    "--authority-at-once": ("authority_at_once", _DEFAULTS.authority_at_once),
}
"""Options that bound every run, with their attribute and default: what is slow for one run is for the next."""
LEFT_OUT: Final = frozenset(
    {
        "output",  # the next run is for a person
        "quiet",
        "list_hosts",
        "check",
        "debug",
        "events",
        "diff",
        "chain",
        "public_dns",  # a question of a diagnosis
        "jitter",  # of runs that nobody looks at
        "missed_runs",
        "yes",  # who pastes a command is asked
        "max_changed",  # as many as there are now
    }
)
"""Attributes of a run that the next one does not get."""


def again(options: argparse.Namespace) -> Again:
    """Return how the command is called again: without the inventory it would take that of `ansible.cfg`."""
    bounds = tuple(_bounds(options))
    if options.connection == ConnectionKind.LOCAL:
        name = ("--name", options.name) if options.name else ()
        given = ("--connection", ConnectionKind.LOCAL.value, "--desired", str(options.desired), *name)
        return Again(options=given, bounds=bounds, by_name=False)
    return Again(options=tuple(_inventory(options)), bounds=bounds, selection=tuple(_selection(options)))


def _inventory(options: argparse.Namespace) -> Iterator[str]:
    repeated = (
        ("-i", options.inventory),
        ("--vault-id", options.vault_id),
        ("--vault-password-file", options.vault_password_file),
    )
    for option, values in repeated:
        for value in values:
            yield from (option, value)
    if options.ask_vault_password:
        yield "-J"
    yield from login.words(options)


def _selection(options: argparse.Namespace) -> Iterator[str]:
    yield from options.patterns
    if options.limit is not None:
        yield from ("--limit", options.limit)


def _bounds(options: argparse.Namespace) -> Iterator[str]:
    for option, (attribute, default) in _BOUNDS.items():
        value = getattr(options, attribute)
        if value != default:
            yield from (option, f"{value:g}")
    if not options.probe:
        yield "--no-probe"
    if options.relink:
        yield "--relink"
