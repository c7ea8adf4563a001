from odoo import api, fields, models
from odoo.tools.misc import formatLang

from ..tools.scorecard_guards import Limits, Target, examine


class BscIndicatorSubject(models.AbstractModel):
    """What has indicators of its own: posts and departments.

    The model that inherits declares ``assignment_ids``, the assigned indicators.
    """

    _name = "bsc.indicator.subject"
    _description = "Subject of Indicators"

    indicator_count = fields.Integer(compute="_compute_indicator_issue")
    indicator_issue = fields.Text(
        string="Issues of the Indicators", compute="_compute_indicator_issue"
    )

    @api.depends("assignment_ids.weight", "assignment_ids.perspective_id")
    @api.depends_context("company", "lang")
    def _compute_indicator_issue(self):
        for subject in self:
            assignments = subject._get_assignments()
            subject.indicator_count = len(assignments)
            subject.indicator_issue = "\n".join(assignments and subject._get_issues())

    def _get_assignments(self):
        """Return the assigned indicators of the company one works in, in order."""
        return self.assignment_ids.filtered(
            lambda assignment: assignment.company_id == self.env.company
        ).sorted(lambda one: (one.perspective_id.sequence, one.sequence, one.id))

    def _get_issues(self) -> list[str]:
        """Say what would keep scorecards with these indicators from being agreed."""
        financial = self.env.ref(
            "bsc_appraisal.bsc_perspective_financial", raise_if_not_found=False
        )
        lines = [
            Target(assignment.perspective_id.id, assignment.weight)
            for assignment in self._get_assignments()
        ]
        limits = Limits(financial=financial.id if financial else None)
        return [
            self._describe_issue(found.code, found.values)
            for found in examine(lines, limits)
        ]

    def _describe_issue(self, code, values) -> str:
        if code == "too_many":
            return self.env._(
                "%(count)s indicators: more than %(limit)s on one scorecard are"
                " refused. Keep those that matter.",
                count=int(values["count"]),
                limit=int(values["limit"]),
            )
        if code == "only_financial":
            return self.env._(
                "All indicators are financial: balance them with customers, processes"
                " or learning."
            )
        return self.env._(
            "The weights sum to %s %%: they should sum to 100 %%.",
            formatLang(self.env, values["total"], digits=2),
        )
