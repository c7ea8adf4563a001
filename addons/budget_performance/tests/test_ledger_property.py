import os
from unittest import SkipTest
from unittest.mock import patch

from odoo.tests import tagged

from .common import BudgetCommon
from .ledger_walk import LedgerWalk

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
except ImportError:  # not a need of the addon, only of its developers
    given = None

# Looking for the shortest failing walk would go on for five minutes.
SHRINKING_SECONDS = "hypothesis.internal.conjecture.engine.MAX_SHRINKING_SECONDS"
EXAMPLES = int(os.environ.get("BUDGET_PROPERTY_EXAMPLES", "12"))


@tagged("post_install", "-at_install")
class TestLedgerProperty(BudgetCommon):
    """B8, B19, B20: short walks, and when one fails the shortest that fails.

    ``BUDGET_PROPERTY_EXAMPLES`` draws more of them.
    """

    walk_class = LedgerWalk

    @classmethod
    def setUpClass(cls):
        if given is None:
            raise SkipTest("hypothesis is not installed")
        super().setUpClass()

    def test_no_sequence_of_steps_breaks_an_invariant(self):
        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            print_blob=True,
            report_multiple_bugs=False,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        @given(st.randoms(use_true_random=False), st.integers(5, 30))
        def walk(rng, steps):
            with self.env.cr.savepoint() as savepoint:
                try:
                    self.walk_class(self, rng).run(steps)
                finally:
                    self.env.cr.clear()
                    savepoint.rollback()

        with patch(SHRINKING_SECONDS, 60):
            walk()
