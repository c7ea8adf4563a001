from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools import formula

# What a formula of a bonus may name.
NAMES = {"WAGE": 1.0, "PERCENT": 1.0, "SCORE": 1.0, "MONTHS": 1.0}


class BscRaisePolicy(models.Model):
    """Which rating earns how much, for whom, and what happens at the limits.

    The grid gives a percentage for each rating and each band of the compa-ratio (the
    wage as a part of the midpoint of the pay range): a minimum, a default and a
    maximum. Between them HR managers choose by hand.
    """

    _name = "bsc.raise.policy"
    _description = "Raise and Bonus Policy"
    _order = "kind, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: every company."
    )
    kind = fields.Selection(
        [("raise", "Raise"), ("bonus", "Bonus")], required=True, default="raise"
    )
    method = fields.Selection(
        [
            ("factor", "Multiply everybody by the same factor"),
            ("minimums", "Keep the minimums of the grid, cut the rest"),
        ],
        string="When the Pool Is Too Small",
        required=True,
        default="minimums",
    )
    months_employed = fields.Integer(
        string="Months of Service",
        default=6,
        help="Who has worked for fewer months on the effective date is not eligible.",
    )
    prorate = fields.Boolean(
        string="Prorate Newcomers",
        default=True,
        help="Who joined during the cycle gets the part that he worked, in months.",
    )
    cap = fields.Float(
        string="At Most (%)",
        digits=(5, 2),
        default=20.0,
        help="Raise and lump sum together, in percent of the wage. A batch that passes"
        " this for somebody cannot be submitted.",
    )
    bonus_months = fields.Float(
        string="Months of Wage",
        digits=(4, 2),
        default=12.0,
        help="The percentage of the grid is taken of so many monthly wages.",
    )
    bonus_formula = fields.Char(
        string="Formula",
        help="Instead of the percentage: an amount from WAGE (a month), PERCENT (of the"
        " grid), SCORE and MONTHS (served in the cycle), for example"
        " WAGE * PERCENT / 100 * MONTHS. It knows + - * / ** and min, max, avg, abs.",
    )
    cell_ids = fields.One2many("bsc.raise.policy.cell", "policy_id", copy=True)

    _limits = models.Constraint(
        "CHECK (months_employed BETWEEN 0 AND 600 AND cap BETWEEN 0 AND 1000"
        " AND bonus_months BETWEEN 0 AND 60)",
        "Out of range: 0–600 months of service, at most 0–1,000 %, 0–60 monthly wages.",
    )

    @api.constrains("cell_ids")
    def _check_bands_start_at_zero(self):
        for policy in self:
            for grade, cells in policy.cell_ids.grouped("grade_id").items():
                if min(cells.mapped("ratio_from")) != 0:
                    raise ValidationError(
                        self.env._(
                            "The bands of “%s” leave a gap: the first starts at a"
                            " compa-ratio of 0.",
                            grade.display_name,
                        )
                    )

    @api.constrains("bonus_formula")
    def _check_formula(self):
        for policy in self.filtered("bonus_formula"):
            try:
                unknown = formula.names(policy.bonus_formula) - set(NAMES)
            except formula.FormulaError as error:
                raise ValidationError(
                    self.env._(
                        "The formula cannot be used (%s). Write arithmetic with WAGE,"
                        " PERCENT, SCORE and MONTHS only.",
                        str(error),
                    )
                ) from None
            if unknown:
                raise ValidationError(
                    self.env._(
                        "The formula names %s: it knows only WAGE, PERCENT, SCORE and"
                        " MONTHS.",
                        ", ".join(sorted(unknown)),
                    )
                )
