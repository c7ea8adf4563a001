from datetime import date

from odoo import Command

from .common import BudgetCommon

JULY, AUGUST, MARCH = date(2026, 7, 1), date(2026, 8, 1), date(2026, 3, 1)

# The plan of every line is what was approved plus what adjustments changed since (I8).
EXPLAINED = """
    SELECT allocation.line_id, allocation.month
      FROM performance_budget_allocation allocation
      JOIN (SELECT DISTINCT ON (line_id, month) line_id, month, amount_after
              FROM performance_budget_plan_change ORDER BY line_id, month, id DESC
           ) last USING (line_id, month)
     WHERE allocation.amount_planned <> last.amount_after
"""


class AdjustmentCommon(BudgetCommon):
    """Levels: owners, finance from 0, management from 1,000."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Level = cls.env["performance.budget.adjustment.level"]
        Level.search([]).active = False
        cls.level_owner, cls.level_finance, cls.level_management = Level.create(
            [
                {
                    "name": name,
                    "sequence": sequence,
                    "approver": "group" if group else "owner",
                    "group_id": group and cls.env.ref(f"budget_performance.{group}").id,
                    "amount_from": amount,
                    "company_id": cls.company.id,
                }
                for name, sequence, group, amount in (
                    ("Owners", 10, False, 0),
                    ("Finance", 20, "group_budget_officer", 0),
                    ("Management", 30, "group_budget_manager", 1000),
                )
            ]
        )
        cls.user_maker = cls._create_user(
            "maker", "budget_performance.group_budget_owner", cls.company
        )
        cls.line_hotel_making.owner_id = cls.user_maker
        cls.line_training.owner_id = cls.user_maker

    @classmethod
    def _adjust(cls, legs, kind="transfer", user=None, **values):
        """Create a draft; ``legs`` are ``(line, amount[, month])``."""
        return (
            cls.env["performance.budget.adjustment"]
            .with_user(user or cls.user_officer)
            .create(
                {
                    "kind": kind,
                    "reason": "The fair was moved",
                    "company_id": cls.company.id,
                    "line_ids": [
                        Command.create(
                            {
                                "line_id": leg[0].id,
                                "amount": leg[1],
                                "month": leg[2] if len(leg) > 2 else False,
                            }
                        )
                        for leg in legs
                    ],
                    **values,
                }
            )
        )

    def _approve(self, adjustment, *users):
        for user in users:
            adjustment.with_user(user).action_approve()

    def _plan(self, line):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT month, amount_planned::float FROM performance_budget_allocation"
            " WHERE line_id = %s",
            [line.id],
        )
        return dict(self.env.cr.fetchall())

    def assertUnchanged(self, plans):
        for line, plan in plans.items():
            self.assertEqual(self._plan(line), plan, line.display_name)

    def assertExplained(self):
        self._flush()
        self.env.cr.execute(EXPLAINED)
        self.assertFalse(self.env.cr.fetchall())
        self.assertLedgerSound()
