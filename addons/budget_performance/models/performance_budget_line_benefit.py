from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import periods


class PerformanceBudgetLine(models.Model):
    """What a line is to bring, and how far its work has come."""

    _inherit = "performance.budget.line"

    benefit_amount = fields.Monetary(
        string="Benefit",
        tracking=True,
        help="What the spending brings over the whole budget, for the cost-benefit"
        " ratio. A period counts the share of its months. Not used when revenue"
        " accounts are set.",
    )
    benefit_account_ids = fields.Many2many(
        "account.account",
        "performance_budget_line_benefit_rel",
        "line_id",
        "account_id",
        string="Revenue Accounts",
        domain=[("internal_group", "=", "income")],
        help="What is posted on them with the cost centre or project of the line is"
        " the benefit.",
    )
    milestone_percent = fields.Float(
        string="Milestone (%)",
        digits=(5, 2),
        tracking=True,
        help="How far the work is, where no project with tasks tells it.",
    )

    _milestone_in_range = models.Constraint(
        "CHECK (milestone_percent BETWEEN 0 AND 100)",
        "A milestone lies between 0 and 100 %.",
    )

    @api.constrains("benefit_account_ids")
    def _check_benefit_accounts(self):
        for line in self:
            strange = line.benefit_account_ids.filtered(
                lambda account: account.internal_group != "income"
            )
            if strange:
                raise ValidationError(
                    self.env._(
                        "“%s” is no revenue account: choose accounts of type income.",
                        strange[0].display_name,
                    )
                )

    def _get_benefits(self, date_from, date_to):
        """Return ``{line id: benefit in a period}``, ``None`` where none is set."""
        found = {}
        for line in self:
            months = periods.months_between(line.date_from, line.date_to)
            inside = [month for month in months if date_from <= month <= date_to]
            amount = line.benefit_amount * len(inside) / len(months)
            found[line.id] = amount if line.benefit_amount else None
        return found | self._get_revenues(date_from, date_to)

    def _get_revenues(self, date_from, date_to):
        """Return the posted revenue of the lines that have revenue accounts."""
        linked = self.filtered("benefit_account_ids")
        found = dict.fromkeys(linked.ids, 0.0)
        by_account = defaultdict(list)
        for line in linked:
            for account in line.benefit_account_ids:
                by_account[account.id].append(
                    (line.id, frozenset(line.analytic_account_ids.ids))
                )
        Forecast = self.env["performance.budget.forecast"]
        for company in linked.company_id:
            own = set(linked.filtered(lambda x, c=company: x.company_id == c).ids)
            self.env["account.move.line"].flush_model()
            for account_id, _month, key, amount in self.env.execute_query(
                Forecast._booked_query(
                    company,
                    list(by_account),
                    date_from,
                    date_to + relativedelta(days=1),
                )
            ):
                parts = frozenset(map(int, key.split(","))) if key else frozenset()
                for line_id, accounts in by_account[account_id]:
                    fits = accounts <= parts if accounts else not parts
                    if fits and line_id in own:
                        found[line_id] -= float(amount)
        return found

    def _get_progress(self):
        """Return ``{line id: (done, total)}`` of the work of the lines.

        From the tasks of the projects of their analytic accounts if there are some,
        else the milestone, weighted by what the line plans.
        """
        tasks = self._get_task_counts()
        found = {}
        for line in self:
            done = total = 0.0
            for account in line.analytic_account_ids:
                counts = tasks.get(account.id, (0, 0))
                done, total = done + counts[0], total + counts[1]
            if total:
                weight = line.amount_planned or 1.0
                found[line.id] = (weight * done / total, weight)
            elif line.milestone_percent:
                weight = line.amount_planned or 1.0
                found[line.id] = (weight * line.milestone_percent / 100, weight)
            else:
                found[line.id] = (0.0, 0.0)
        return found

    def _get_task_counts(self):
        """Return ``{analytic account id: (done tasks, all tasks)}``, without project
        management nothing.
        """
        if "project.task" not in self.env:
            return {}
        # sudo: the indicator counts tasks, it shows none; finance need not be a member
        Task_sudo = self.env["project.task"].sudo()
        found = defaultdict(lambda: (0, 0))
        for project, state, count in Task_sudo._read_group(
            [
                ("project_id.account_id", "in", self.analytic_account_ids.ids),
                ("state", "!=", "1_canceled"),
            ],
            ["project_id", "state"],
            ["__count"],
        ):
            done, total = found[project.account_id.id]
            finished = count if state == "1_done" else 0
            found[project.account_id.id] = (done + finished, total + count)
        return found
