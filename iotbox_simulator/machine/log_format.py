"""How the vendor's program writes its log: coloured on newer images, and in pieces on older branches.

What Python writes to the standard error output goes through a logger of the program. Older code makes a line of each
`write()`; newer code waits for the whole.
"""

from __future__ import annotations

from datetime import datetime

_COLOURS = {"DEBUG": (34, 49), "INFO": (32, 49), "WARNING": (33, 49), "ERROR": (31, 49)}
_FRAME = '  File "{path}", line {line}, in {function}\n    {code}\n'
_PADDING = (
    '  File "/usr/lib/python3/dist-packages/urllib3/connectionpool.py", line 715, in urlopen\n    httplib_response\n'
)
PAIRING_BYTES = 5 << 10
"""Of the traceback that an unlinked box logs each time it asks in vain for a pairing code."""


def prefixed(now: datetime, pid: int, level: str, logger: str, text: str, *, coloured: bool) -> str:
    """Return a line of the log."""
    stamp = f"{now:%Y-%m-%d %H:%M:%S},{now.microsecond // 1000:03d}"
    return f"{stamp} {pid} {_painted(level) if coloured else level} ? {logger}: {text} \n"


def _painted(level: str) -> str:
    foreground, background = _COLOURS[level]
    return f"\x1b[1;{foreground}m\x1b[1;{background}m{level}\x1b[0m"


def end_of_thread(main: str, error: str) -> tuple[str, ...]:
    """Return what Python writes, piece by piece, when an exception ends the manager's thread.

    Args:
        main: path of the vendor's file that holds it.
        error: the exception as its last line shows it.
    """
    return (
        "Exception in thread ",
        "Thread-1",
        ":\n",
        "Traceback (most recent call last):\n",
        _FRAME.format(
            path="/usr/lib/python3.11/threading.py", line=1038, function="_bootstrap_inner", code="self.run()"
        ),
        _FRAME.format(path=main, line=133, function="run", code="self._start()"),
        f"{error}\n",
    )


def pairing_in_vain(error: str) -> str:
    """Return what an unlinked box logs while iot-proxy.odoo.com is out of reach."""
    text = "Failed to request a pairing code from iot-proxy\nTraceback (most recent call last):\n"
    text += _PADDING * ((PAIRING_BYTES - len(text) - len(error)) // len(_PADDING))
    return text + error
