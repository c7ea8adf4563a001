from odoo import api, fields, models

from .bsc_cycle_feedback_policy import GROUP_LABELS


class BscFeedbackFlag(models.Model):
    """A sign that marks say more about raters than about the person: advice for HR.

    It names a group, never a rater, and changes no figure.
    """

    _name = "bsc.feedback.flag"
    _description = "Feedback Sign of Bias"
    _inherit = ["bsc.feedback.row.mixin"]
    _order = "feedback_id desc, kind, id"
    _rec_name = "kind"
    _log_access = False

    kind = fields.Selection(
        [
            ("straight", "Same Mark Everywhere"),
            ("halo", "Halo"),
            ("range", "Narrow Range"),
            ("agreement", "Little Agreement"),
            ("leniency", "Lenient or Severe"),
        ],
        string="Sign",
        required=True,
        readonly=True,
        index=True,
    )
    rater_group = fields.Selection(
        GROUP_LABELS, string="Group", required=True, readonly=True
    )
    value = fields.Float(digits=(6, 2), readonly=True, aggregator=None)
    explanation = fields.Char(compute="_compute_explanation")

    @api.depends("kind", "value")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for flag in self:
            flag.explanation = flag._explain()

    def _explain(self):
        count = int(self.value)
        if self.kind == "straight":
            return self.env._(
                "Raters who gave the same mark to every question: %s. Read these marks"
                " with care.",
                count,
            )
        if self.kind == "halo":
            return self.env._(
                "Raters who hardly told the questions apart: %s. One impression may"
                " stand behind all marks.",
                count,
            )
        if self.kind == "range":
            return self.env._(
                "All marks lie within %s step: the group hardly differentiates.", count
            )
        if self.kind == "agreement":
            return self.env._(
                "Agreement is %.2f (0.70 is usual): the mean hides different views; ask"
                " before drawing conclusions.",
                self.value,
            )
        if self.value > 0:
            return self.env._(
                "The manager marks more kindly than the others do: %.1f deviations"
                " above their mean.",
                self.value,
            )
        return self.env._(
            "The manager marks more severely than the others do: %.1f deviations below"
            " their mean.",
            -self.value,
        )
