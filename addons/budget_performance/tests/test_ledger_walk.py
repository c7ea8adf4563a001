import logging
import os
from collections import Counter

from odoo import Command
from odoo.tests import tagged

from .common import BudgetCommon
from .ledger_walk import LedgerWalk
from .ledger_walk_companies import CompaniesWalk

_logger = logging.getLogger(__name__)

STEPS = int(os.environ.get("BUDGET_WALK_STEPS", "120"))
SEEDS = os.environ.get("BUDGET_WALK_SEEDS", "1,2,3")


class WalkCase(BudgetCommon):
    """Lets walks of several seeds go over its fixtures."""

    def assertWalks(self, walk_class, *sights):
        """Walk; every invariant holds after each step, and the sights were met."""
        counts = Counter()
        for seed in SEEDS.split(","):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                walk = walk_class(self, int(seed))
                walk.run(STEPS)
                counts += walk.counts
                savepoint.rollback()
        _logger.info("The walks: %s", counts)
        for sight in sights:
            self.assertGreater(counts[sight], 0, f"no walk met: {sight}")


@tagged("post_install", "-at_install")
class TestLedgerWalk(WalkCase):
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
        self.assertWalks(
            LedgerWalk,
            "reserved",
            "committed",
            "actual",
            "refused by the budget",
            "bill done",
            "bill refused",
        )


@tagged("post_install", "-at_install")
class TestCompaniesWalk(WalkCase):
    """B8, B19: each company has its budget, and none reaches into the other's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_elsewhere = cls._create_user(
            "elsewhere",
            "hr_expense.group_hr_expense_manager,account.group_account_manager",
            cls.company_other,
        )
        sample = cls._create_claim(
            company_id=cls.company_other.id,
            currency_id=cls.company_other.currency_id.id,
            employee_id=cls.emp_stranger.id,
        )
        cls.position_elsewhere = cls.env["performance.budget.position"].create(
            {
                "name": "Elsewhere",
                "company_id": cls.company_other.id,
                "account_ids": [Command.set(sample.account_id.ids)],
            }
        )
        sample.unlink()
        budget = cls._create_budget(name="There", company_id=cls.company_other.id)
        cls.line_elsewhere = cls._line("elsewhere", 6000, budget=budget, owner_id=False)
        cls._approve_budget(budget)
        cls._flush()

    def test_invariants_hold_in_two_companies(self):
        self.assertWalks(CompaniesWalk, "held elsewhere", "refused by the budget")
