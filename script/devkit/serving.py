"""script/server: the product with demo data on http://localhost:8069."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import time
from collections.abc import Sequence

from . import odoo_source, ports, postgres, venv
from .database import Databases
from .ground import Ground
from .progress import StepFailedError, run, say, step, tail

DATABASE = "budget_demo"
START_SECONDS = 120


def main(arguments: Sequence[str]) -> int:
    """Set up what is missing, bring the demo database up to date and serve it."""
    options = _parse(arguments)
    ground = Ground.here()
    _require_free_port(options.port)
    with ground.locked():
        source = odoo_source.provide(ground)
        venv.provide(ground, source)
        databases = Databases(ground, postgres.provide(ground, keep=True), source)
        _provide_demo(ground, databases, options)
    return _serve(ground, databases, options)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="script/server", description="Serve the product with demo data."
    )
    default_port = int(os.environ.get("BUDGET_PORT", "8069"))
    parser.add_argument("--port", type=int, default=default_port)
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="address to listen on; the demo passwords are known to all, so only"
        " this machine is let in unless told otherwise",
    )
    parser.add_argument("--database", default=DATABASE)
    parser.add_argument(
        "--reset", action="store_true", help="make the demo database anew"
    )
    parser.add_argument(
        "--update",
        action="store_true",
        help="update our addons even if their files did not change",
    )
    parser.add_argument(
        "--prepare", action="store_true", help="do everything but serve"
    )
    return parser.parse_args(arguments)


def _require_free_port(port: int) -> None:
    if ports.is_free(port):
        return
    with step(f"Port {port}"):
        raise StepFailedError(
            f"Port {port} is in use by {ports.holder(port)}.",
            f"If that is an earlier script/server, open http://localhost:{port} or stop"
            f" it; else choose another port: script/server --port {port + 1}",
        )


def _provide_demo(
    ground: Ground, databases: Databases, options: argparse.Namespace
) -> None:
    name = options.database
    wanted = databases.fingerprint()
    found = databases.stamp(name)
    modules = ground.our_addons() or ["base"]
    if found is None or options.reset:
        title = f"Database {name}: installing {', '.join(modules)}"
        with step(f"{title} with demo data (2 to 4 minutes, once)"):
            databases.create(name, modules, wanted, "demo")
    elif found != wanted or options.update:
        with step(f"Database {name}: updating {', '.join(modules)}"):
            _update(ground, databases, name, modules)
            databases.set_stamp(name, wanted)
    else:
        say(f"Database {name}: up to date")


def _update(
    ground: Ground, databases: Databases, name: str, modules: Sequence[str]
) -> None:
    if not databases.filestore(name).exists():
        raise StepFailedError(
            f"The database {name} was not made by this clone: its files are missing.",
            "Choose another name (--database NAME), or make it anew with --reset.",
        )
    names = ",".join(modules)
    run(
        databases.odoo("-d", name, "-i", names, "-u", names)
        + ["--stop-after-init", "--no-http", "--with-demo"],
        log=ground.log("update"),
        why="Odoo could not update the addons",
        advice="Mend what the log names, or start over with script/server --reset.",
        env=databases.environment(),
    )


def _serve(ground: Ground, databases: Databases, options: argparse.Namespace) -> int:
    if options.prepare:
        return 0
    log = ground.log("server")
    command = databases.odoo(
        *("-d", options.database, f"--db-filter=^{options.database}$"),
        *(f"--http-port={options.port}", f"--http-interface={options.host}"),
        "--max-cron-threads=1",
    )
    with step("Odoo: starting"), log.open("wb") as sink:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=databases.environment(),
        )
        signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        try:
            _await_start(process, options.port)
            _greet(ground, databases, options)
            return process.wait()
        except KeyboardInterrupt:
            say("Stopping")
            return 0
        finally:
            process.terminate()
            process.wait()


def _await_start(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not ports.answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            log = Ground.here().log("server")
            raise StepFailedError(
                f"Odoo did not start:\n{tail(log)}",
                "Mend what the log names, or start over with script/server --reset.",
                log,
            )
        time.sleep(0.3)


def _greet(ground: Ground, databases: Databases, options: argparse.Namespace) -> None:
    say(f"Ready: http://localhost:{options.port}   (stop with Ctrl-C)")
    print("\n  Demo logins (the password equals the login):")
    for login, name in _demo_users(databases, options.database):
        print(f"    {login:<24} {name}")
    print(f"\n  Odoo's log: {ground.log('server')}", flush=True)


def _demo_users(databases: Databases, name: str) -> list[list[str]]:
    """Return login and name of the administrator and of all demo users."""
    return databases.query(
        name,
        (
            "select u.login, p.name from res_users u"
            " join res_partner p on p.id = u.partner_id"
            " join ir_model_data d on d.model = 'res.users' and d.res_id = u.id"
            " where u.active and u.password is not null"
            " and (d.module = any(%s) or d.name in ('user_admin', 'user_demo')"
            " and d.module = 'base') order by u.id",
            [databases.ground.our_addons()],
        ),
    )
