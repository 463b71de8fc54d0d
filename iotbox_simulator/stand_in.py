"""What the stand-ins share as programs: their arguments, the test authority on disk, and running until a signal."""

from __future__ import annotations

import argparse
import datetime as dt
import fcntl
import json
import logging
import signal
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path

from .https_server import WebServer
from .pki import TestAuthority, make_authority

log = logging.getLogger("iotbox_simulator")


@dataclass(frozen=True)
class Options:
    """Where a stand-in listens, and under which names."""

    listen: tuple[str, int]
    control: tuple[str, int]
    state_dir: Path
    names: list[str]


def utc_now() -> dt.datetime:
    """The present, with its zone."""
    return dt.datetime.now(dt.UTC)


def options(description: str, names: list[str], argv: list[str] | None = None) -> Options:
    """Read the command line; the names are used when none is given."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--listen", type=address, default=("127.0.0.1", 8443), metavar="ADDR:PORT", help="HTTPS")
    parser.add_argument("--control", type=address, default=("127.0.0.1", 8080), metavar="ADDR:PORT", help="plain HTTP")
    parser.add_argument("--state-dir", type=Path, required=True, help="keeps the test authority; ca.pem is its root")
    parser.add_argument("--name", action="append", help="host name to present a certificate for; repeatable")
    given = parser.parse_args(argv)
    return Options(given.listen, given.control, given.state_dir, given.name or names)


def address(text: str) -> tuple[str, int]:
    """Parse `ADDR:PORT`; raises ValueError for anything else."""
    host, colon, port = text.rpartition(":")
    if not colon:
        raise ValueError(f"{text!r} is not ADDR:PORT")
    return host, int(port)


def authority_in(folder: Path, now: dt.datetime) -> TestAuthority:
    """The authority kept in a folder, made at its first use; safe when several stand-ins start at once."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / "authority.json"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.exists():
            made = make_authority("Lab", now=now)
            kept.touch(mode=0o600)
            kept.write_text(json.dumps(asdict(made)), encoding="ascii")
            (folder / "ca.pem").write_text(made.root_pem, encoding="ascii")
    return TestAuthority(**json.loads(kept.read_text(encoding="ascii")))


def run(stand_in: AbstractContextManager[object], control: WebServer, chosen: Options) -> None:
    """Serve until SIGTERM or SIGINT."""
    logging.basicConfig(format="%(asctime)s %(name)s: %(message)s", level=logging.INFO)
    stop = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)
    with stand_in, control:
        where = "https://{}:{}".format(*chosen.listen)
        log.info("%s on %s, control on http://%s:%d", ", ".join(chosen.names), where, *chosen.control)
        signal.sigwait(stop)
