"""Odoo inside a process of script/bench: registry, people's transactions, samples.

Like all ``bench_*`` modules that measure, it runs in the virtual environment.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from odoo import api, sql_db
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tools import SQL, config

Act = Callable[[api.Environment], Any]


class Sample(NamedTuple):
    """What one transaction cost: statements, and milliseconds of Python and in all."""

    queries: int
    cpu: float
    wall: float


def open_registry(request: dict[str, Any]) -> Registry:
    """Load the database that a request names, quietly."""
    words = ["-c", request["config"], "-d", request["database"], "--log-level=warn"]
    if "addons_path" in request:
        words.append(f"--addons-path={request['addons_path']}")
    config.parse_config(words, setup_logging=True)
    server.load_server_wide_modules()
    return Registry(request["database"])


@contextmanager
def transaction(
    registry: Registry, company_id: int, uid: int = api.SUPERUSER_ID
) -> Iterator[api.Environment]:
    """Give a person an environment; commit at the end as a request does."""
    context = {"allowed_company_ids": [company_id], "lang": "en_US"}
    with registry.cursor() as cr:
        yield api.Environment(cr, uid, context)


def measure(
    registry: Registry, company_id: int, uid: int, act: Act
) -> tuple[Sample, Any]:
    """Run ``act`` in a transaction of its own; count until it is committed.

    What the process has cached across requests stays warm, what one request caches
    for itself is cold: as for a person who clicks.
    """
    with transaction(registry, company_id, uid) as env:
        gc.collect()
        queries = sql_db.sql_counter  # of every connection, not of this one only
        wall, cpu = time.perf_counter(), time.process_time()
        answer = act(env)
        env.cr.commit()
        sample = Sample(
            sql_db.sql_counter - queries,
            (time.process_time() - cpu) * 1000,
            (time.perf_counter() - wall) * 1000,
        )
    return sample, answer


def copy_rows(
    env: api.Environment, table: str, changes: dict[str, SQL], which: SQL, copies: SQL
) -> None:
    """Copy the rows of a table past the ORM, once for each row of ``copies``.

    :param changes: columns of the copies that are not as in ``row``
    """
    env.cr.execute(
        """SELECT column_name FROM information_schema.columns
            WHERE table_name = %s AND column_name <> 'id'""",
        [table],
    )
    names = [name for (name,) in env.cr.fetchall()]
    values = [changes.get(name, SQL("row.%s", SQL.identifier(name))) for name in names]
    env.cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s row, %s WHERE %s",
            SQL.identifier(table),
            SQL(", ").join(map(SQL.identifier, names)),
            SQL(", ").join(values),
            SQL.identifier(table),
            copies,
            which,
        )
    )
