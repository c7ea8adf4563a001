from odoo import api, fields, models

TEXTS = ("achievements", "difficulties", "development")


class BscAssessment(models.Model):
    """Both sides beside each other and beside the figures, as far as each is open."""

    _inherit = "bsc.assessment"

    is_open_to_other = fields.Boolean(
        compute="_compute_is_open_to_other",
        store=True,
        help="The other one of the two may read it.",
    )
    figure_ids = fields.One2many(
        "bsc.scorecard.line", string="Indicators", compute="_compute_figures"
    )
    other_achievements = fields.Text(compute="_compute_other_texts")
    other_difficulties = fields.Text(compute="_compute_other_texts")
    other_development = fields.Text(compute="_compute_other_texts")
    waits_for_other = fields.Boolean(compute="_compute_waits_for_other")

    @api.depends(
        "state",
        "side",
        "cycle_id.self_shown_when",
        "scorecard_id.assessment_ids.state",
    )
    def _compute_is_open_to_other(self):
        for one in self:
            if one.side == "manager":
                one.is_open_to_other = one.state == "shared"
                continue
            # drafts of the other side are asked for, not shown
            others = one.scorecard_id.assessment_ids - one
            is_waiting = (
                one.cycle_id.self_shown_when == "both"
                and "draft" in others.mapped("state")
            )
            one.is_open_to_other = one.state != "draft" and not is_waiting

    @api.depends("scorecard_id")
    @api.depends_context("uid")
    def _compute_figures(self):
        """Not related: that would show lines its reader may not read."""
        for one in self:
            lines = one.scorecard_id.line_ids
            one.figure_ids = lines.filtered(lambda line: line.has_access("read"))

    @api.depends("other_id")
    @api.depends_context("uid")
    def _compute_other_texts(self):
        """Not related: that would be read past the rules."""
        for one in self:
            for name in TEXTS:
                one[f"other_{name}"] = one.other_id[name]

    @api.depends("state", "cycle_id.self_shown_when", "other_id")
    @api.depends_context("uid")
    def _compute_waits_for_other(self):
        for one in self:
            one.waits_for_other = (
                one.state == "draft"
                and one.side == "manager"
                and one.cycle_id.self_shown_when == "both"
                and not one.other_id
            )

    def action_open_notes(self):
        """Open the notes and the evidence of the cycle that the user may read."""
        self.ensure_one()
        self.check_access("read")
        return self.scorecard_id.action_open_notes()
