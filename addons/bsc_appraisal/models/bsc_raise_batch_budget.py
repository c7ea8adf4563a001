from odoo import api, fields, models

HOLDING = ("submitted", "approved", "applying", "applied", "reversing", "reversed")


class BscRaiseBatch(models.Model):
    """What a batch takes from the budget line that is its pool.

    Submitted it reserves its cost, applied it is committed to what was applied. Raises
    cost their monthly amount in every month from the effective date to the end of the
    budget, lump sums and bonuses are paid in the first month. After a reversal only
    the months that were paid remain.
    """

    _inherit = "bsc.raise.batch"

    _budget_document_type = "raise"

    @api.model
    def _get_budget_fields(self):
        return ["state", "budget_line_id", "date_effective", "date_reversed"]

    @api.model
    def _get_budget_alert_fields(self):
        return [*self._get_budget_fields(), "pool_amount", "line_ids.cost"]

    # pylint: disable-next=unused-argument
    def _get_budget_coverage_policy(self, document_type):
        # EXTENDS 'budget_performance': a raise without a pool is no raise
        return "block"

    def _get_budget_stage(self):
        if self.state in ("draft", "simulated"):
            return "ahead" if self.line_ids and self.budget_line_id else None
        return "taken" if self.state in HOLDING else None

    def _get_budget_spendings(self):
        held = self.filtered(lambda batch: batch.state in HOLDING)
        return held._prepare_budget_spendings()

    def _get_budget_spendings_ahead(self):
        # EXTENDS 'performance.budget.document'
        alive = self.filtered(lambda batch: batch.state not in ("refused", "cancelled"))
        return alive._prepare_budget_spendings()

    def _get_budget_beneficiaries(self):
        # EXTENDS 'performance.budget.document': nobody decides on his own raise
        lines = self.line_ids.filtered(lambda line: line.cost or line.is_by_hand)
        return lines.employee_id.user_id

    def _continue_authorized(self):
        # EXTENDS 'performance.budget.document'
        self.filtered(lambda batch: batch.state == "simulated").action_submit()

    # pylint: disable-next=unused-argument
    def _find_for_backfill(self, budget, accounts):
        return self.search(
            [
                ("company_id", "=", budget.company_id.id),
                ("state", "in", HOLDING),
                ("budget_line_id.budget_id", "=", budget.id),
            ]
        )

    def _prepare_budget_spendings(self):
        self.env["bsc.raise"].flush_model()
        spendings = []
        for batch in self.filtered("budget_line_id"):
            kind = "reserved"
            states = ("draft", "approved", "applied")
            if batch.state in ("applied", "reversing", "reversed"):
                kind, states = "committed", ("applied",)
            account, keys = batch._get_pool_place()
            spendings += [
                batch._prepare_spending(kind, account, day, amount, keys)
                for day, amount in batch._get_costs(states)
                if amount
            ]
        return spendings

    def _get_pool_place(self):
        """Return the account and the distribution that stand for the pool."""
        line = self.budget_line_id
        own = line.position_id.account_ids
        account = (own or line.position_id._get_covered_accounts())[:1]
        centres = ",".join(str(one) for one in sorted(line.analytic_account_ids.ids))
        return account, {centres: 100.0} if centres else {}

    def _get_costs(self, states):
        """Return ``[(day, amount), …]``: the first day of the batch, then by month."""
        self.ensure_one()
        base, lump = self._sum_lines(states)
        gone, _lump = self._sum_lines(("reversed",))
        once = self._sum_paid_of_reversed()
        costs = []
        for number in range(max(self.months, 1)):
            day = fields.Date.add(self.date_effective, months=number)
            paid = self.date_reversed and day < self.date_reversed
            amount = base + (gone if paid else 0.0)
            costs.append((day, amount + (0.0 if number else lump + once)))
        return costs

    def _sum_lines(self, states):
        """Return (sum of the monthly raises, sum of what is paid once)."""
        rows = self.env["bsc.raise"]._read_group(
            [("batch_id", "in", self._origin.ids), ("state", "in", states)],
            [],
            ["base:sum", "lump:sum"],
        )
        return rows[0]

    def _sum_paid_of_reversed(self):
        paid = [
            ("batch_id", "in", self._origin.ids),
            ("state", "=", "paid"),
            ("raise_id.state", "=", "reversed"),
        ]
        return self.env["bsc.bonus"]._read_group(paid, [], ["amount:sum"])[0][0]

    def _count_months(self):
        """Return how many months of the budget a raise is paid in."""
        self.ensure_one()
        last = self.budget_line_id.date_to
        if self.kind == "bonus" or not last:
            return 1
        first = self.date_effective
        return max((last.year - first.year) * 12 + last.month - first.month + 1, 1)
