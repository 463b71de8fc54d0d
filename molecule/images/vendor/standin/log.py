"""The log as the vendor's program writes it: coloured if the unit says so, and on older code a line per `write()`."""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback

from .generations import HOME, Generation

FORMAT = "%(asctime)s %(process)d %(levelname)s ? %(name)s: %(message)s "
COLOURS = {"DEBUG": 34, "INFO": 32, "WARNING": 33, "ERROR": 31, "CRITICAL": 31}


class ColouredFormatter(logging.Formatter):
    """Colours the level, foreground and background in two sequences."""

    def format(self, record: logging.LogRecord) -> str:
        """Format a copy: other handlers see the level as it is."""
        copy = logging.makeLogRecord(record.__dict__)
        copy.levelname = f"\x1b[1;{COLOURS.get(record.levelname, 39)}m\x1b[1;49m{record.levelname}\x1b[0m"
        return super().format(copy)


def configure(level: str, generation: Generation) -> None:
    """Log to the standard error output, and let the end of a thread be told as this generation does."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter((ColouredFormatter if os.environ.get("ODOO_PY_COLORS") else logging.Formatter)(FORMAT))
    logging.basicConfig(level=level.upper(), handlers=[handler])
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    threading.excepthook = lambda args: _tell_end(generation, args)
    for at in range(generation.threads_of_log):
        threading.Thread(target=threading.Event().wait, name=f"log-{at}", daemon=True).start()


def _tell_end(generation: Generation, args: threading.ExceptHookArgs) -> None:
    """Write what Python would; the place of our files is that of the vendor's."""
    logger = logging.getLogger(f"odoo.addons.{generation.module}.exception_logger")
    name = args.thread.name if args.thread else "unknown"
    trace = traceback.format_exception(args.exc_type, args.exc_value, args.exc_traceback)
    main = f"{HOME}/odoo/addons/{generation.module}/main.py"
    pieces = ["Exception in thread ", name, ":\n", *(each.replace(_OURS, main) for each in trace)]
    for piece in pieces if generation.splits_lines else ["".join(pieces)]:
        logger.error("%s", piece.rstrip("\n"))


_OURS = __file__.replace("log.py", "manager.py")
