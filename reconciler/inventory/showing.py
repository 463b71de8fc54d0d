"""Find out of a box which variables count for it, what they come to, and who says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from ..model.plain import to_plain
from ..model.secret import MASK, Mask, Secret
from ..model.support import ORCHESTRATION
from ..model.target import ConnectionKind, Invalid, Ssh, Target
from ..model.validate import PREFIX
from ..model.variables import VARIABLES
from . import identifying, inner
from .assignments import Assignment
from .command_line import CommandLine
from .decrypted import each_text_once
from .entry import Entry
from .guards import Guards
from .option import Options
from .options import Resolver
from .overruled import Inline
from .quiet import quiet
from .reading import entries_of
from .secrecy import may_be_read, without_passwords
from .shown import DEFAULT, Giver, GiverKind, ShownBox, ShownValue, ShownVariable
from .source import Source
from .values import encrypted_within, read_values
from .vault import VaultOptions

_SHORTEST: Final = 4
"""Characters of a secret that is masked wherever it stands; a shorter one stands by chance in other words."""
_OF_HOMEPAGE: Final = ("ansible_host",)
"""What of Ansible's own variables counts where a box is reached by its pages."""
_DEFAULTS: Final = {
    "host": "host",
    "port": "port",
    "timeout": "connect_timeout",
    "reconnection_retries": "retries",
    "become": "become",
    "python": "python",
}
"""Settings that are shown where nobody sets them, and which field of the connection holds what then counts."""


def show(
    sources: Sequence[str], patterns: Sequence[str], vault: VaultOptions, said: CommandLine
) -> tuple[tuple[ShownBox, ...], tuple[str, ...]]:
    """Return the boxes that patterns select, and warnings about the inventory; see `show` of the package."""
    with quiet() as heard, each_text_once():
        source = Source(sources, vault, heard, said.extra_vars, inline=Inline(is_whole=True))
        selected = source.select(None, patterns)
        resolver = Resolver(said.keywords)
        entries, whose = entries_of(source, selected, resolver)
        hosts = {str.__str__(host.name): host for host in source.all.hosts}
        chosen = [each for each in entries if each.identity.name in selected]
        boxes = tuple(_box(source, hosts[each.identity.name], each, whose, resolver) for each in chosen)
    return boxes, (*heard.notes, *map(str, source.passed_over()), *whose.warnings)


def _box(source: Source, host: Any, entry: Entry, whose: Guards, resolver: Resolver) -> ShownBox:
    judged = entry.judged(whose)
    problems = judged.problems if isinstance(judged, Invalid) else ()
    groups = source.all.groups_of(host)
    try:
        raw, template = source.all.variables(host)
    except Exception:  # noqa: BLE001 - plugins raise anything, and the entry has told it
        return ShownBox(name=entry.identity.name, connection=entry.connection, groups=groups, problems=problems)
    variables = _Variables(source, host, raw, template)
    mine = [each for each in (*VARIABLES, *sorted(map(str, raw))) if each.startswith(PREFIX) and each in raw]
    unset = [each for each in VARIABLES.values() if each.name not in raw and each.name not in ORCHESTRATION]
    reached = () if entry.connection.is_here else tuple(_reached(entry, variables, resolver))
    values = read_values(template, raw, identifying.VARIABLE_NAMES)
    return ShownBox(
        name=entry.identity.name,
        connection=entry.connection,
        customer=_text(values.plain.get(f"{PREFIX}customer")),
        store=_text(values.plain.get(f"{PREFIX}store")),
        address=_address(judged),
        is_managed=isinstance(judged, Invalid) or judged.desired.declares_something,
        groups=groups,
        declared=(
            *(variables.shown(each) for each in dict.fromkeys(mine)),
            *(_default(each.name, each.default) for each in unset if each.default is not None),
        ),
        reached=reached,
        not_set=tuple(each.name for each in unset if each.default is None),
        problems=problems,
    )


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _address(judged: Target | Invalid) -> str | None:
    """Return with whom a connection is made, as ssh writes it."""
    if isinstance(judged, Invalid):
        return None
    way = judged.ssh or judged.homepage
    if way is None:
        return None
    user = f"{judged.ssh.user}@" if judged.ssh is not None and judged.ssh.user else ""
    return f"{user}{way.host}:{way.port}" if ":" not in way.host else f"{user}[{way.host}]:{way.port}"


