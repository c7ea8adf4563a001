from odoo import api, fields, models
from odoo.tools import format_date

from ..tools import nearness

MOST_MISSES = 20


class PerformanceBudgetRuleTestLine(models.TransientModel):
    """A budget line that matches a tested spending, or nearly."""

    _name = "performance.budget.rule.test.line"
    _description = "Budget Rule Test Line"

    test_id = fields.Many2one(
        "performance.budget.rule.test", required=True, index=True, ondelete="cascade"
    )
    line_id = fields.Many2one("performance.budget.line", readonly=True)
    budget_id = fields.Many2one("performance.budget", readonly=True)
    currency_id = fields.Many2one(related="test_id.currency_id")
    is_match = fields.Boolean(readonly=True)
    amount = fields.Monetary(string="Charged", readonly=True)
    action = fields.Selection(
        [("ok", "Passes"), ("alert", "Alert"), ("hold", "Hold"), ("block", "Block")],
        string="Verdict",
        readonly=True,
    )
    reason = fields.Text(readonly=True)

    @api.model
    def _prepare_match_vals(self, decision, charges):
        """Return the values of the lines that would be charged, worst first."""
        Control = self.env["performance.budget.control"]
        return [
            {
                "line_id": line.id,
                "budget_id": line.budget_id.id,
                "is_match": True,
                "amount": float(charges[line.id]),
                "action": verdict.action,
                "reason": Control._explain(verdict),
            }
            for verdict in decision.verdicts
            for line in Control._get_line(verdict)
        ]

    @api.model
    def _prepare_miss_vals(self, spending, matching):
        """Return the values of lines for the account that are not charged, and why.

        Those with the fewest obstacles first; only lines that the reader may read.
        """
        Position = self.env["performance.budget.position"]
        positions = Position.search([("account_ids", "in", spending.account_id)])
        lines = self.env["performance.budget.line"].search(
            [
                ("position_id", "parent_of", positions.ids),
                ("company_id", "=", spending.company_id),
                ("id", "not in", list(matching)),
                ("state", "!=", "cancelled"),
            ]
        )
        misses = []
        for line in lines:
            near = nearness.Near(
                line.state,
                line.is_reserve,
                line.date_from,
                line.date_to,
                frozenset(line.analytic_account_ids.ids),
            )
            if codes := nearness.why_not(near, spending.date, spending.keys):
                misses.append((len(codes), line, codes))
        misses.sort(key=lambda miss: miss[0])
        return [
            {
                "line_id": line.id,
                "budget_id": line.budget_id.id,
                "is_match": False,
                "reason": self._explain_miss(line, codes, spending),
            }
            for _count, line, codes in misses[:MOST_MISSES]
        ]

    @api.model
    def _explain_miss(self, line, codes, spending):
        """Return the obstacles in sentences."""
        states = dict(line._fields["state"]._description_selection(self.env))
        accounts = self.env["account.analytic.account"].browse(
            sorted(
                nearness.missing(
                    frozenset(line.analytic_account_ids.ids), spending.keys
                )
            )
        )
        sentences = {
            "not_in_force": self.env._(
                "Its budget “%(budget)s” is not in force (%(state)s).",
                budget=line.budget_id.name,
                state=states[line.state],
            ),
            "reserve": self.env._("It is a reserve: no document uses it."),
            "dates": self.env._(
                "Its budget runs from %(first)s to %(last)s.",
                first=format_date(self.env, line.date_from),
                last=format_date(self.env, line.date_to),
            ),
            "analytic": self.env._(
                "The distribution does not name %s.",
                ", ".join(accounts.mapped("display_name")),
            ),
        }
        return " ".join(sentences[code] for code in codes)
