"""Look for everything that is wrong with an inventory, and go on where some of it cannot be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ..model.target import Target
from ..model.validate import PREFIX, shared_serial
from ..outcome.unvisited import not_managed
from . import linting_values
from .command_line import CommandLine
from .decrypted import each_text_once
from .entry import Entry, beside_gaps
from .guards import Guards
from .identity import ALL, listed
from .inner import place_of
from .linted import Flaws, Level, Linted, Rule
from .options import Resolver
from .overruled import Inline
from .problem import Problem
from .quiet import AnsibleWords, quiet
from .reading import entries_of, safe
from .source import Source
from .unfilled import WORD, gaps
from .values import place_among
from .vault import VaultOptions

_OF_ANSIBLE: Final = (ALL, "ungrouped")
_SERIAL: Final = f"{PREFIX}serial"


def lint(sources: Sequence[str], vault: VaultOptions, said: CommandLine) -> Linted:
    """Return all flaws; see `lint` of the package."""
    flaws = Flaws()
    unread: list[Problem] = []
    with quiet() as heard, each_text_once():
        source = Source(sources, vault, heard, said.extra_vars, fail=unread.extend, inline=Inline(is_whole=True))
        for problem in unread:
            flaws.add(Level.ERROR, Rule.SOURCE, problem)
        resolver = Resolver(said.keywords)
        linting_values.look(source, resolver.variables, flaws)
        _look_at_boxes(source, resolver, heard, flaws)
        if not unread:  # what names a file wrongly may stand in what could not be read
            _look_at_groups(source, flaws)
            for problem in source.passed_over():
                flaws.add(Level.WARNING, Rule.NOT_READ, problem)
    return Linted(sources=source.places, size=len(source.all.hosts), flaws=flaws.sorted())


def _look_at_boxes(source: Source, resolver: Resolver, heard: AnsibleWords, flaws: Flaws) -> None:
    hosts = {str.__str__(host.name): host for host in source.all.hosts}
    entries, whose = entries_of(source, hosts, resolver)
    for entry in entries:
        _look_at_entry(entry, whose, flaws)
        if entry.unfilled is not None:
            _look_beside(source, hosts[entry.identity.name], resolver, flaws)
    _look_at_declaring(entries, flaws)
    _look_at_addresses(entries, flaws)
    targets = [each for each in (entry.judged(whose) for entry in entries) if isinstance(each, Target)]
    for words in (*heard.notes, *safe(heard.warnings, targets)):
        flaws.add(Level.WARNING, Rule.ANSIBLE, Problem(words))
    for words in whose.warnings:
        flaws.add(Level.WARNING, Rule.CUSTOMER, Problem(words))


def _look_at_entry(entry: Entry, whose: Guards, flaws: Flaws) -> None:
    who = entry.identity
    for problem in (*entry.problems, *map(Problem, entry.disbelieved)):
        flaws.add(Level.ERROR, Rule.ENTRY, problem, who.name)
    others = [each for each in whose.holders.get(who.serial or "", ()) if each != who.name]
    if others:
        flaws.add(Level.ERROR, Rule.DUPLICATE, Problem(shared_serial(others), entry.places.get(_SERIAL)), who.name)
    for text in whose.contradictions.get(who.name, ()):
        flaws.add(Level.ERROR, Rule.CUSTOMER, Problem(text, place_among(entry.places, text)), who.name)
    if who.lacks_customer and who.name not in whose.contradictions:
        text = "iot_https_customer is not set: without it a box is compared with none, and only its own server counts"
        flaws.add(Level.WARNING, Rule.NO_CUSTOMER, Problem(f"{text}; name its customer"), who.name)


def _look_beside(source: Source, host: Any, resolver: Resolver, flaws: Flaws) -> None:
    """Look at a host that is not filled in yet: at what is missing, and at the rest."""
    raw, template = source.all.variables(host)
    name, missing = str.__str__(host.name), gaps(raw)
    for each in missing:
        problem = Problem(f"replace {WORD} in {each}", place_of(raw[each]))
        flaws.add(Level.ERROR, Rule.UNFILLED, problem, name)
    for problem in beside_gaps(name, raw, template, resolver):
        flaws.add(Level.ERROR, Rule.ENTRY, problem, name)


def _look_at_declaring(entries: Iterable[Entry], flaws: Flaws) -> None:
    """Find boxes for which nothing is declared although their entry names them as boxes, or nothing for any."""
    known = [each.desired for each in entries if each.desired is not None]
    silent = [each for each in known if not each.declares_something]
    told = [(each.name, text) for each in silent for text in not_managed(each).problems]
    for name, text in told:
        flaws.add(Level.ERROR, Rule.NOT_DECLARED, Problem(text), name)
    if known and len(silent) == len(known) and not told:
        flaws.add(Level.ERROR, Rule.NOT_DECLARED, Problem("nothing is declared for any host: set iot_https_server_url"))


def _look_at_addresses(entries: Iterable[Entry], flaws: Flaws) -> None:
    """Find entries of one customer that lead to one machine; the guard tells those of two."""
    there: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        if entry.identity.way is not None:
            there.setdefault(entry.identity.way, []).append(entry)
    for way, some in there.items():
        names = [each.identity.name for each in some]
        if len(names) > 1 and len({each.identity.customer for each in some} - {None}) < 2:  # noqa: PLR2004
            text = (
                f"ansible_host {way[0]} is that of {listed(names, 'more')}, which is one machine: correct one of them"
            )
            flaws.add(Level.WARNING, Rule.DUPLICATE, Problem(text, some[-1].places.get("ansible_host")), *names)


def _look_at_groups(source: Source, flaws: Flaws) -> None:
    """Find groups without a host: what they say reaches no box."""
    places: Mapping[str, Any] = source.assignments.places_of_groups(source.groups.values())
    for group in source.groups.values():
        name = str.__str__(group.name)
        if name not in _OF_ANSIBLE and not group.get_hosts():
            text = f"group {name} has no hosts, so its variables reach no box: add hosts, or remove it"
            flaws.add(Level.WARNING, Rule.EMPTY_GROUP, Problem(text, places.get(name)))
