"""Load private SSH keys, each once per process: a fleet uses the same few for thousands of boxes."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import asyncssh

from ..model.statement import Statement, say
from .ssh_known_hosts import Stamp, stamp

USUAL = tuple(f"~/.ssh/id_{kind}" for kind in ("ed25519", "ecdsa", "ed25519_sk", "ecdsa_sk", "rsa"))
"""Files that are tried where nothing names any."""


class Lack(StrEnum):
    """Why a file gave no key that can sign."""

    MISSING = "missing"
    UNUSABLE = "unusable"
    ENCRYPTED = "encrypted"


@dataclass(frozen=True, slots=True)
class KeyFile:
    """What one file gave: a key that can sign, at least its public part for the agent, or a reason why not."""

    path: str
    private: asyncssh.SSHKey | None = None
    public: bytes | None = None
    certificate: asyncssh.SSHCertificate | None = None
    problem: Statement | None = None
    lack: Lack | None = None


class Offer(list[tuple[asyncssh.SSHKey, asyncssh.SSHCertificate | None]]):
    """Keys for asyncssh. True even when it is empty: otherwise asyncssh reads the usual files itself, for every box."""

    def __bool__(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Keys:
    """All files that are offered to one server."""

    files: tuple[KeyFile, ...]

    @property
    def offer(self) -> Offer:
        """Return what can sign."""
        return Offer((each.private, each.certificate) for each in self.files if each.private is not None)

    @property
    def identities(self) -> list[bytes]:
        """Return the public keys, by which an agent is told which of its keys may be offered."""
        plain = [each.public for each in self.files if each.public is not None]
        return [*plain, *(each.certificate.public_data for each in self.files if each.certificate is not None)]

    @property
    def problems(self) -> tuple[Statement, ...]:
        """Return one sentence for each file that was named and cannot be used."""
        return tuple(each.problem for each in self.files if each.problem is not None)


def load(paths: Iterable[str], certificates: Iterable[str] = ()) -> Keys:
    """Read these key files and the certificates beside them.

    Args:
        paths: private keys. One that is missing or encrypted is no error: the agent may hold it.
        certificates: further certificates, for whichever key they belong to.
    """
    extra = tuple(filter(None, map(stamp, certificates)))
    return Keys(tuple(_read(path, stamp(path), stamp(f"{path}-cert.pub"), extra) for path in paths))


def usual() -> Keys:
    """Return the user's usual keys; that some are missing is no problem."""
    return load(path for path in USUAL if stamp(path) is not None)


@functools.lru_cache(maxsize=256)
def _read(path: str, found: Stamp | None, beside: Stamp | None, extra: tuple[Stamp, ...]) -> KeyFile:
    if found is None:
        return KeyFile(path, problem=say("key_file_missing", path=path), lack=Lack.MISSING)
    try:
        private = asyncssh.read_private_key(found[0])
    except (OSError, ValueError) as error:  # asyncssh's own errors about keys are ValueErrors
        lack, problem = _why_not(path, error)
        return KeyFile(path, public=_public_part(found[0]), problem=problem, lack=lack)
    certificate = _certificate(private.public_data, [each[0] for each in (beside, *extra) if each is not None])
    return KeyFile(path, private, private.public_data, certificate)


def _why_not(path: str, error: Exception) -> tuple[Lack, Statement]:
    if isinstance(error, OSError):
        return Lack.UNUSABLE, say("key_file_unreadable", path=path, reason=error.strerror or type(error).__name__)
    if str(error).startswith("Passphrase"):
        return Lack.ENCRYPTED, say("key_file_encrypted", path=path)
    return Lack.UNUSABLE, say("no_private_key", path=path, reason=str(error))


def _public_part(path: str) -> bytes | None:
    try:
        return asyncssh.read_public_key(f"{path}.pub").public_data
    except (OSError, ValueError):  # there need not be one
        return None


def _certificate(public: bytes, paths: Iterable[str]) -> asyncssh.SSHCertificate | None:
    """Return the first certificate in these files that is for this key."""
    for path in paths:
        try:
            found = asyncssh.read_certificate(Path(path))
        except (OSError, ValueError):  # a file that is no certificate leaves the key as it is, as with ssh
            continue
        if found.key.public_data == public:
            return found
    return None
