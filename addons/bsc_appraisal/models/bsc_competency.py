from odoo import api, fields, models


class BscCompetency(models.Model):
    """A way of working that can be observed: judged from 1 to 5 beside the figures.

    Feedback rounds and the appraisal of a person ask about the same competencies.
    """

    _name = "bsc.competency"
    _description = "Competency"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    description = fields.Text(
        string="What to Look For",
        translate=True,
        help="Shown to whoever judges: what people do who are good at it.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        help="Empty: for all companies without competencies of their own.",
    )
    job_ids = fields.Many2many(
        "hr.job",
        string="Only for Posts",
        help="Judged in appraisals of people in these posts, instead of the general"
        " ones. Empty: general.",
    )
    weight = fields.Float(
        digits=(6, 2),
        default=1.0,
        aggregator=None,
        help="How much it counts relative to the others: 2 counts twice as much as 1.",
    )

    _weight_range = models.Constraint(
        "CHECK (weight > 0 AND weight <= 100)",
        "The weight of a competency lies between 0 and 100.",
    )

    @api.model
    def _get_competencies(self, company, job=None):
        """Return the active competencies of the company, else the shared ones.

        :param job: ``hr.job``; its own ones come before the general ones
        """
        found = self.search([("company_id", "in", (company.id, False))])
        # sudo: whoever is asked about a competency need not read posts
        posts_sudo = {one: one.sudo().job_ids for one in found}
        own = found.filtered(lambda one: job and job in posts_sudo[one])
        general = found.filtered(lambda one: not posts_sudo[one])
        return own or general.filtered("company_id") or general
