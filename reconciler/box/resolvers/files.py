"""The files that decide which DNS servers a box asks, and who writes them: a change in the wrong one does not last.

`/etc/resolv.conf` is read as glibc 2.36 (bookworm) reads it, tried with its `res_ninit`; NetworkManager's files as
`NetworkManager.conf(5)` says.
"""

from __future__ import annotations

import ipaddress
import posixpath
import re
import socket
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from ...codes.phrases.resolver_writers import WRITERS
from ...machine.reason import Unfit
from ...model.observed import ResolverOwner
from ...model.statement import Statement, say
from .comments import OUR_MARK, header, is_mark

_ENCODING: Final = "latin-1"
"""Every byte is a character and comes back as itself; what matters in these files is ASCII."""
_STUB = "127.0.0.53"
_ADDRESS = re.compile(r"[0-9A-Fa-f.:]+(%[\w.-]+)?", re.ASCII)
"""What `ipaddress` is asked about: it lets a scope hold anything, line breaks included."""
_NAMESERVER = re.compile(r"[ \t]*nameserver(?![^ \t\r\n])")
_LINKS = (
    *((start, each.owner) for each in WRITERS for start in each.links),
    ("/run/NetworkManager/", ResolverOwner.NETWORK_MANAGER),
)
_NOT_OURS = frozenset(each.owner for each in WRITERS) - {ResolverOwner.UNKNOWN}
_LONGEST_SIGN: Final = 120
NM_MAIN = "/etc/NetworkManager/NetworkManager.conf"
NM_FOLDERS = ("/usr/lib/NetworkManager/conf.d", "/run/NetworkManager/conf.d", "/etc/NetworkManager/conf.d")
_NM_LEAVES = frozenset({"none", "systemd-resolved", "unbound", "dnsconfd"})
"""Values of `dns` that leave `/etc/resolv.conf` to others. A value that NetworkManager does not know is `default`."""
_DEFAULT_DOMAIN = "global-dns-domain-*"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvConf:
    """What is in a `resolv.conf`.

    Args:
        nameservers: addresses in order, all of them (glibc asks the first three).
        header_owner: the program that says in a comment that it wrote the file; `UNKNOWN` where one says so that is not
            known.
        mark: that comment.
        ignored: what follows `nameserver` in lines that glibc skips: no address, a CR behind it, an indent before.
    """

    nameservers: tuple[str, ...] = ()
    header_owner: ResolverOwner | None = None
    mark: str = field(default="", compare=False)
    ignored: tuple[str, ...] = ()


def parse_resolv_conf(content: bytes) -> ResolvConf:
    """Read a `resolv.conf` as the programs of the box do."""
    servers: list[str] = []
    ignored: list[str] = []
    comments: list[str] = []
    for line in content.decode(_ENCODING).split("\n"):
        if line.startswith(("#", ";")):
            comments.append(line)
        elif _NAMESERVER.match(line):
            address = _glibc_address(line)
            if address:
                servers.append(address)
            else:
                ignored.append(line.strip().removeprefix("nameserver").strip())
    who, mark = header(comments)
    if who is None and servers == [_STUB]:
        who = ResolverOwner.RESOLVED
    return ResolvConf(nameservers=tuple(servers), header_owner=who, mark=mark, ignored=tuple(ignored))


def render_resolv_conf(old: bytes, servers: Iterable[str]) -> bytes:
    """Return `old` with its name servers replaced where they stand, and our mark in the place of any program's.

    Everything else is kept.

    Args:
        servers: IPv4 or IPv6 addresses, in order.

    Raises:
        ValueError: no server, or one that is not an address.
    """
    wanted = [f"nameserver {_checked(server)}\n" for server in servers]
    if not wanted:
        raise Unfit(say("no_server_given"))
    lines = [each for each in re.findall(r"[^\n]*\n|[^\n]+", old.decode(_ENCODING)) if not is_mark(each)]
    kept = [line for line in lines if not _NAMESERVER.match(line)]
    place = next((i for i, line in enumerate(lines) if _NAMESERVER.match(line)), len(kept))
    if place and not kept[place - 1].endswith("\n"):
        kept[place - 1] += "\n"
    return "".join([f"{OUR_MARK}\n", *kept[:place], *wanted, *kept[place:]]).encode(_ENCODING)


def network_manager_dns(files: Mapping[str, bytes]) -> str | None:
    """Return the value of `[main] dns` that NetworkManager works with, `None` where nothing sets it.

    `rc-manager=unmanaged` counts as `none`, because that is what `none` implies.

    Args:
        files: content by absolute path, as on the running box.
    """
    main: dict[str, str] = {}
    for path in _reading_order(files):
        groups = _key_file(files[path])
        disabled = groups.get(".config", {}).get("enable", "").lower() in {"false", "no", "off", "0"}
        if path == NM_MAIN or not disabled:
            main.update(groups.get("main", {}))
    return "none" if main.get("rc-manager") == "unmanaged" else main.get("dns")


