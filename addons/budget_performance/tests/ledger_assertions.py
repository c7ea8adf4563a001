from collections import Counter, defaultdict
from contextlib import contextmanager
from decimal import Decimal

from .ledger_invariants import SQL_INVARIANTS
from .ledger_oracle import LedgerOracle


class LedgerAssertions:
    """What a test case asks the ledger, whoever made the budgets."""

    @classmethod
    def _flush(cls):
        """Do what a commit does before it commits."""
        cls.env.flush_all()
        cls.env.cr.flush()

    @classmethod
    def _get_ledger_companies(cls):
        """Return the companies whose figures are worked out anew."""
        raise NotImplementedError

    @classmethod
    def _oracle(cls):
        return LedgerOracle(cls.env.cr, cls._get_ledger_companies().ids)

    @contextmanager
    def _refused(self, *words):
        """The budget refuses the block with these words, and nothing changes."""
        self._flush()
        before = self._snapshot()
        with self.assertRaises(Exception) as caught, self.env.cr.savepoint():
            yield
            self._flush()
        self.assertEqual(type(caught.exception).__name__, "UserError")
        for word in words:
            self.assertIn(word, str(caught.exception))
        self.assertEqual(self._snapshot(), before)

    def _snapshot(self):
        """Everything that the ledger says, to compare moments."""
        oracle = self._oracle()
        self.env.cr.execute(
            """SELECT line_id, month, amount_planned::text, amount_reserved::text,
                      amount_committed::text, amount_actual::text
                 FROM performance_budget_allocation ORDER BY line_id, month"""
        )
        return oracle.held, self.env.cr.fetchall()

    def _held(self, line, document=None):
        """Return ``{(month number, kind): amount}`` that is held on the line."""
        held = defaultdict(Decimal)
        for key, amount in self._oracle().held.items():
            if key.line_id == line.id and (
                document is None
                or (key.model, key.res_id) == (document._name, document.id)
            ):
                held[key.month.month, key.kind] += amount
        return {key: float(amount) for key, amount in held.items() if amount}

    def assertHeld(self, line, expected, document=None):
        """Flush and compare ``{(month, kind): amount}`` of a line with the ledger."""
        self._flush()
        self.assertEqual(self._held(line, document), expected)
        self.assertLedgerSound()

    def assertLedgerSound(self, oracle=None):
        """Every invariant that holds at any moment, in SQL and by the oracle."""
        problems = []
        for name, query in SQL_INVARIANTS.items():
            self.env.cr.execute(query)
            problems += [f"{name}: {row}" for row in self.env.cr.fetchall()[:5]]
        oracle = oracle or self._oracle()
        problems += [f"I4/I5: {text}" for text in oracle.get_differences()]
        self.env.cr.execute(
            """SELECT line_id, month, amount_actual::text
                 FROM performance_budget_allocation
                WHERE amount_actual <> 0 AND company_id = ANY(%s)""",
            [oracle.company_ids],
        )
        shown = {
            (line, month): amount for line, month, amount in self.env.cr.fetchall()
        }
        booked = {key: amount for key, amount in oracle.actual.items() if amount}
        problems += [
            f"I5: {key} shows {shown.get(key)}, booked {booked.get(key)}"
            for key in {**shown, **booked}
            if float(shown.get(key, 0)) != float(booked.get(key, 0))
        ]
        self.assertFalse(problems, "\n".join(problems))

    def assertFigures(self, line, planned, used):
        """Compare plan and use of a line with the balances and with the ledger.

        :param used: ``{kind: amount}`` in all months
        """
        self._flush()
        line.invalidate_recordset()
        held = Counter()
        for (_month, kind), amount in self._held(line).items():
            held[kind] += amount
        self.assertEqual(dict(held), used)
        months = line.allocation_ids.mapped("amount_planned")
        self.assertEqual(round(sum(months), 2), planned)
        self.assertRecordValues(
            line,
            [
                {
                    "amount_planned": planned,
                    "amount_reserved": used.get("reserved", 0),
                    "amount_committed": used.get("committed", 0),
                    "amount_actual": used.get("actual", 0),
                    "amount_available": planned - sum(used.values()),
                }
            ],
        )
