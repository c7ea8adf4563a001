from odoo import api, fields, models, tools

DOCUMENT_TYPE = [("expense", "Expense claims")]


class PerformanceBudgetControlRule(models.Model):
    """From which usage on something happens, for whom, over which months.

    Every rule that fits a line applies; the strictest band of all of them bites.
    """

    _name = "performance.budget.control.rule"
    _description = "Budget Control Rule"
    _inherit = ["performance.budget.cached"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: every company."
    )
    position_id = fields.Many2one(
        "performance.budget.position",
        check_company=True,
        index=True,
        help="Applies to this position and its children. Empty: every position.",
    )
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        string="Cost Centre or Project",
        check_company=True,
        index=True,
        help="Applies to lines with this analytic account. Empty: every line.",
    )
    document_type = fields.Selection(
        DOCUMENT_TYPE, help="Empty: every controlled document."
    )
    interval = fields.Selection(
        [
            ("month", "Month"),
            ("quarter", "Quarter"),
            ("year_to_date", "Year to date"),
            ("year", "Year"),
            ("budget", "Whole budget"),
        ],
        required=True,
        default="budget",
        help="The months whose plan and use are compared. Quarters and years are"
        " counted from the first month of the budget.",
    )
    band_ids = fields.One2many(
        "performance.budget.control.band", "rule_id", string="Bands", copy=True
    )

    @api.model
    @tools.ormcache()
    def _get_all(self):
        """Return every active rule as plain values, cached until one changes.

        :return: tuple of ``(id, company_id, position_id, analytic_account_id,
            document_type, interval, ((rate, action, inclusive), …))``
        """
        return tuple(
            (
                rule.id,
                rule.company_id.id,
                rule.position_id.id,
                rule.analytic_account_id.id,
                rule.document_type,
                rule.interval,
                tuple(
                    (band.usage_rate, band.action, band.comparison == "reach")
                    for band in rule.band_ids
                ),
            )
            for rule in self.sudo().search([])  # rules bind those who cannot read them
        )
