from odoo import api, fields, models, tools

from ..tools import control, periods

DOCUMENT_TYPE = [
    ("expense", "Expense claims"),
    ("bill", "Vendor bills and receipts"),
    ("entry", "Journal entries"),
]


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
        "res.company",
        index=True,
        ondelete="cascade",
        help="Empty: every company. Needed for bands with an amount.",
    )
    date_from = fields.Date(
        string="Valid From",
        help="Judges spending of this month and later. Whole months count: the date"
        " of the document decides, not the day on which it is submitted. Empty: from"
        " ever on.",
    )
    date_to = fields.Date(
        string="Valid Until",
        help="Judges spending of this month and before. Empty: without an end.",
    )
    position_id = fields.Many2one(
        "performance.budget.position",
        check_company=True,
        index=True,
        ondelete="restrict",
        help="Applies to this position and its children. Empty: every position.",
    )
    analytic_account_id = fields.Many2one(
        "account.analytic.account",
        string="Cost Centre or Project",
        check_company=True,
        index=True,
        ondelete="restrict",
        help="Applies to lines with this analytic account. The cost centre of a"
        " department stands for the departments below it as well. Empty: every line.",
    )
    document_type = fields.Selection(
        DOCUMENT_TYPE,
        help="Empty: every controlled document, except journal entries. They book what"
        " has happened (depreciation, payroll), so only a rule for them stops them.",
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

    _date_order = models.Constraint(
        "CHECK (date_from <= date_to)", "A rule cannot end before it begins."
    )

    @api.constrains("company_id")
    def _check_tolerance_has_currency(self):
        self.band_ids._check_tolerance_has_currency()

    @api.model
    @tools.ormcache()
    def _get_all(self):
        """Return every active rule as plain values, cached until one changes.

        :return: tuple of :class:`~..tools.control.Rule`
        """
        # sudo: rules bind those who cannot read them
        rules_sudo = self.sudo().search([("active", "=", True)])
        centres = self.env["hr.department"]._get_centres_below(
            rules_sudo.analytic_account_id
        )
        return tuple(
            control.Rule(
                id=rule.id,
                company_id=rule.company_id.id,
                position_id=rule.position_id.id,
                analytic_ids=centres.get(rule.analytic_account_id.id),
                document_type=rule.document_type,
                interval=rule.interval,
                month_from=rule.date_from and periods.month_start(rule.date_from),
                month_to=rule.date_to and periods.month_start(rule.date_to),
                bands=tuple(rule.band_ids._as_plain_values()),
            )
            for rule in rules_sudo
        )
