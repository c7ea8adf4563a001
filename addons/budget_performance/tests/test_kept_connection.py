import os
import time
from unittest.mock import patch

from odoo import sql_db
from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL

from .. import kept_connection as module
from ..kept_connection import kept_connection

PID = SQL("SELECT pg_backend_pid()")


@tagged("post_install", "-at_install")
class TestKeptConnection(TransactionCase):
    """A connection beside the request: quick, clean, and its loss is no harm (B20)."""

    def setUp(self):
        super().setUp()
        self.dbname = self.env.cr.dbname
        kept = patch.dict(module._free, clear=True)
        kept.start()
        self.addCleanup(kept.stop)
        self.addCleanup(self._close_all)

    def _close_all(self):
        for connections in module._free.values():
            for connection in connections:
                connection.close()

    def _query(self, code):
        with kept_connection(self.dbname) as connection:
            return connection.execute_query(SQL(code))

    def _get_pid(self):
        with kept_connection(self.dbname) as connection:
            return connection.execute_query(PID)[0][0]

    def test_it_is_used_again_with_its_plans(self):
        self.assertEqual(self._get_pid(), self._get_pid())
        self._query("PREPARE kept AS SELECT 1; SELECT 1")
        self.assertEqual(self._query("EXECUTE kept"), [(1,)])

    def test_nobody_shares_it(self):
        with kept_connection(self.dbname) as connection:
            ((pid,),) = connection.execute_query(PID)
            self.assertNotEqual(self._get_pid(), pid)

    def test_only_a_few_are_kept(self):
        def open_more(count):
            if count:
                with kept_connection(self.dbname):
                    open_more(count - 1)

        open_more(module.KEPT_AT_MOST + 2)
        self.assertEqual(len(module._free[self.dbname]), module.KEPT_AT_MOST)

    def test_a_transaction_sees_what_was_committed_meanwhile(self):
        ((level,),) = self._query("SHOW transaction_isolation")
        self.assertEqual(level, "read committed")

    def test_a_transaction_is_committed_as_a_whole_or_not_at_all(self):
        name = "budget_kept_test"
        key = "SELECT COUNT(*) FROM pg_class WHERE relname = 'budget_kept_test'"
        with (
            self.assertRaisesRegex(ValueError, "no"),
            kept_connection(self.dbname) as connection,
            connection.transaction(),
        ):
            connection.execute_query(SQL(f"CREATE SEQUENCE {name}; SELECT 1"))
            raise ValueError("no")
        self.assertEqual(self._query(key), [(0,)])
        try:
            with kept_connection(self.dbname) as connection, connection.transaction():
                connection.execute_query(SQL(f"CREATE SEQUENCE {name}; SELECT 1"))
                self.assertEqual(self._query(key), [(0,)])  # on another one
            self.assertEqual(self._query(key), [(1,)])
        finally:
            self._query(f"DROP SEQUENCE IF EXISTS {name}; SELECT 1")

    def test_a_transaction_without_a_statement_costs_nothing(self):
        with kept_connection(self.dbname) as connection:
            with connection.transaction():
                pass
            self.assertTrue(connection.is_clean())

    def test_what_is_left_open_is_not_kept(self):
        with kept_connection(self.dbname) as connection:
            connection.execute_query(SQL("BEGIN; SELECT 1"))
        self.assertEqual(module._free[self.dbname], [])

    def test_a_lost_connection_is_noticed_before_it_is_used(self):
        pid = self._get_pid()
        self.env.cr.execute("SELECT pg_terminate_backend(%s)", [pid])
        (connection,) = module._free[self.dbname]
        deadline = time.monotonic() + 5
        while connection.is_usable() and time.monotonic() < deadline:
            time.sleep(0.01)  # the news is on its way
        self.assertNotEqual(self._get_pid(), pid)

    def test_one_that_nobody_needed_for_long_is_not_trusted(self):
        pid = self._get_pid()
        with patch.object(sql_db, "MAX_IDLE_TIMEOUT", -1):
            self.assertNotEqual(self._get_pid(), pid)

    def test_a_child_process_leaves_those_of_its_parent_alone(self):
        pid = self._get_pid()
        child = os.fork()
        if not child:
            os._exit(len(module._free))  # 0: it has none
        _child, status = os.waitpid(child, 0)
        self.assertEqual(os.waitstatus_to_exitcode(status), 0)
        self.assertEqual(self._get_pid(), pid)

    def test_statements_are_counted(self):
        before = sql_db.sql_counter
        self._get_pid()
        self.assertEqual(sql_db.sql_counter - before, 1)
