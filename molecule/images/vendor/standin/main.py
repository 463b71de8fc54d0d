"""Life of the process: start slowly, write a pid file, restart in place on SIGHUP, wait for open requests on SIGTERM.

What the main thread does with signals is in `sleeper`.
"""

from __future__ import annotations

import argparse
import configparser
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import NoReturn

from . import log, pairing
from .generations import Generation, current
from .homepage import HtmlHomePage
from .manager import Manager
from .routes import IotBoxOwlHomePage
from .sleeper import Sleeper
from .store import Store, open_store
from .web import Server

PORT = 8069
STARTING = 0.7
"""Seconds that the real program loads its modules, before it catches signals and listens: until then HUP kills it."""
DRAIN_ON_RELOAD, DRAIN_ON_STOP = 1.5, 60.0


def main() -> NoReturn:
    """Run until a signal ends or restarts the process."""
    options = _options()
    generation = current()
    log.configure(options.get("log_level", "info"), generation)
    logging.getLogger("odoo").info("Odoo version %s", generation.version)
    pidfile = Path(options["pidfile"])
    pidfile.write_text(f"{os.getpid()}\n")
    store = open_store(generation)
    manager = Manager(generation, store)
    time.sleep(STARTING)
    sleeper = Sleeper(manager.renew_now, lambda: store.save({"six_payment_terminal": "Not Configured"}))
    server = _serve(generation, store)
    manager.start()
    pairing.start(generation, store)
    number = sleeper.sleep()
    server.shutdown()
    server.server_close()
    if number == signal.SIGHUP:
        _restart(server)
    _stop(server, pidfile)


def _options() -> configparser.SectionProxy:
    parser = argparse.ArgumentParser()
    parser.add_argument("--config", required=True)
    config = configparser.RawConfigParser()
    with open(parser.parse_args().config) as file:  # noqa: PTH123
        config.read_file(file)
    return config["options"]


def _serve(generation: Generation, store: Store) -> Server:
    def restart(after: float) -> None:
        timer = threading.Timer(after, os.kill, [os.getpid(), signal.SIGHUP])
        timer.daemon = True
        timer.start()

    page = HtmlHomePage if generation.name == "flat" else IotBoxOwlHomePage
    server = Server(PORT, page(generation, store, restart).table())
    threading.Thread(target=server.serve_forever, args=[0.05], daemon=True).start()
    return server


def _stop(server: Server, pidfile: Path) -> NoReturn:
    server.drain(DRAIN_ON_STOP)
    pidfile.unlink(missing_ok=True)
    os._exit(0)


def _restart(server: Server) -> NoReturn:
    logging.getLogger("odoo.service.server").info("Initiating server reload")
    server.drain(DRAIN_ON_RELOAD)
    os.execv(sys.executable, [sys.executable, *sys.argv])  # noqa: S606 - as Odoo restarts
