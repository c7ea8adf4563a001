"""Connections beside those of the requests, for transactions of milliseconds.

Odoo's pool hands a connection out as if it were new (``DISCARD ALL``), and the database
plans every statement again then, which takes longer than to run those of a balance.
Here a connection keeps its plans. It may: only statements of the balances run on it,
they set nothing for a session, and what is not committed is gone when it comes back.
"""

import os
import selectors
import threading
import time
from contextlib import contextmanager, suppress

import psycopg2
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

from odoo import sql_db

KEPT_AT_MOST = 4  # for a database; a worker process needs one, threads perhaps more

_SET_UP = """
    SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL READ COMMITTED;
    SET plan_cache_mode = force_generic_plan;
    SET jit = off"""

_free = {}
if hasattr(os, "register_at_fork"):
    # Those of a parent process are its own: psycopg2 does not close them here.
    os.register_at_fork(after_in_child=_free.clear)


class KeptConnection:
    """A connection on which a statement commits by itself, or a transaction does."""

    def __init__(self, dbname):
        _name, place = sql_db.connection_info_for(dbname)
        self._connection = psycopg2.connect(**place)
        self._connection.autocommit = True
        self._cursor = self._connection.cursor()
        self._cursor.execute(_SET_UP)
        self._first = ""
        self._used = time.monotonic()

    def execute_query(self, query):
        """Run a statement.

        :param query: an ``SQL`` that returns rows
        :return: list of tuples
        :raise psycopg2.Error: the database refuses it, or is gone
        """
        first, self._first = self._first, ""
        start = time.monotonic()
        self._cursor.execute(first + query.code, query.params)
        _count(time.monotonic() - start)
        return self._cursor.fetchall()

    @contextmanager
    def transaction(self):
        """Commit what the block runs, or nothing if it raises."""
        self._first = "BEGIN; "  # goes out with the first statement: one way less
        try:
            yield
        except BaseException:
            self._end("ROLLBACK")
            raise
        self._end("COMMIT")

    def _end(self, how):
        if self._first:
            self._first = ""
        else:
            self._cursor.execute(how)

    def is_usable(self):
        """Tell whether the server still listens, without asking it.

        Nothing is on its way to an idle client but the news that it was cut off.
        """
        age = time.monotonic() - self._used
        if self._connection.closed or age > sql_db.MAX_IDLE_TIMEOUT:
            return False
        with selectors.DefaultSelector() as selector:
            selector.register(self._connection, selectors.EVENT_READ)
            return not selector.select(0)

    def is_clean(self):
        """Tell whether nothing is open on it."""
        return (
            not self._connection.closed
            and self._connection.get_transaction_status() == TRANSACTION_STATUS_IDLE
        )

    def close(self):
        """End the session on the server."""
        self._connection.close()

    def touch(self):
        """Remember that it was used just now."""
        self._used = time.monotonic()


@contextmanager
def kept_connection(dbname):
    """Give a connection that nobody else uses meanwhile.

    :raise psycopg2.OperationalError: the server lets nobody in
    """
    connection = _get_free(dbname) or KeptConnection(dbname)
    try:
        yield connection
    finally:
        _give_back(dbname, connection)


def _get_free(dbname):
    """Return a connection that still works, None if there is none."""
    free = _free.get(dbname, [])
    with suppress(IndexError):  # several threads may take the last one
        while connection := free.pop():
            if connection.is_usable():
                return connection
            connection.close()
    return None


def _give_back(dbname, connection):
    free = _free.setdefault(dbname, [])
    if connection.is_clean() and len(free) < KEPT_AT_MOST:
        connection.touch()
        free.append(connection)
    else:
        connection.close()


def _count(seconds):
    """Count a statement as Odoo's own cursor does, for its logs and profiles."""
    sql_db.sql_counter += 1
    thread = threading.current_thread()
    if hasattr(thread, "query_count"):
        thread.query_count += 1
        thread.query_time += seconds
