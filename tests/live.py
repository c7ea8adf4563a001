"""A real Odoo server with several processes, on its own copy of the template."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import odoo.release

from .rpc import Client

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT / "script") not in sys.path:
    sys.path.insert(0, str(ROOT / "script"))

from devkit import ports
from devkit.database import Databases
from devkit.ground import Ground
from devkit.postgres import Server

START_SECONDS = 90
STOP_SECONDS = 20


@dataclass(frozen=True)
class LiveServer:
    """A running server: where it is, and the process to look after."""

    url: str
    db: str
    pid: int
    log: Path

    def client(self) -> Client:
        """Return a new client without a session."""
        return Client(self.url, self.db)

    def login(self, login: str, password: str | None = None) -> Client:
        """Return a client with a session of its own."""
        return self.client().login(login, password)


@contextlib.contextmanager
def serve(label: str, workers: int = 2) -> Iterator[LiveServer]:
    """Run a server for the time of the context.

    Needs the surroundings that script/test prepares: ``PG*`` and the name of the
    template database in ``BUDGET_TEST_TEMPLATE``.
    """
    template = os.environ["BUDGET_TEST_TEMPLATE"]
    ground = replace(Ground.here(), run=os.environ.get("BUDGET_TEST_RUN", ""))
    source = Path(odoo.release.__file__).resolve().parents[1]
    databases = Databases(ground, Server({}), source)
    databases.test_prefix = os.environ["BUDGET_TEST_PREFIX"]
    name = databases.test_name("live")
    log = ground.log(f"live-{label}")
    with databases.copied(template, name):
        port = ports.free_port()
        command = databases.odoo(
            *("-d", name, f"--db-filter=^{name}$", f"--workers={workers}"),
            *(f"--http-port={port}", f"--gevent-port={ports.free_port()}"),
        )
        with _process(command, databases.environment(), log) as process:
            _await_port(process, port, log)
            yield LiveServer(f"http://127.0.0.1:{port}", name, process.pid, log)


@contextlib.contextmanager
def _process(
    command: list[str], environment: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as sink:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            # Its session is its own: this ends the workers too, and nobody else.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _await_port(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ports.answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            text = log.read_text(encoding="utf-8", errors="replace")
            raise RuntimeError(f"the live server did not start:\n{text[-3000:]}")
        time.sleep(0.2)
