from odoo import api, fields, models


class PerformanceBudgetStopLine(models.Model):
    """The figures of one budget line at the moment when it stopped a document."""

    _name = "performance.budget.stop.line"
    _description = "Budget Stop Line"
    _inherit = ["performance.budget.append.only"]
    _order = "id"
    _log_access = False
    _rec_name = "line_id"

    stop_id = fields.Many2one(
        "performance.budget.stop",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    currency_id = fields.Many2one(related="stop_id.currency_id")
    line_id = fields.Many2one(
        "performance.budget.line",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    action = fields.Selection(
        [("hold", "Hold"), ("block", "Block"), ("closed", "Budget closed")],
        required=True,
        readonly=True,
    )
    rule_name = fields.Char(
        string="Rule", readonly=True, help="As it was called and what it said then."
    )
    interval = fields.Char(readonly=True)
    amount_planned = fields.Monetary(string="Planned", readonly=True)
    amount_used = fields.Monetary(string="Used", readonly=True)
    amount_requested = fields.Monetary(string="Requested", readonly=True)
    amount_limit = fields.Monetary(string="Limit", readonly=True)

    @api.model
    def _prepare_vals(self, verdict):
        """Return the snapshot of one verdict."""
        Control = self.env["performance.budget.control"]
        line_sudo = Control._get_line(verdict)
        usage, band = verdict.usage, verdict.band
        rule_name = False
        if band:
            # sudo: the rule that stops a person may be named to him
            Rule_sudo = self.env["performance.budget.control.rule"].sudo()
            name = Rule_sudo.browse(band.rule_id).name
            rule_name = (
                f"{name} ({Control._describe_band(band, line_sudo.currency_id)})"
            )
        return {
            "line_id": usage.line_id,
            "action": "closed" if usage.closed else verdict.action,
            "rule_name": rule_name,
            "interval": Control._get_interval_label(usage.interval),
            "amount_planned": float(usage.planned),
            "amount_used": float(usage.used),
            "amount_requested": float(usage.requested),
            "amount_limit": float(verdict.limit),
        }
