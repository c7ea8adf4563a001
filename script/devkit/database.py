"""Odoo databases: create, stamp, copy, drop; through Odoo's own command line."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from . import odoo_source
from .cluster import digest_text
from .ground import LANGUAGES, Ground, digest, is_running
from .postgres import Server
from .progress import StepFailedError, run, say, step

_SQL = """\
import json, sys, psycopg2
connection = psycopg2.connect(dbname=sys.argv[1])
connection.autocommit = True
cursor = connection.cursor()
rows = []
for statement, values in json.loads(sys.argv[2]):
    cursor.execute(statement, values)
    rows = cursor.fetchall() if cursor.description else []
print(json.dumps(rows))
"""


class Databases:
    """The Odoo databases of one clone on one server."""

    def __init__(self, ground: Ground, server: Server, source: Path) -> None:
        self.ground = ground
        self.server = server
        self.source = source
        # On a shared server two clones must not meet in one test database.
        clone = f"{os.uname().nodename}:{ground.dev}"
        suffix = "" if server.is_private else "_" + digest_text(clone)
        self.template = f"budget_test_template{suffix}"
        self.test_prefix = f"budget_test{suffix}_"

    def environment(self) -> dict[str, str]:
        """Return the environment for Odoo and PostgreSQL's tools."""
        foreign = ("ODOO_", "PG" if self.server.is_private else "PGDATABASE")
        kept = {k: v for k, v in os.environ.items() if not k.startswith(foreign)}
        tools = self.server.cluster.binaries if self.server.cluster else None
        path = f"{tools}{os.pathsep}{kept['PATH']}" if tools else kept["PATH"]
        return {**kept, **self.server.environment, "PATH": path}

    def config(self) -> Path:
        """Write Odoo's configuration file for this clone and return it."""
        path = self.ground.dev / "odoo.conf"
        settings = {
            "addons_path": self.ground.addons,
            "data_dir": self.ground.data,
            "list_db": False,
            "max_cron_threads": 0,
            "http_interface": "127.0.0.1",
        }
        lines = ["[options]", *(f"{k} = {v}" for k, v in settings.items())]
        text = "\n".join(lines) + "\n"
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
        return path

    def odoo(self, *words: str) -> list[str]:
        """Return the command line that runs Odoo with this clone's configuration."""
        program = [str(self.ground.python), str(self.ground.odoo)]
        return [*program, *words, "-c", str(self.config())]

    def query(self, name: str, *statements: tuple[str, Sequence[object]]) -> list[list]:
        """Run statements in a database and return the rows of the last one."""
        done = subprocess.run(  # noqa: PLW1510
            [self.ground.python, "-c", _SQL, name, json.dumps(statements)],
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise StepFailedError(
                f"PostgreSQL refused a statement on the database {name}: {reason}",
                "Is the database in use by another program, e.g. a running"
                " script/server? Stop it and run again.",
            )
        return json.loads(done.stdout)

    def stamp(self, name: str) -> str | None:
        """Return what a database was made from, None when it does not exist."""
        rows = self.query(
            "postgres",
            (
                "select coalesce(shobj_description(oid, 'pg_database'), '')"
                " from pg_database where datname = %s",
                [name],
            ),
        )
        return rows[0][0] if rows else None

    def set_stamp(self, name: str, value: str) -> None:
        """Record in the database itself what it was made from."""
        self.query("postgres", (f'comment on database "{name}" is %s', [value]))

    def drop(self, name: str) -> None:
        """Drop a database and its filestore; connections to it are ended."""
        self.query(
            "postgres",
            (
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = %s",
                [name],
            ),
            (f'drop database if exists "{name}"', []),
        )
        shutil.rmtree(self.filestore(name), ignore_errors=True)

    def filestore(self, name: str) -> Path:
        return self.ground.data / "filestore" / name

    def create(
        self,
        name: str,
        modules: Sequence[str],
        stamp: str,
        log: str,
        *,
        with_assets: bool = False,
    ) -> None:
        """Make a database with demo data; it gets its name only when complete."""
        draft = f"{name}_new"
        self.drop(draft)
        run(
            self.odoo(
                *("-d", draft, "-i", ",".join(modules), "--with-demo"),
                *(f"--load-language={','.join(LANGUAGES)}", "--stop-after-init"),
                "--no-http",
            ),
            log=self.ground.log(log),
            why="Odoo could not install the addons",
            advice="Mend what the log names and run again.",
            env=self.environment(),
        )
        self._check_installed(draft, modules, log)
        if with_assets:
            self._generate_assets(draft, log)
        self.drop(name)
        self.query("postgres", (f'alter database "{draft}" rename to "{name}"', []))
        if self.filestore(draft).exists():
            self.filestore(draft).rename(self.filestore(name))
        self.set_stamp(name, stamp)

    def _generate_assets(self, name: str, log: str) -> None:
        """Bundle scripts and styles now, as Odoo's own test runner does before tests.

        Every browser test would do it anew and forget it at its end. Meanwhile it holds
        the one cursor that all requests of a test share, and on a busy machine the
        others give up waiting for it.
        """
        program = Path(__file__).with_name("assets.py")
        run(
            [self.ground.python, program, self.config(), name],
            log=self.ground.log(f"{log}-assets"),
            why="Odoo could not bundle scripts and styles",
            advice="Mend what the log names and run again.",
            env=self.environment(),
        )

    def _check_installed(self, name: str, modules: Sequence[str], log: str) -> None:
        """Odoo exits with zero although a module was left out: look."""
        rows = self.query(
            name,
            ("select name from ir_module_module where state = 'installed'", []),
        )
        missing = sorted(set(modules) - {row[0] for row in rows})
        if missing:
            raise StepFailedError(
                f"Odoo did not install {', '.join(missing)} (a missing dependency?)",
                "See the log for the reason.",
                self.ground.log(log),
            )

    def copy(self, template: str, name: str) -> None:
        """Copy a database with its filestore (hard links: its files never change)."""
        self.drop(name)
        self.query("postgres", (f'create database "{name}" template "{template}"', []))
        # Losing the last half second of a test in a power cut is fine.
        self.query(
            "postgres", (f'alter database "{name}" set synchronous_commit = off', [])
        )
        if self.filestore(template).exists():
            shutil.copytree(
                self.filestore(template), self.filestore(name), copy_function=_link
            )

    def test_name(self, label: str) -> str:
        """Return the name of a database of this process; runs do not meet in one."""
        return f"{self.test_prefix}{os.getpid()}_{label}"

    def drop_abandoned(self) -> None:
        """Drop the databases of test runs that ended without cleaning up."""
        rows = self.query("postgres", ("select datname from pg_database", []))
        for (name,) in rows:
            pid = name.removeprefix(self.test_prefix).partition("_")[0]
            ours = name.startswith(self.test_prefix) and pid.isdigit()
            if ours and not is_running(int(pid)):
                self.drop(name)

    @contextlib.contextmanager
    def copied(self, template: str, name: str) -> Iterator[str]:
        """Copy a database for the time of the context."""
        self.copy(template, name)
        try:
            yield name
        finally:
            self.drop(name)

    def fingerprint(self) -> str:
        """Return a hash of all that a database with our addons is made from."""
        locks = digest(
            self.ground.root / name
            for name in ("requirements.lock", "requirements-oca.txt")
        )
        parts = (self.ground.addons_digest(), locks, odoo_source.identity(self.source))
        return digest_text(" ".join(parts))

    def provide_template(self) -> str:
        """Return the database that tests copy, rebuilt when its input changed."""
        wanted = self.fingerprint()
        with self.ground.locked():
            if self.stamp(self.template) == wanted:
                return self.template
            modules = self.ground.our_addons() or ["base"]
            title = f"Database {self.template}: installing {', '.join(modules)}"
            with step(f"{title} with demo data (2 to 4 minutes, when files changed)"):
                self.create(
                    self.template, modules, wanted, "template", with_assets=True
                )
            say("  done")
        return self.template


def _link(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
