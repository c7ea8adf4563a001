from datetime import date

from odoo import Command

from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon

# The worked example of the merit matrix: salary, midpoint, maximum, rating, part of
# the cycle, then award, raise and lump sum.
CASE = {
    "Ada": (80000, 100000, 120000, 5, 1.0, 5152.99, 5152.99, 0.0),
    "Ben": (100000, 100000, 120000, 3, 1.0, 2300.44, 2300.44, 0.0),
    "Cem": (118000, 100000, 120000, 5, 1.0, 3800.33, 2000.00, 1800.33),
    "Dee": (60000, 64000, 76800, 4, 0.5, 966.19, 966.19, 0.0),
    "Eva": (50000, 60000, 72000, 2, 1.0, 230.05, 230.05, 0.0),
    "Fay": (90000, 80000, 96000, 1, 1.0, 0.0, 0.0, 0.0),
}
GRID = {
    5: (7, 5, 3.5),
    4: (5, 3.5, 2.5),
    3: (3.5, 2.5, 1.5),
    2: (0.5, 0, 0),
    1: (0, 0, 0),
}


class PayPoolCommon(ScorecardCommon):
    """A budget line that pays for raises, and two HR managers.

    ``maker`` prepares batches, ``checker`` decides on them; the policy is for others.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.maker = cls._create_user("maker", "hr.group_hr_manager")
        cls.checker = cls._create_user("checker", "hr.group_hr_manager")

    @classmethod
    def _create_pool(cls, planned=100000.0):
        account = cls.env["account.account"].create(
            {
                "code": "629977",
                "name": "Raises",
                "account_type": "expense",
                "company_ids": [Command.set(cls.company.ids)],
            }
        )
        position = cls.env["performance.budget.position"].create(
            {
                "name": "Raises",
                "company_id": cls.company.id,
                "account_ids": [Command.set(account.ids)],
            }
        )
        cls.budget = cls.env["performance.budget"].create(
            {
                "name": "Pay 2026",
                "company_id": cls.company.id,
                "date_from": date(2026, 1, 1),
                "date_to": date(2026, 12, 31),
            }
        )
        cls.pool = cls.env["performance.budget.line"].create(
            {
                "budget_id": cls.budget.id,
                "position_id": position.id,
                "amount_planned": planned,
                "is_pay_pool": True,
            }
        )
        cls.budget.action_submit()
        cls.budget.action_approve()
        cls._flush()

    @classmethod
    def _flush(cls):
        """Do what a commit does before it commits."""
        cls.env.flush_all()
        cls.env.cr.flush()

    @classmethod
    def _create_batch(cls, **values):
        """Create the example's batch as its maker: one month left, so k is the same."""
        return (
            cls.env["bsc.raise.batch"]
            .with_user(cls.maker)
            .create(
                {
                    "name": "Raises",
                    "company_id": cls.company.id,
                    "cycle_id": cls.cycle.id,
                    "policy_id": cls.policy.id,
                    "date_effective": "2026-12-01",
                    "budget_line_id": cls.pool.id,
                    "pool_amount": 12450.0,
                    **values,
                }
            )
        )

    @classmethod
    def _create_approved(cls, **values):
        batch = cls._create_batch(**values)
        batch.action_simulate()
        batch.action_submit()
        cls._flush()
        batch.with_user(cls.checker).action_approve()
        return batch

    def _get_line(self, batch, name):
        lines = batch.line_ids.filtered(lambda line: line.employee_id.name == name)
        self.assertEqual(len(lines), 1)
        return lines

    def _get_held(self):
        """Return (reserved, committed) of the pool's line."""
        self._flush()
        self.env.cr.execute(
            """SELECT kind, SUM(amount) FROM performance_budget_entry
                WHERE line_id = %s GROUP BY kind""",
            [self.pool.id],
        )
        held = {kind: float(amount) for kind, amount in self.env.cr.fetchall()}
        return held.get("reserved", 0.0), held.get("committed", 0.0)


class RaiseCommon(PayPoolCommon):
    """The worked example as people of a company, and a budget that pays their raises.

    The cycle is the first half of 2026, published; today is in July 2026.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grades = dict(
            zip(
                (5, 4, 3, 2, 1),
                cls.env["bsc.grade"].search(
                    [("company_id", "=", False)], order="score_min desc", limit=5
                ),
                strict=True,
            )
        )
        cls._create_policy()
        cls.people = {
            name: cls._create_person(name, *row) for name, row in CASE.items()
        }
        cls.cycle.published_date = "2026-07-15 08:00:00"
        cls._create_pool()

    @classmethod
    def _create_policy(cls):
        cls.policy = cls.env["bsc.raise.policy"].create(
            {
                "name": "Example",
                "company_id": cls.company.id,
                "method": "factor",
                "months_employed": 0,
                "cell_ids": [
                    Command.create(
                        {
                            "grade_id": cls.grades[rating].id,
                            "ratio_from": bound,
                            "percent_default": percent,
                            "percent_max": 20,
                        }
                    )
                    for rating, row in GRID.items()
                    for bound, percent in zip((0, 0.9, 1.1), row, strict=True)
                ],
            }
        )

    @classmethod
    def _create_person(cls, name, salary, mid, high, rating, part=1.0, *_results):
        job = cls.env["hr.job"].create(
            {"name": f"Post of {name}", "company_id": cls.company.id}
        )
        if mid:
            cls.env["bsc.pay.range"].create(
                {
                    "name": f"Grade of {name}",
                    "company_id": cls.company.id,
                    "job_ids": [Command.set(job.ids)],
                    "amount_min": mid * 0.8,
                    "amount_mid": mid,
                    "amount_max": high,
                    "date_from": "2020-01-01",
                }
            )
        start = date(2020, 1, 1) if part == 1 else date(2026, 4, 1)
        employee = cls.env["hr.employee"].create(
            {
                "name": name,
                "company_id": cls.company.id,
                "department_id": cls.spinning.id,
                "job_id": job.id,
                "date_version": start,
                "contract_date_start": start,
                "wage": salary,
            }
        )
        if rating:
            cls._create_result(employee, rating)
        return employee

    @classmethod
    def _create_result(cls, employee, rating):
        card = cls.env["bsc.scorecard"].create(
            {
                "cycle_id": cls.cycle.id,
                "subject_kind": "employee",
                "employee_id": employee.id,
            }
        )
        card.write(
            {
                "state": "final",
                "score": 90.0,
                "rating_id": cls.grades[rating].id,
                "published_date": "2026-07-15 08:00:00",
            }
        )
        return card
