from odoo import api, fields, models

from ..tools import recommendation


class BscBudgetRule(models.Model):
    """What a department's result means for its next budget.

    The first rule that fits counts. A rule with a cause fits only departments of which
    that cause is known; rules of the company come before the shared ones.
    """

    _name = "bsc.budget.rule"
    _description = "Next Budget Rule"
    _order = "company_id, sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: every company."
    )
    score_from = fields.Float(
        string="From Score", digits=(7, 2), required=True, default=0.0
    )
    score_to = fields.Float(
        string="Below Score", digits=(7, 2), help="0: no upper limit."
    )
    cause_id = fields.Many2one(
        "performance.budget.cause",
        ondelete="restrict",
        help="Why targets were missed. Empty: whatever the cause.",
    )
    effect = fields.Selection(
        [
            ("increase", "More Money"),
            ("upgrade", "Upgrade Equipment"),
            ("training", "Train People"),
            ("retarget", "Review the Targets"),
            ("nothing", "Nothing"),
        ],
        required=True,
        default="increase",
        help="Only the first three propose money.",
    )
    position_ids = fields.Many2many(
        "performance.budget.position",
        "bsc_budget_rule_position_rel",
        "rule_id",
        "position_id",
        string="On These Positions",
        check_company=True,
        help="Empty: on every line of the department.",
    )
    percent = fields.Float(
        string="Increase (%)",
        digits=(5, 2),
        help="Of what the lines plan now. People decide; nothing changes by itself.",
    )
    note = fields.Text(
        string="Advice", translate=True, help="What people should look at."
    )

    _ranges = models.Constraint(
        "CHECK (score_from BETWEEN 0 AND 10000 AND score_to BETWEEN 0 AND 10000"
        " AND percent BETWEEN 0 AND 100)",
        "Scores lie between 0 and 10,000, an increase between 0 and 100 %.",
    )

    @api.model
    def _choose(self, company, rows):
        """Return the rule for each of several results, in sudo.

        :param rows: ``{key: (score, cause)}``
        :return: ``{key: rule}``, an empty one where none fits
        """
        rules = self.search([("company_id", "in", (False, company.id))]).sorted(
            lambda rule: (not rule.company_id, rule.sequence, rule.id)
        )
        plain = [
            recommendation.Rule(
                rule.id, rule.score_from, rule.score_to, rule.cause_id.id or None
            )
            for rule in rules
        ]
        return {
            key: self.browse(
                recommendation.choose(plain, score, cause.id or None) or []
            )
            for key, (score, cause) in rows.items()
        }
