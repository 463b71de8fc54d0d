"""What an Ansible module printed on a box: the reply in it, or what was said instead, within bounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..codes import CodeName, Variant
from ..connections import login_table
from ..connections.reply import BOUNDS
from ..model.bounded_json import Bounds, loads
from ..model.secret import redact
from ..model.statement import Statement, say, told
from ..results.finding import Finding, finding

_LONGEST: Final = 1 << 20
"""Characters of all that is printed."""
_OF_THE_MODULE: Final = Bounds(size=2 * BOUNDS.size, values=64, depth=8)
"""The reply is one text in it, whose quotes are quoted again."""
_LONGEST_ERRORS: Final = 64 << 10
_OF_SSH: Final = ("Shared connection to ", "Connection to ", "Warning: Permanently added ")


@dataclass(frozen=True, slots=True)
class Printed:
    """What came back: a framed reply within whatever was printed, and what was said instead of one.

    Args:
        why: what that is known to mean.
        is_ours: what was said instead is a message of the module, which has run.
    """

    output: bytes
    errors: str | Statement = ""
    why: Finding | None = None
    is_ours: bool = False

    @property
    def is_unexplained(self) -> bool:
        """Whether nothing tells why there is no reply."""
        return not (self.output or self.why or self.is_ours)


def said(output: str, errors: str, status: int | None = None) -> Printed:
    """Return what to make of a module's standard output and standard error.

    Args:
        status: with which it ended.
    """
    if len(output) > _LONGEST:
        return Printed(b"", say("printed_too_much"))
    reason = ""
    for line in output.splitlines():
        answer = _object(line) if line.startswith("{") and ('"reply"' in line or '"msg"' in line) else {}
        reply, message = answer.get("reply"), answer.get("msg")
        if isinstance(reply, str):
            return Printed(reply.encode(errors="replace"))
        if isinstance(message, str):
            reason = message
    known = None if reason else login_table.recognised([errors, output], status)
    shown = reason or _last(errors[-_LONGEST_ERRORS:]) or _last(output[-_LONGEST_ERRORS:])
    return Printed(b"", shown, why=known.finding() if known else None, is_ours=bool(reason))


def without_folder(output: str, errors: str, status: int | None) -> Printed:
    """Return what to make of a box that answers, and on which Ansible could not make the folder for its files."""
    found = said(output, errors, status)
    if found.why is not None:
        return found
    if not found.errors or status == 0:
        return Printed(b"", found.errors or _silent(status))
    seen = (say("no_folder"), _shown(found.errors))
    return Printed(b"", found.errors, why=finding(CodeName.NOT_OBSERVED, *seen, variant=Variant.NO_FOLDER))


def blocked(found: Printed) -> Printed:
    """Return what to make of a box that prints this, and that runs no other command either."""
    seen = (say("printed_instead"), _shown(found.errors))
    return Printed(b"", found.errors, why=finding(CodeName.LOGIN_BLOCKED, *seen))


def _shown(errors: str | Statement) -> Statement:
    if isinstance(errors, Statement):
        return errors
    shown = redact(errors)
    return told(shown) if shown else say("nothing_printed")


def _silent(status: int | None) -> Statement:
    return say("nothing_printed") if status is None else say("silent_end", exit_status=status)


def _object(line: str) -> dict[str, object]:
    try:
        data = loads(line.encode(errors="replace"), _OF_THE_MODULE)
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _last(text: str) -> str:
    """Return the last line that is not a word of OpenSSH about its connection."""
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith(_OF_SSH)]
    return lines[-1] if lines else ""
