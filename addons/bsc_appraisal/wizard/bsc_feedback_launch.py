from odoo import api, fields, models
from odoo.exceptions import UserError


class BscFeedbackLaunch(models.TransientModel):
    """Prepare feedback rounds for a department, for chosen people, or for everybody."""

    _name = "bsc.feedback.launch"
    _description = "Start Feedback"

    cycle_id = fields.Many2one(
        "bsc.cycle", required=True, domain=[("state", "!=", "closed")]
    )
    company_id = fields.Many2one(related="cycle_id.company_id")
    department_id = fields.Many2one(
        "hr.department",
        string="Only This Department",
        domain="[('company_id', 'in', (company_id, False))]",
        help="With the departments below it. Empty: everybody in the cycle.",
    )
    scorecard_ids = fields.Many2many(
        "bsc.scorecard",
        string="People",
        compute="_compute_scorecards",
        store=True,
        readonly=False,
        domain="[('cycle_id', '=', cycle_id), ('subject_kind', '=', 'employee'),"
        " ('feedback_ids', '=', False)]",
    )
    date_deadline = fields.Date(
        string="Answers Until",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.today(), days=21),
    )
    note = fields.Text(
        string="For the Raters", help="Shown above the questions, e.g. what it is for."
    )

    @api.depends("cycle_id", "department_id")
    def _compute_scorecards(self):
        for launch in self:
            domain = [
                ("cycle_id", "=", launch.cycle_id.id),
                ("subject_kind", "=", "employee"),
                ("feedback_ids", "=", False),
                ("responsible_id", "!=", self.env.uid),
            ]
            if launch.department_id:
                below = ("reporting_department_id", "child_of", launch.department_id.id)
                domain.append(below)
            launch.scorecard_ids = self.env["bsc.scorecard"].search(domain)

    def action_launch(self):
        """Make a round for each of the people, and open them."""
        self.ensure_one()
        if not self.scorecard_ids:
            raise UserError(
                self.env._(
                    "Nobody is left: choose people who have a scorecard in this cycle"
                    " and no feedback round yet."
                )
            )
        feedbacks = self.env["bsc.feedback"].create(
            [
                {
                    "scorecard_id": card.id,
                    "date_deadline": self.date_deadline,
                    "note": self.note,
                }
                for card in self.scorecard_ids
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bsc_appraisal.bsc_feedback_action"
        )
        return {**action, "domain": [("id", "in", feedbacks.ids)]}
