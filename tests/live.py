"""A real Odoo server with several processes, on its own copy of the template."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import psycopg2

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
RETRY = b"try again in"


@dataclass(frozen=True)
class LiveServer:
    """A running server: where it is, and the process to look after."""

    url: str
    db: str
    pid: int
    log: Path
    postgres: dict[str, str] = field(default_factory=dict)

    def connect(self) -> psycopg2.extensions.connection:
        """Return a connection to the database of the server, past Odoo."""
        names = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER"}
        place = {
            key: self.postgres[name]
            for key, name in names.items()
            if self.postgres.get(name)
        }
        return psycopg2.connect(dbname=self.db, **place)

    def children(self) -> list[int]:
        """Return the processes that the server has started and looks after."""
        path = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(pid) for pid in path.read_text().split()]

    def retries(self) -> int:
        """Return how often the server ran a request again since it started."""
        return self.log.read_bytes().count(RETRY)

    def client(self) -> Client:
        """Return a new client without a session."""
        return Client(self.url, self.db)

    def login(self, login: str, password: str | None = None) -> Client:
        """Return a client with a session of its own."""
        return self.client().login(login, password)


@contextlib.contextmanager
def serve(label: str, workers: int = 2) -> Iterator[LiveServer]:
    """Run a server on a copy of the template for the time of the context.

    Needs the surroundings that script/test prepares: ``PG*`` and the name of the
    template database in ``BUDGET_TEST_TEMPLATE``.
    """
    databases = known_databases()
    name = databases.test_name("live")
    with (
        databases.copied(os.environ["BUDGET_TEST_TEMPLATE"], name),
        serve_database(
            databases, name, databases.ground.log(f"live-{label}"), workers
        ) as server,
    ):
        yield server


def known_databases() -> Databases:
    """Return the databases on the server that script/test has prepared."""
    ground = replace(Ground.here(), run=os.environ.get("BUDGET_TEST_RUN", ""))
    source = Path(odoo.release.__file__).resolve().parents[1]
    databases = Databases(ground, Server({}), source)
    databases.test_prefix = os.environ["BUDGET_TEST_PREFIX"]
    return databases


@contextlib.contextmanager
def serve_database(
    databases: Databases, name: str, log: Path, workers: int
) -> Iterator[LiveServer]:
    """Run a server on a database that exists.

    :param log: where its log goes; script/test looks for errors in ``live-*``
    """
    port = ports.free_port()
    command = databases.odoo(
        *("-d", name, f"--db-filter=^{name}$", f"--workers={workers}"),
        *(f"--http-port={port}", f"--gevent-port={ports.free_port()}"),
    )
    environment = databases.environment()
    with _process(command, environment, log) as process:
        _await_port(process, port, log)
        url = f"http://127.0.0.1:{port}"
        yield LiveServer(url, name, process.pid, log, environment)


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
