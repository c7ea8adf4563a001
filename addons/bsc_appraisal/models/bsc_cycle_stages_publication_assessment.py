from odoo import fields, models


class BscCycle(models.Model):
    """How much competencies count beside the figures."""

    _inherit = "bsc.cycle"

    competency_weight = fields.Float(
        string="Weight of Competencies (%)",
        digits=(5, 2),
        default=0.0,
        help="0: the rating starts as the grade of the score. More: from the score and"
        " the competencies the appraiser judged; a 3 counts like a met target.",
    )

    self_shown_when = fields.Selection(
        [
            ("handed_in", "It is handed in"),
            ("both", "Both handed in"),
        ],
        string="Appraiser Reads Self-Assessment When",
        required=True,
        default="handed_in",
        help="Later keeps the appraiser's judgement independent of the employee's.",
    )

    _competency_weight_range = models.Constraint(
        "CHECK (competency_weight = competency_weight"
        " AND competency_weight BETWEEN 0 AND 100)",
        "Competencies weigh between 0 and 100 %.",
    )
