"""A private PostgreSQL of this clone: its data folder, its socket, its users.

It listens on a Unix socket only, in a folder that only its owner can enter, so it
needs no password and no free port.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from .ground import Ground
from .privilege import Runner
from .progress import StepFailedError, output, run, say

ROLE = "odoo"
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


class Cluster:
    """A data folder of this clone and the server process on it."""

    def __init__(self, ground: Ground, binaries: Path) -> None:
        self.ground = ground
        self.binaries = binaries
        self.home = ground.dev / "pg"
        self.data = self.home / "data"
        self.runner = Runner.for_folder(self.home)
        # Whoever works with the server holds a shared lock on this file.
        self.users = (ground.dev / "pg.users").open("w")
        self.temporary = ground.dev / "pg.temporary"

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

    def start(self, *, keep: bool) -> None:
        """Make the cluster when missing, start it when down, count as its user."""
        fcntl.flock(self.users, fcntl.LOCK_SH)
        self._prepare_folders()
        if not (self.data / "PG_VERSION").exists():
            self._create()
        self._check_version()
        if self._ensure_running() and not keep:
            self.temporary.touch()
        if keep:
            self.temporary.unlink(missing_ok=True)
        self._create_role()

    def release(self) -> None:
        """Stop a server that was started for the time of tests, if none is left."""
        try:
            fcntl.flock(self.users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return  # another script of this clone works with it
        if self.temporary.exists():
            self.stop()
            self.temporary.unlink()
        fcntl.flock(self.users, fcntl.LOCK_UN)

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
        if int(made_by) != major_version(self.binaries):
            raise StepFailedError(
                f"{self.data} was made by PostgreSQL {made_by};"
                f" {self.binaries} is {major_version(self.binaries)}.",
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


def major_version(folder: Path) -> int:
    """Return the major version of the server in a folder, 0 without one."""
    if not all((folder / tool).exists() for tool in ("initdb", "pg_ctl", "postgres")):
        return 0
    found = re.search(r"(\d+)", output([folder / "postgres", "--version"]) or "")
    return int(found[1]) if found else 0


def digest_text(text: str) -> str:
    """Return a short hash that tells clones apart in a shared folder."""
    return hashlib.sha256(text.encode()).hexdigest()[:8]
