"""The files of an inventory, edited: a diff shows only what was meant, and nothing that was declared changes."""

from __future__ import annotations

from .files import AlreadyDeclared, InventoryFiles
from .values import EditRefused, Encrypted, NewValue, Plain

__all__ = ["AlreadyDeclared", "EditRefused", "Encrypted", "InventoryFiles", "NewValue", "Plain"]
