import os
from types import SimpleNamespace
from unittest import SkipTest
from unittest.mock import patch

from freezegun.api import real_monotonic, real_perf_counter

from odoo.tests import tagged

from .common import BudgetCommon
from .ledger_walk import LedgerWalk
from .ledger_walk_claims import OPEN

try:
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import strategies as st
except ImportError:  # not a need of the addon, only of its developers
    given = None

# Looking for the shortest failing walk would go on for five minutes, and for ever by
# the clock of the tests, which stands still.
ENGINE = "hypothesis.internal.conjecture.engine"
CLOCK = SimpleNamespace(perf_counter=real_perf_counter, monotonic=real_monotonic)
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

    def _walk(self, examples, seconds, longest=30, operations=None, **options):
        """Draw walks; fail with the script of the shortest that fails.

        :param seconds: how long to look for it
        """

        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            print_blob=True,
            report_multiple_bugs=False,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
            **options,
        )
        @given(st.randoms(use_true_random=False), st.integers(1, longest))
        def walk(rng, steps):
            with self.env.cr.savepoint() as savepoint:
                try:
                    self.walk_class(self, rng, operations).run(steps)
                finally:
                    self.env.cr.clear()
                    savepoint.rollback()

        with (
            patch(f"{ENGINE}.MAX_SHRINKING_SECONDS", seconds),
            patch(f"{ENGINE}.time", CLOCK),
        ):
            walk()

    def test_no_sequence_of_steps_breaks_an_invariant(self):
        self._walk(EXAMPLES, seconds=60)


class ShortWalk(LedgerWalk):
    """Begins with one claim, so that a script has nothing that does not matter."""

    first_claims = 1


@tagged("post_install", "-at_install")
class TestLedgerScript(TestLedgerProperty):
    """What a failing walk prints can be read, and done by hand."""

    walk_class = ShortWalk
    # It walks a broken engine only.
    test_no_sequence_of_steps_breaks_an_invariant = None

    def test_a_failing_walk_prints_a_short_script(self):
        """An engine that forgets to move what was approved."""

        def forgetful(claim):
            return "reserved" if claim.approval_state in OPEN else None

        Claim = self.env.registry["hr.expense"]
        with (
            patch.object(Claim, "_get_budget_kind", forgetful),
            self.assertRaises(AssertionError) as caught,
        ):
            self._walk(40, 20, 8, ("new", "submit", "approve"), derandomize=True)
        problem, *script = str(caught.exception).splitlines()
        self.assertRegex(
            problem,
            r"step \d+: .*hr\.expense \d+ on line \d+ in 20\d\d-\d\d:"
            r" (reserved|committed) is -?[\d.]+, should be -?[\d.]+",
        )
        self.assertLessEqual(len(script), 8, caught.exception)
        text = "\n".join(script)
        self.assertRegex(text, r"(?m)^  1\. claim\[0\] = create\(.*'Hotel|Travel|")
        self.assertRegex(text, r"(?m)^  \d+\. claim\[\d\] approve as budget_\w+$")
