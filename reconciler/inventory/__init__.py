"""The Ansible inventory, read through Ansible itself: the only package that imports it, and only when `load` is called.

Everything that an inventory may hold works as for Ansible: groups, patterns, plugins, templates, vault, ansible.cfg.
What comes out has nothing of Ansible in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..model.secret import Secret
from .command_line import NOTHING_SAID, CommandLine
from .errors import InventoryError
from .fleet import Inventory
from .linted import Linted
from .shown import ShownBox
from .supported import REQUIREMENT, refusal
from .vault import NO_VAULT, VaultOptions

if TYPE_CHECKING:
    from .declarations import Declarations

__all__ = [
    "NOTHING_SAID",
    "NO_VAULT",
    "CommandLine",
    "Inventory",
    "InventoryError",
    "VaultOptions",
    "declared",
    "encrypter",
    "lint",
    "load",
    "load_and_declared",
    "show",
]


def load(
    sources: Sequence[str] = (),
    *,
    limit: str | None = None,
    patterns: Sequence[str] = (),
    vault: VaultOptions = NO_VAULT,
    said: CommandLine = NOTHING_SAID,
) -> Inventory:
    """Read inventories.

    Args:
        sources: files, directories, `host,lists` or executables, as after `-i`; empty leaves it to ansible.cfg.
        limit: Ansible's pattern or `@file` of the boxes to work on, `None` for all.
        patterns: the same; a box must match one of these, where there are any, and the limit.
        vault: where vault passwords come from, beside what ansible.cfg and the environment name.
        said: how to log in, and variables of the command line.

    Returns:
        The boxes within the limit, and what boxes may belong to whom from the whole inventory.

    Raises:
        InventoryError: nothing can be done with this inventory, limit or vault; says why and the way out.
    """
    with _ansible():
        from .reading import read
    return read(tuple(sources), limit, tuple(patterns), vault, said)


def show(
    sources: Sequence[str], patterns: Sequence[str], *, vault: VaultOptions = NO_VAULT, said: CommandLine = NOTHING_SAID
) -> tuple[tuple[ShownBox, ...], tuple[str, ...]]:
    """Return each variable that counts for some boxes, with its value and who says so; and warnings, a line each.

    Args:
        sources, vault, said: as of `load`.
        patterns: which boxes, at least one.

    Raises:
        InventoryError: as of `load`.
    """
    with _ansible():
        from .showing import show as shown
    return shown(tuple(sources), tuple(patterns), vault, said)


def lint(sources: Sequence[str] = (), *, vault: VaultOptions = NO_VAULT, said: CommandLine = NOTHING_SAID) -> Linted:
    """Return all that is wrong with inventories, also where some of it cannot be read.

    Args:
        sources, vault, said: as of `load`.

    Raises:
        InventoryError: there is nothing to look at.
    """
    with _ansible():
        from .linting import lint as linted
    return linted(tuple(sources), vault, said)


def declared(
    sources: Sequence[str] = (), *, vault: VaultOptions = NO_VAULT, encrypt_vault_id: str | None = None
) -> Declarations:
    """Read what an inventory declares, and where, for whoever adds to it. One without any box is no error.

    Args:
        sources: as for `load`.
        vault: as for `load`.
        encrypt_vault_id: which password encrypts what is added, as after Ansible's option of this name.

    Raises:
        InventoryError: as for `load`.
    """
    with _ansible():
        from .declarations import read_declarations
    return read_declarations(tuple(sources), vault, encrypt_vault_id)


def load_and_declared(
    sources: Sequence[str] = (),
    *,
    limit: str | None = None,
    patterns: Sequence[str] = (),
    vault: VaultOptions = NO_VAULT,
    said: CommandLine = NOTHING_SAID,
    encrypt_vault_id: str | None = None,
) -> tuple[Inventory, Declarations]:
    """Return what `load` and `declared` do of one reading, so that nobody is asked for a password twice.

    Raises:
        InventoryError: as for `load`.
    """
    with _ansible():
        from .declarations import read_both
    return read_both(tuple(sources), limit, tuple(patterns), vault, said=said, encrypt_vault_id=encrypt_vault_id)


def encrypter(vault: VaultOptions) -> Callable[[Secret], str]:
    """Return what makes a block of the vault of a secret, in memory, with the first of these passwords.

    Raises:
        InventoryError: a password cannot be read.
    """
    with _ansible():
        from .encrypting import Encrypter
    return Encrypter.of(vault)


@contextmanager
def _ansible() -> Iterator[None]:
    """Import Ansible, a third of a second which `--help` and `--version` need not pay.

    Raises:
        InventoryError: it is not there, of another version, or configured wrongly.
    """
    try:
        from ansible.release import __version__ as version

        if (reason := refusal(version)) is not None:
            raise InventoryError(reason)
        yield
    except ImportError:
        raise InventoryError(
            f"an inventory is read by ansible-core, which is not installed here: pip install '{REQUIREMENT}'"
        ) from None
    except Exception as error:
        # Ansible reads its configuration when it is imported, and its errors quote it.
        if not type(error).__module__.startswith("ansible."):
            raise
        raise InventoryError("ansible.cfg or an ANSIBLE_ variable is wrong: ansible-config dump says which") from None
