from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools.correlation import FEWEST, rank_correlation

PAY = "hr.group_hr_manager"
# Below it, raises hardly follow results.
WEAK = 0.3


class BscPayCheck(models.TransientModel):
    """Shows, per department, whether raises went where the results were good.

    It uses pay, so only HR managers open it; departments with fewer than five people
    say nothing and are not shown.
    """

    _name = "bsc.pay.check"
    _description = "Results and Raises"

    cycle_id = fields.Many2one(
        "bsc.cycle",
        required=True,
        domain=[("published_date", "!=", False)],
        default=lambda self: self.env["bsc.cycle"].search(
            [("published_date", "!=", False)], limit=1
        ),
    )
    line_ids = fields.One2many(
        "bsc.pay.check.line", "check_id", compute="_compute_line_ids", store=True
    )
    small_count = fields.Integer(
        string="Departments Too Small", compute="_compute_line_ids", store=True
    )

    @api.depends("cycle_id")
    def _compute_line_ids(self):
        self._check_may_see_pay()
        for check in self:
            rows, check.small_count = check._get_rows()
            check.line_ids = [fields.Command.clear()] + [
                fields.Command.create(row) for row in rows
            ]

    def _check_may_see_pay(self):
        """:raise UserError: he is no HR manager"""
        if not self.env.su and not self.env.user.has_group(PAY):
            raise UserError(self.env._("Only HR managers compare results with raises."))

    def _get_rows(self):
        """Return a row for each department that is large enough, and how many are not.

        The cycle is read with the rights of the user; its results are not.
        """
        if not self.cycle_id:
            return [], 0
        self.cycle_id.check_access("read")
        # sudo: an HR manager may see pay without being an appraisal officer
        cards_sudo = self.env["bsc.scorecard"].sudo()
        found_sudo = cards_sudo.search(
            [
                ("cycle_id", "=", self.cycle_id.id),
                ("subject_kind", "=", "employee"),
                ("published_date", "!=", False),
                ("rating_id", "!=", False),
            ]
        )
        percents = found_sudo._get_raise_percents()
        rows, small = [], 0
        judged = found_sudo.filtered(lambda card: card in percents)
        for department, cards in judged.grouped("reporting_department_id").items():
            if len(cards) < FEWEST:
                small += 1
                continue
            correlation = rank_correlation(
                [card.rating_id.score_min for card in cards],
                [round(percents[card], 4) for card in cards],
            )
            rows.append(
                {
                    "department_id": department.id,
                    "people": len(cards),
                    "correlation": correlation or 0.0,
                    "verdict": self._judge(correlation),
                }
            )
        return rows, small

    @api.model
    def _judge(self, correlation):
        if correlation is None:
            return "same"
        if correlation < 0:
            return "reverse"
        return "weak" if correlation < WEAK else "good"