def _default(name: str, value: object) -> ShownVariable:
    return ShownVariable(name=name, counts=ShownValue(giver=DEFAULT, value=value))


class _Variables:
    """The variables of a host. What it encrypts is masked in every other value, too."""

    def __init__(self, source: Source, host: Any, raw: Mapping[str, Any], template: Callable[[Any], Any]) -> None:
        self.raw, self.template = raw, template
        self._said = source.assignments.of_host(host)
        secrets = [each for some in self._said.values() for each in some if _is_secret(each)]
        plain = [read_values(template, {each.name: each.value}, [each.name]).plain.get(each.name) for each in secrets]
        self._mask = Mask(*(Secret(each) for value in plain for each in _texts(value) if len(each) >= _SHORTEST))

    def shown(self, name: str) -> ShownVariable:
        """Return a variable with everything that is said of it."""
        said = self._said.get(name, [])
        counting = next((each for each in reversed(said) if each.value is self.raw[name]), None)
        others = tuple(self._shown_value(each) for each in said if each is not counting)
        if counting is None:
            where = inner.place_of(self.raw[name])
            counting = Assignment(Giver(GiverKind.PLUGIN), name, self.raw[name], where)
        return ShownVariable(name=name, counts=self._shown_value(counting), overruled=others)

    def masked(self, value: object) -> object:
        """Return a plain value without secrets."""
        if isinstance(value, str):
            return without_passwords(self._mask.of(value, cut=False))
        if isinstance(value, Mapping):
            return {str(self.masked(key)): self.masked(each) for key, each in value.items()}
        return [self.masked(each) for each in value] if isinstance(value, list) else value

    def _shown_value(self, said: Assignment) -> ShownValue:
        values = read_values(self.template, {said.name: said.value}, [said.name])
        failed = values.failed.get(said.name)
        is_encrypted = _is_encrypted(said.value) or said.is_hidden
        is_secret = is_encrypted or not may_be_read(said.name)
        shown = None if failed else MASK if is_secret else self.masked(to_plain(values.plain.get(said.name)))
        return ShownValue(
            giver=said.giver,
            value=shown,
            position=said.position,
            is_secret=is_secret,
            is_encrypted=is_encrypted,
            problem=str(failed) if failed else None,
        )


def _is_encrypted(value: object) -> bool:
    return any(True for _ in encrypted_within(value))


def _is_secret(said: Assignment) -> bool:
    is_known = said.name in VARIABLES or said.name.startswith("ansible_")
    return said.is_hidden or _is_encrypted(said.value) or (is_known and not may_be_read(said.name))


def _texts(value: object) -> Iterator[str]:
    """Yield every text within a plain value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)


def _reached(entry: Entry, variables: _Variables, resolver: Resolver) -> Iterator[ShownVariable]:
    """Yield the variables that say how a box is reached, then settings that come from elsewhere."""
    is_homepage = entry.connection is ConnectionKind.HOMEPAGE
    counting = (
        _OF_HOMEPAGE if is_homepage else sorted(each for each in resolver.variables if each.startswith("ansible_"))
    )
    for name in counting:
        if name in variables.raw:
            yield variables.shown(name)
    if is_homepage:
        return
    plain = read_values(variables.template, variables.raw, sorted(resolver.variables)).plain
    options, _ = resolver.resolve({**plain, "inventory_hostname": entry.identity.name})
    yield from _settings(options, variables, resolver, entry.ssh)


def _settings(options: Options, variables: _Variables, resolver: Resolver, ssh: Ssh | None) -> Iterable[ShownVariable]:
    for name, option in options.items():
        variable = resolver.variable_of(name)
        if option.source in variables.raw or option.giver.kind is GiverKind.HOST:
            if option.source == "inventory_hostname":
                yield _default(variable, option.value)
        elif option.giver != DEFAULT:
            value = variables.masked(option.value) if may_be_read(variable) else MASK
            counts = ShownValue(
                giver=option.giver, value=value, position=option.position, is_secret=not may_be_read(variable)
            )
            yield ShownVariable(name=variable, counts=counts)
        elif name in _DEFAULTS and ssh is not None:
            yield _default(variable, getattr(ssh, _DEFAULTS[name]))