def render_global_dns(servers: Iterable[str]) -> bytes:
    """Return a NetworkManager snippet that makes `servers` the DNS servers of all connections.

    Raises:
        ValueError: no server, one that is not an address, or an address with a scope, which NetworkManager refuses.
    """
    wanted = [_checked(server) for server in servers]
    if not wanted or any("%" in server for server in wanted):
        raise Unfit(say("nm_needs_servers"))
    text = f"{OUR_MARK}\n[{_DEFAULT_DOMAIN}]\nservers={','.join(wanted)}\n"
    return text.encode("ascii")


def parse_global_dns(content: bytes) -> tuple[str, ...]:
    """Return the servers that a NetworkManager file sets for all names, without what NetworkManager drops."""
    servers = _key_file(content).get(_DEFAULT_DOMAIN, {}).get("servers", "")
    found = [_address(server.strip()) for server in servers.split(",")]
    return tuple(dict.fromkeys(server for server in found if server and "%" not in server))


def owner(
    link: str | None,
    content: bytes,
    *,
    nm_running: bool,
    nm_dns: str | None,
    signs: Mapping[ResolverOwner, Statement] = MappingProxyType({}),
) -> ResolverOwner:
    """Decide who writes `/etc/resolv.conf`: marks in the file come before who runs.

    Args:
        link: target of the symbolic link, as written; `None` for a plain file.
        content: what is read at that path, empty if it is missing.
        nm_running: NetworkManager is active.
        nm_dns: answer of `network_manager_dns`.
        signs: programs of the table that run, or have left files of theirs, with what shows it.
    """
    named = parse_resolv_conf(content).header_owner
    linked = _link_owner(link) if link is not None else None
    claimed = linked or named
    if claimed in _NOT_OURS:
        return next((each.owner for each in WRITERS if each.behind is claimed and each.owner in signs), claimed)
    if nm_running and (link is None or linked is ResolverOwner.NETWORK_MANAGER):
        if nm_dns not in _NM_LEAVES:
            return ResolverOwner.NETWORK_MANAGER
        if nm_dns == "systemd-resolved":
            return ResolverOwner.RESOLVED
    if other := next((each.owner for each in WRITERS if each.behind is None and each.owner in signs), None):
        return other
    if named is ResolverOwner.UNKNOWN:
        return named
    if link is None and (nm_dns == "none" or (named is None and not nm_running)):
        return ResolverOwner.STATIC
    return ResolverOwner.UNKNOWN


def sign(
    link: str | None, content: bytes, signs: Mapping[ResolverOwner, Statement], who: ResolverOwner
) -> Statement | None:
    """Return what shows that it is this program that writes the file; see `owner`."""
    read = parse_resolv_conf(content)
    if who in signs:
        return signs[who]
    if link is not None:
        return say("shown_by_link", target=link[:_LONGEST_SIGN])
    if read.mark and read.header_owner is who:
        return say("shown_by_comment", text=read.mark[:_LONGEST_SIGN])
    return None


def _link_owner(link: str) -> ResolverOwner | None:
    target = posixpath.normpath(posixpath.join("/etc", link)).replace("/var/run/", "/run/", 1)
    return next((program for start, program in _LINKS if target.startswith(start)), None)


def _glibc_address(line: str) -> str | None:
    """Return the address of a `nameserver` line. glibc wants it at the very start and takes a CR for part of it."""
    words = re.split(r"[ \t]+", line)
    if words[0] != "nameserver" or len(words) == 1:
        return None
    try:
        return _address(words[1]) or (socket.inet_ntoa(socket.inet_aton(words[1])) if words[1].isprintable() else None)
    except OSError:
        return None


def _address(text: str) -> str | None:
    """Return an IPv4 or IPv6 address in its usual form, `None` for anything else."""
    if not _ADDRESS.fullmatch(text):
        return None
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None


def _checked(server: str) -> str:
    address = _address(server)
    if address is None:
        raise Unfit(say("no_server_address", server=repr(server)))
    return address


def _reading_order(files: Mapping[str, bytes]) -> Iterator[str]:
    """Yield the files as NetworkManager reads them: packages', this boot's, the main one, the administrator's.

    A name in a later folder hides the same name in an earlier one.
    """
    names = [
        {posixpath.basename(p) for p in files if posixpath.dirname(p) == f and p.endswith(".conf")} for f in NM_FOLDERS
    ]
    for i, folder in enumerate(NM_FOLDERS):
        if folder == NM_FOLDERS[-1] and NM_MAIN in files:
            yield NM_MAIN
        hidden = set[str]().union(*names[i + 1 :])
        yield from (f"{folder}/{name}" for name in sorted(names[i] - hidden))


def _key_file(content: bytes) -> dict[str, dict[str, str]]:
    """Read GLib's key file format, skipping what GLib would refuse the whole file for."""
    groups: dict[str, dict[str, str]] = {}
    group: dict[str, str] | None = None
    for line in content.decode(_ENCODING).split("\n"):
        text = line.strip()
        name, equals, value = text.partition("=")
        if text.startswith("["):
            group = groups.setdefault(text[1:-1], {}) if text.endswith("]") else None
        elif equals and group is not None and not text.startswith("#"):
            group[name.rstrip()] = value.lstrip()
    return groups
