"""Which public key is put on a box: the one whose private part logs in there afterwards."""

from __future__ import annotations

import base64
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import asyncssh

from ..connections import ssh_hops
from ..connections.ssh_hops import Hop
from ..model.errors import PermanentFailure
from ..model.target import Ssh

_COMMENT: Final = "iot-https"
_LONGEST: Final = 64 << 10
"""Bytes of a file with one public key; the longest key of OpenSSH takes 3 KiB."""
_LONGEST_COMMENT: Final = 100


class NoPublicKey(PermanentFailure):
    """There is no public key, or it is not clear which one; the text says what would help."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """One key.

    Args:
        text: type and base64, as `authorized_keys` has them.
        comment: printable ASCII on one line, for whoever reads that file.
        source: the file that it is from.
    """

    text: str
    comment: str
    source: str

    @property
    def data(self) -> bytes:
        """The key as it travels."""
        return base64.b64decode(self.text.split(" ")[1])


def read(path: str) -> PublicKey:
    """Read a file with one public key.

    Raises:
        NoPublicKey: there is none in it.
    """
    try:
        with Path(path).expanduser().open("rb") as file:
            content = file.read(_LONGEST)
    except OSError as error:
        raise NoPublicKey(f"{path}: {error.strerror}: name a public key with --public-key") from None
    if b"PRIVATE KEY" in content:
        raise NoPublicKey(f"{path} is a private key, which stays here: name its public half, {path}.pub")
    lines = [line.strip() for line in content.decode("utf-8", errors="replace").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    if len(lines) != 1:
        raise NoPublicKey(f"{path} holds {len(lines)} keys: name a file with one")
    try:
        key = asyncssh.import_public_key(" ".join(lines[0].split()[:2]))  # a comment may be in any letters
    except asyncssh.KeyImportError:
        raise NoPublicKey(f"{path} is no public key of OpenSSH: name a file such as ~/.ssh/id_ed25519.pub") from None
    return _of(key.public_data, lines[0].split(" ", 2)[2:], path)


def choose(ssh: Ssh, given: PublicKey | None) -> PublicKey:
    """Return the key for a box.

    Args:
        given: what the command line names.

    Raises:
        NoPublicKey: there is none, several could be meant, or nothing here could log in with it.
        ValueError: `ssh_config` cannot be understood.
    """
    hop = ssh_hops.box(ssh)
    if given is not None:
        if not _can_log_in(hop, given.data):
            raise NoPublicKey(
                f"nothing here logs in with {given.source}: set ansible_ssh_private_key_file to its private half, "
                "or add that to the SSH agent"
            )
        return given
    found = _distinct(
        _of(each.public, _comments(each.path), _public_half(each.path))
        for each in hop.keys.files
        if each.public is not None and _can_log_in(hop, each.public)
    )
    if not found:
        raise NoPublicKey("no SSH key here that logs in: make one with ssh-keygen, or set ansible_ssh_private_key_file")
    if len(found) > 1:
        files = ", ".join(each.source for each in found)
        raise NoPublicKey(f"several SSH keys log in from here ({files}): choose one with --public-key FILE.pub")
    return found[0]


def user_of(ssh: Ssh) -> str:
    """Return as whom somebody logs in."""
    return str(ssh_hops.box(ssh).options.username)


def _can_log_in(hop: Hop, data: bytes) -> bool:
    """Tell whether a file here signs with the key, or an agent may."""
    return any(each.private is not None and each.public == data for each in hop.keys.files) or hop.has_agent


def _distinct(keys: Iterable[PublicKey]) -> list[PublicKey]:
    return list({each.text: each for each in keys}.values())


def _public_half(path: str) -> str:
    """Name the public half of a private key for a person, who must not take the other one."""
    beside = f"{path}.pub"
    return beside if Path(beside).expanduser().is_file() else f"the public half of {path}"


def _comments(path: str) -> list[str]:
    try:
        return Path(f"{path}.pub").expanduser().read_text(encoding="utf-8", errors="replace").split(" ", 2)[2:]
    except OSError:
        return []


def _of(data: bytes, comments: list[str], source: str) -> PublicKey:
    (length,) = struct.unpack_from(">I", data)
    kind = data[4 : 4 + length].decode("ascii")
    comment = "".join(each for each in " ".join(comments).strip() if " " <= each <= "~")[:_LONGEST_COMMENT]
    return PublicKey(f"{kind} {base64.b64encode(data).decode()}", comment or _COMMENT, source)
