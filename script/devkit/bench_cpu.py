"""What a server and its PostgreSQL use of the processor, from /proc."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import psycopg2

from tests.live import LiveServer

TICK = 1000 / os.sysconf("SC_CLK_TCK")
# The backends of this database but the one that asks, and what works for all.
BACKENDS = """
    SELECT pid FROM pg_stat_activity
     WHERE (datname = current_database() OR backend_type <> 'client backend')
       AND pid <> pg_backend_pid()"""
Used = dict[int, float]


class Reading(NamedTuple):
    """Milliseconds that each process has used since it began, by process id."""

    odoo: Used
    postgres: Used | None


class Meter:
    """Reads the clocks of a server's processes and of those that serve its database."""

    def __init__(
        self, server: LiveServer, connection: psycopg2.extensions.connection
    ) -> None:
        self.server = server
        self.connection = connection

    def reading(self) -> Reading:
        """Return what was used until now; None for PostgreSQL on another machine."""
        odoo = _each(self.server.children(), used_by_threads)
        if not _is_here(self.connection.info.backend_pid):
            return Reading(odoo, None)
        with self.connection.cursor() as cr:
            cr.execute(BACKENDS)
            return Reading(odoo, _each((pid for (pid,) in cr), used_by_one_thread))


@contextlib.contextmanager
def metered(server: LiveServer) -> Iterator[Meter]:
    """Give a meter for a server, with a connection of its own."""
    with contextlib.closing(server.connect()) as connection:
        connection.autocommit = True  # else it would see the same backends for ever
        yield Meter(server, connection)


def used_by_threads(pid: int) -> float | None:
    """Return the CPU of all threads of a process, to ten milliseconds.

    Odoo's workers work in a thread, which the exact clock does not count.
    """
    text = _read(pid, "stat")
    if text is None:
        return None
    # The name of the program, in brackets, may hold anything.
    ticks = text.rpartition(")")[2].split()[11:13]
    return sum(map(int, ticks)) * TICK


def used_by_one_thread(pid: int) -> float | None:
    """Return the CPU of the first thread of a process, exactly."""
    text = _read(pid, "schedstat")
    return None if text is None else int(text.split()[0]) / 1e6


def spent(before: Reading, after: Reading) -> tuple[float, float | None]:
    """Return the milliseconds of Odoo and of PostgreSQL between two readings."""
    odoo = _added(before.odoo, after.odoo)
    if before.postgres is None or after.postgres is None:
        return odoo, None
    return odoo, _added(before.postgres, after.postgres)


def _added(before: Used, after: Used) -> float:
    """Return what was added; who has ended in between counts for nothing."""
    return sum(used - before.get(pid, 0.0) for pid, used in after.items())


def _each(pids: Iterable[int], clock: Callable[[int], float | None]) -> Used:
    """Return the clocks of the processes that are still there."""
    clocks = ((pid, clock(pid)) for pid in pids)
    return {pid: used for pid, used in clocks if used is not None}


def _is_here(backend: int) -> bool:
    """Tell whether a backend runs on this machine, where its clock can be read."""
    name = _read(backend, "comm")
    return bool(name and name.startswith("postgres") and used_by_one_thread(backend))


def _read(pid: int, name: str) -> str | None:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(encoding="utf-8")
    except OSError:  # it has ended, or is none of ours
        return None
