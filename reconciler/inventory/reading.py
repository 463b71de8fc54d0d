"""Read sources and a limit into an `Inventory`; of hosts outside the limit only their identity is read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from secrets import token_bytes

from ..model.secret import Secret, redact
from ..model.target import Invalid, Target
from .addresses import with_one_address_each
from .command_line import CommandLine
from .decrypted import each_text_once
from .entry import Entry, read_entry
from .errors import InventoryError
from .fleet import Inventory
from .guards import Guards, guards
from .options import Resolver
from .quiet import AnsibleWords, quiet
from .source import Source
from .unfilled import nobody
from .vault import VaultOptions
from .warnings import not_compared, unrecognised


def read(
    sources: Sequence[str], limit: str | None, patterns: Sequence[str], vault: VaultOptions, said: CommandLine
) -> Inventory:
    """Read inventories; see `load`."""
    return read_all(sources, limit, patterns, vault, said)[0]


def read_all(
    sources: Sequence[str], limit: str | None, patterns: Sequence[str], vault: VaultOptions, said: CommandLine
) -> tuple[Inventory, Source]:
    """Read inventories, and return what Ansible holds of them beside what is made of it."""
    with quiet() as heard:
        try:
            source = Source(sources, vault, heard, said.extra_vars)
            is_part = limit is not None or bool(patterns)
            return _read(source, source.select(limit, patterns), said, heard, is_part=is_part), source
        except InventoryError as error:
            # A pattern that matches nothing, a password file that is missing: often the cause of the error.
            raise InventoryError(*error.problems, *heard.notes) from None


def _read(
    source: Source, selected: frozenset[str], said: CommandLine, heard: AnsibleWords, *, is_part: bool
) -> Inventory:
    with each_text_once():
        entries, whose = entries_of(source, selected, Resolver(said.keywords))
    inside = [entry for entry in entries if entry.identity.name in selected]
    outside = [entry for entry in entries if entry.identity.name not in selected]
    judged = [entry.judged(whose) for entry in inside]
    targets = tuple(each for each in judged if isinstance(each, Target))
    customers = frozenset(entry.identity.customer for entry in inside) if is_part else None
    if not targets:
        _refuse_common(inside)
    return Inventory(
        targets=targets,
        invalid=(*(each for each in judged if isinstance(each, Invalid)), *source.left_out(customers)),
        size=len(entries),
        locked=tuple(sorted({reason for entry in inside for reason in entry.password})),
        names=tuple(entry.identity.name for entry in entries),
        sources=source.places,
        guards=whose,
        warnings=(
            *heard.notes,
            *map(str, source.passed_over()),
            *whose.warnings,
            *not_compared(outside),
            *unrecognised(outside),
            *safe(heard.warnings, targets),
        ),
    )


def entries_of(source: Source, selected: Collection[str], resolver: Resolver) -> tuple[list[Entry], Guards]:
    """Read every host, those that are selected in full, and judge them together."""
    salt = token_bytes(16)
    entries = with_one_address_each(
        read_entry(source.all, host, resolver if host.name in selected else None, salt) for host in source.all.hosts
    )
    return entries, guards((entry.identity for entry in entries), source.all.groups())


def _refuse_common(entries: Sequence[Entry]) -> None:
    """Raise once what stops every host in the same way, instead of saying it of each.

    Raises:
        InventoryError: the vault password is missing or wrong, a file of variables that all share cannot be read, or no
            entry is filled in yet.
    """
    reasons = frozenset.intersection(*(entry.password for entry in entries))
    if reasons:
        raise InventoryError(*(f"no box can be used: a value {reason}" for reason in sorted(reasons)))
    if told := nobody({entry.identity.name: entry.unfilled for entry in entries}):
        raise InventoryError(*told)
    unread = {entry.unread for entry in entries}
    if len(entries) > 1 and len(unread) == 1 and (text := unread.pop()) is not None:
        raise InventoryError(f"no box can be used: {text}")


def safe(warnings: Iterable[str], targets: Iterable[Target]) -> tuple[str, ...]:
    """Mask what plugins may have put into warnings."""
    secrets = {secret for target in targets for secret in _secrets(target)}
    return tuple(redact(warning, *secrets) for warning in warnings)


def _secrets(target: Target) -> list[Secret]:
    desired, ssh = target.desired, target.ssh
    known = [desired.token, desired.db_uuid, desired.enterprise_code, desired.proxy]
    if ssh is not None:
        known += [ssh.password, ssh.become_password]
    return [secret for secret in known if secret is not None]
