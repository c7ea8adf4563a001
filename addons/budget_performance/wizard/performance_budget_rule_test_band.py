from odoo import api, fields, models


class PerformanceBudgetRuleTestBand(models.TransientModel):
    """One band of a rule that was considered for a tested spending."""

    _name = "performance.budget.rule.test.band"
    _description = "Budget Rule Test Band"

    test_id = fields.Many2one(
        "performance.budget.rule.test", required=True, index=True, ondelete="cascade"
    )
    line_id = fields.Many2one("performance.budget.line", readonly=True)
    rule_id = fields.Many2one("performance.budget.control.rule", readonly=True)
    description = fields.Char(string="Band", readonly=True)
    interval = fields.Char(readonly=True)
    currency_id = fields.Many2one(related="test_id.currency_id")
    amount_planned = fields.Monetary(string="Planned", readonly=True)
    amount_used = fields.Monetary(string="Used", readonly=True)
    amount_requested = fields.Monetary(string="Requested", readonly=True)
    amount_after = fields.Monetary(string="After", readonly=True)
    amount_limit = fields.Monetary(string="Limit", readonly=True)
    result = fields.Selection(
        [("free", "Not reached"), ("bites", "Reached"), ("decides", "Decides")],
        readonly=True,
    )

    @api.model
    def _prepare_vals(self, decision):
        """Return the values of every band that was considered, by line."""
        Control = self.env["performance.budget.control"]
        deciding = {(id(v.usage), id(v.band)) for v in decision.verdicts if v.band}
        vals_list = []
        for usage, band, bites in decision.judgements():
            decides = (id(usage), id(band)) in deciding
            # sudo: who tests has been shown the line, its currency is no secret
            line_sudo = self.env["performance.budget.line"].sudo().browse(usage.line_id)
            vals_list.append(
                {
                    "line_id": usage.line_id,
                    "rule_id": band.rule_id,
                    "description": Control._describe_band(band, line_sudo.currency_id),
                    "interval": Control._get_interval_label(usage.interval),
                    "amount_planned": float(usage.planned),
                    "amount_used": float(usage.used),
                    "amount_requested": float(usage.requested),
                    "amount_after": float(usage.after),
                    "amount_limit": float(band.limit(usage)),
                    "result": "decides" if decides else "bites" if bites else "free",
                }
            )
        return vals_list
