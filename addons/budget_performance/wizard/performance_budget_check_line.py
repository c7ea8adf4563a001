from odoo import api, fields, models


class PerformanceBudgetCheckLine(models.TransientModel):
    """One reason why documents are stopped."""

    _name = "performance.budget.check.line"
    _description = "Budget Check Line"

    check_id = fields.Many2one(
        "performance.budget.check", required=True, index=True, ondelete="cascade"
    )
    name = fields.Char(string="Budget Line", readonly=True)
    message = fields.Text(readonly=True)
    way_out = fields.Text(string="What You Can Do", readonly=True)
    action = fields.Selection([("hold", "Hold"), ("block", "Block")], readonly=True)
    with_amounts = fields.Boolean(readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    amount_planned = fields.Monetary(string="Planned", readonly=True)
    amount_limit = fields.Monetary(string="Limit", readonly=True)
    amount_left = fields.Monetary(string="Left", readonly=True)
    amount_requested = fields.Monetary(string="Requested", readonly=True)
    usage_percent = fields.Float(string="Usage After %", readonly=True)
    owner_id = fields.Many2one("res.users", readonly=True)
    # Who asks for room writes on these for somebody who cannot read them.
    res_model = fields.Char(readonly=True)
    res_id = fields.Integer(readonly=True)

    @api.model
    def _prepare_verdict_vals(self, verdict, with_amounts):
        """Return the values that show one verdict."""
        Control = self.env["performance.budget.control"]
        usage = verdict.usage
        # sudo: an employee is told about the line that stops him
        line_sudo = self.env["performance.budget.line"].sudo().browse(usage.line_id)
        vals = {
            "name": line_sudo.display_name,
            "message": Control._explain(verdict, with_amounts),
            "way_out": Control._get_way_out(verdict),
            "action": verdict.action,
            "with_amounts": with_amounts,
            "currency_id": line_sudo.currency_id.id,
            "usage_percent": float(usage.rate_after or 0) * 100,
            "owner_id": line_sudo.owner_id.id,
            "res_model": line_sudo._name,
            "res_id": line_sudo.id,
        }
        if with_amounts:
            vals |= {
                "amount_planned": float(usage.planned),
                "amount_limit": float(verdict.limit),
                "amount_left": float(usage.left),
                "amount_requested": float(usage.requested),
            }
        return vals

    @api.model
    def _prepare_problem_vals(self, documents, problem):
        """Return the values that show something that is not in the budget."""
        # sudo: what a document spends follows from settings its reader may not see
        spendings = documents.sudo()._get_budget_spendings_ahead()
        dates = [spending.date for spending in spendings] or [
            fields.Date.context_today(documents)
        ]
        # sudo: an employee asks the person who answers for the budget of that day
        budget_sudo = (
            self.env["performance.budget"]
            .sudo()
            .search(
                [
                    ("company_id", "in", documents.company_id.ids),
                    ("state", "=", "approved"),
                    ("date_from", "<=", max(dates)),
                    ("date_to", ">=", min(dates)),
                ],
                limit=1,
            )
        )
        return {
            "name": self.env._("Not in the budget"),
            "message": problem,
            "way_out": self.env._(
                "Blocked: choose another account or category, or ask for a budget line."
            ),
            "action": "block",
            "owner_id": budget_sudo.user_id.id,
            "res_model": budget_sudo._name,
            "res_id": budget_sudo.id,
        }

    def _ask_owner(self, documents):
        """Plan an activity for the owner, unless he has it already."""
        self.ensure_one()
        # sudo: who asks cannot read the line or the budget that the activity is on
        record_sudo = self.env[self.res_model].sudo().browse(self.res_id)
        for document in documents:
            summary = self.env._(
                "%(person)s asks for room: %(document)s",
                person=self.env.user.name,
                document=document.display_name,
            )
            if summary not in record_sudo.activity_ids.mapped("summary"):
                record_sudo.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=self.owner_id.id,
                    summary=summary,
                    note=self.message,
                )
