"""How long a test waits for what comes by itself."""

from __future__ import annotations

from typing import Final

PATIENCE: Final = 60.0
"""Seconds, half of what a test may take: only a test that fails uses them up, so that no busy machine comes near."""
