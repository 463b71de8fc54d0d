"""The whole inventory as a play has it, judged by the same function as for the command.

A play knows more variables than an inventory: its own, those of the role, facts that it set. They count for its hosts,
as they do for the task that is sent to a box; for other hosts the inventory alone counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict
from secrets import token_bytes
from typing import Any

from ..model.validate import PREFIX
from ..model.variables import VARIABLES
from .addresses import with_one_address_each
from .decrypted import each_text_once
from .entry import Entry, read_entry
from .guards import Guards, guards
from .hosts import Hosts
from .identity import DeclaredIdentity
from .overruled import read_again
from .unfilled import nobody
from .values import read_values
from .warnings import all_locked, not_compared, unrecognised


def judge(hostvars: Any, task: Any, *, in_play: Collection[str], wanted: Iterable[str]) -> dict[str, Any]:
    """Return what a play has to know of its inventory, as plain data without a secret.

    Args:
        hostvars: Ansible's variable of this name, which knows the whole inventory.
        task: the task that asks, of which role and play are known.
        in_play: hosts of the play, whatever the batch.
        wanted: hosts of which the row is returned.

    Returns:
        `boxes`, a row for each of the hosts wanted; `directory`, whose is what, for naming strangers; `warnings`;
        `refused`, a line for each reason for which none of the hosts wanted can be judged: no entry is filled in yet,
        or the password of a vault is missing for all.
    """
    manager, loader = hostvars._inventory, hostvars._loader  # noqa: SLF001 - it has no other names
    hosts = Hosts(manager, hostvars._variable_manager, loader, read_again(manager._sources, loader))  # noqa: SLF001
    salt = token_bytes(16)
    with each_text_once():
        entries = with_one_address_each(
            read_entry(hosts, each, None, salt, **_context(task, each.name, in_play)) for each in hosts.hosts
        )
        groups = hosts.groups()
    whose = guards((entry.identity for entry in entries), groups)
    by_name = {entry.identity.name: entry for entry in entries}
    elsewhere = [entry for entry in entries if entry.identity.name not in in_play]
    named = list(map(str.__str__, wanted))
    batch = [by_name[name] for name in named if name in by_name]
    return {
        "refused": [*nobody({each.identity.name: each.unfilled for each in batch}), *all_locked(batch)],
        "boxes": {name: _row(whose, by_name.get(name), name) for name in named},
        "directory": {
            "serials": whose.owners_of_serial(),
            "servers": whose.owners_of_server(),
            "databases": whose.owners_of_database(),
        },
        "warnings": [*whose.warnings, *not_compared(entries), *unrecognised(elsewhere)],
    }


def unread(task: Mapping[str, Any], variables: Mapping[str, Any], template: Callable[[Any], Any]) -> tuple[str, ...]:
    """Return a line without a value for each variable that a box has, and of which the role made no argument.

    To the role's `default(omit)` a variable that refers to an undefined one is like one that was left out, and what it
    declares would be passed over in silence.

    Args:
        task: arguments of the module; `variable_names` are those that the box has.
        variables: all that the play knows for this box, as Ansible holds them.
        template: renders a value with them.
    """
    named = task.get("variable_names")
    names = sorted(map(str, named)) if isinstance(named, list) else []
    left_out = [name for name in names if name in VARIABLES and name.removeprefix(PREFIX) not in task]
    return tuple(map(str, read_values(template, variables, left_out).problems()))


def _context(task: Any, host: str, in_play: Collection[str]) -> Mapping[str, Any]:
    """Return for whom the variables of play and role count; the lists of hosts would be made anew for each."""
    if host not in in_play:
        return {}
    return {"play": task.get_play(), "task": task, "_hosts": [host], "_hosts_all": [host]}


def _row(whose: Guards, entry: Entry | None, name: str) -> dict[str, Any]:
    who = entry.identity if entry else DeclaredIdentity(name=name)
    return {
        "customer": who.customer,
        "store": who.store,
        "problems": [*(entry.refused if entry else ()), *whose.problems(who)],
        "own_servers": list(whose.own_servers(who)),
        "others": {kind: sorted(digests) for kind, digests in asdict(whose.others(who)).items()},
        "copies": list(whose.copies(who)),
    }
