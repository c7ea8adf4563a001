from odoo import api, fields, models

from ..tools.scoring import grade


class BscGrade(models.Model):
    """A band of scores: from its lower bound up to the next better grade."""

    _name = "bsc.grade"
    _description = "Performance Grade"
    _order = "score_min desc, id"
    _rec_names_search = ["code", "name"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(string="Letter", required=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Empty: for all companies without grades of their own.",
    )
    active = fields.Boolean(default=True)
    score_min = fields.Float(
        string="From Score",
        digits=(7, 2),
        required=True,
        help="The lowest score of this grade, itself included.",
    )
    is_poor = fields.Boolean(
        string="Poor",
        help="After such a result nobody is promoted before his development plan is"
        " finished and a later result is better.",
    )
    allows_promotion = fields.Boolean(
        help="Good enough to be promoted, as far as the rule of the post asks for no"
        " better grade."
    )
    color = fields.Integer()
    description = fields.Text(translate=True)

    _code_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), lower(code)) WHERE active IS TRUE",
        "Another grade already has this letter.",
    )
    _score_min_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), score_min) WHERE active IS TRUE",
        "Another grade already starts at this score.",
    )
    _score_min_range = models.Constraint(
        "CHECK (score_min BETWEEN 0 AND 10000)",
        "A grade starts at a score between 0 and 10,000.",
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for band in self:
            band.display_name = f"{band.code or ''} {band.name or ''}".strip()

    @api.model
    def _get_bands(self, company) -> list[tuple[float, int]]:
        """Return (lower bound, id) of the company's grades, else of the shared ones."""
        bands = self.search([("company_id", "in", (company.id, False))])
        own = bands.filtered("company_id")
        return [(band.score_min, band.id) for band in own or bands]

    @api.model
    def _find_grade(self, company, score):
        """Return the grade of a score; empty without a score or below all bands."""
        return self.browse(grade(self._get_bands(company), score) or [])
