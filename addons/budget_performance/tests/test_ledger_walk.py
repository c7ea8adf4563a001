import logging
import os
from collections import Counter

from odoo import Command
from odoo.tests import tagged

from .common import BudgetCommon
from .ledger_walk import LedgerWalk

_logger = logging.getLogger(__name__)

STEPS = int(os.environ.get("BUDGET_WALK_STEPS", "120"))
SEEDS = os.environ.get("BUDGET_WALK_SEEDS", "1,2,3")


@tagged("post_install", "-at_install")
class TestLedgerWalk(BudgetCommon):
    """B8, B19, B20. BUDGET_WALK_STEPS and BUDGET_WALK_SEEDS make it longer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["performance.budget.control.rule"].create(
            {
                "name": "Entries on flights",
                "company_id": cls.company.id,
                "position_id": cls.position_flight.id,
                "document_type": "entry",
                "interval": "year_to_date",
                "band_ids": [
                    Command.create(
                        {"comparison": "reach", "usage_rate": 0.9, "action": "block"}
                    )
                ],
            }
        )

    def test_invariants_hold_on_a_random_walk(self):
        counts = Counter()
        for seed in SEEDS.split(","):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                walk = LedgerWalk(self, int(seed))
                walk.run(STEPS)
                counts += walk.counts
                savepoint.rollback()
        _logger.info("The walks: %s", counts)
        for sight in (
            "reserved",
            "committed",
            "actual",
            "refused by the budget",
            "bill done",
            "bill refused",
        ):
            self.assertGreater(counts[sight], 0, f"no walk met: {sight}")
