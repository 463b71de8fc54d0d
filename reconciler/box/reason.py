"""What an error says, in one line."""

from __future__ import annotations


def reason(error: BaseException) -> str:
    """Return the words of an error, after the file that it is about; never empty, never "None"."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    return " ".join(str(error).split()) or type(error).__name__
