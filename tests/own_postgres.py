"""A PostgreSQL that a test may crash: made for it, with a copy of the template."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from devkit.cluster import Cluster, major_version
from devkit.database import Databases
from devkit.postgres import Server

from . import live
from .live import LiveServer

NAME = "crash"
TOOLS = ("initdb", "pg_ctl", "postgres", "pg_dump", "pg_restore")
# What was written survives the crash of a process without waiting for the disk.
SETTINGS = "fsync = off\n"


@dataclass(frozen=True)
class Crashable:
    """A live server on a PostgreSQL of its own."""

    server: LiveServer
    cluster: Cluster

    def crash(self) -> None:
        """Stop PostgreSQL as if it had crashed: nothing is written any more."""
        words = ["stop", "-w", "-m", "immediate", "-D", self.cluster.data]
        command = [self.cluster.binaries / "pg_ctl", *words]
        subprocess.run(
            self.cluster.runner.command(command),
            cwd="/",
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def recover(self) -> None:
        """Start PostgreSQL again; it repeats what its log says."""
        self.cluster.start(keep=True)


@contextlib.contextmanager
def crashable(label: str, workers: int) -> Iterator[Crashable]:
    """Run a server on a PostgreSQL of its own for the time of the context.

    Skips the test where no PostgreSQL can be made that reads a dump of the template.
    """
    given = live.known_databases()
    binaries = _find_binaries(given)
    with tempfile.TemporaryDirectory(prefix="budget-crash-") as folder:
        dev = Path(folder)
        dev.chmod(0o711)  # PostgreSQL may have to run as another user
        (dev / "venv").symlink_to(given.ground.dev / "venv")
        ground = replace(given.ground, dev=dev, run="")
        cluster = Cluster(ground, binaries)
        try:
            cluster.start(keep=True)
            databases = Databases(
                ground, Server(cluster.environment(), cluster), given.source
            )
            _copy_template(given, databases)
            # It is full of what a crash looks like and therefore not named live-….
            log = given.ground.log(label)
            with live.serve_database(databases, NAME, log, workers) as server:
                yield Crashable(server, cluster)
        finally:
            cluster.stop()


def _find_binaries(given: Databases) -> Path:
    """Return the folder of the newest usable PostgreSQL of this machine."""
    found = [Path(path).parent for path in (shutil.which("initdb"),) if path]
    found += [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    ((version,),) = given.query("postgres", ("show server_version_num", []))
    usable = {
        folder: major_version(folder)
        for folder in map(Path.resolve, found)
        if all((folder / tool).exists() for tool in TOOLS)
        and major_version(folder) >= int(version) // 10_000
    }
    if not usable:
        pytest.skip(
            f"needs {', '.join(TOOLS)} of PostgreSQL {int(version) // 10_000} or newer"
            " on this machine, to make a server that may crash"
        )
    return max(usable, key=lambda folder: usable[folder])


def _copy_template(given: Databases, databases: Databases) -> None:
    template = os.environ["BUDGET_TEST_TEMPLATE"]
    cluster = databases.server.cluster
    assert cluster
    dump = databases.ground.dev / "template.dump"
    words = ["-Fc", "-Z0", "--no-owner", "-f", dump, template]
    _run([cluster.binaries / "pg_dump", *words], given.environment())
    databases.query("postgres", (f'create database "{NAME}"', []))
    words = ["-j2", "--no-owner", "-d", NAME, dump]
    _run([cluster.binaries / "pg_restore", *words], databases.environment())
    if given.filestore(template).exists():
        shutil.copytree(given.filestore(template), databases.filestore(NAME))


def _run(command: Sequence[str | Path], environment: dict[str, str]) -> None:
    subprocess.run(list(map(str, command)), env=environment, check=True, cwd="/")
