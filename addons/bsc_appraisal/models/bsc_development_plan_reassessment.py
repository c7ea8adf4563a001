from odoo import api, fields, models


class BscDevelopmentPlan(models.Model):
    """Whether it helped: later published results of the same person."""

    _inherit = "bsc.development.plan"

    reassessment_id = fields.Many2one(
        "bsc.scorecard",
        string="Re-assessed By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The last result published for a later cycle.",
    )
    reassessment_rating_id = fields.Many2one(
        related="reassessment_id.published_rating_id", string="New Rating"
    )
    score_before = fields.Float(
        related="scorecard_id.score", string="Score Before", digits=(16, 2)
    )
    score_after = fields.Float(
        related="reassessment_id.score", string="Score After", digits=(16, 2)
    )
    reassessment_state = fields.Selection(
        [
            ("waiting", "Not Yet Re-assessed"),
            ("passed", "Improved"),
            ("failed", "Still Poor"),
        ],
        string="Re-assessment",
        compute="_compute_reassessment_state",
        search="_search_reassessment_state",
        compute_sudo=True,
    )

    @api.depends("state", "reassessment_id.rating_id.is_poor")
    def _compute_reassessment_state(self):
        for plan in self:
            rating = plan.reassessment_id.rating_id
            if plan.state == "cancelled":
                plan.reassessment_state = False
            elif not rating:
                plan.reassessment_state = "waiting"
            else:
                plan.reassessment_state = "failed" if rating.is_poor else "passed"

    def _search_reassessment_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        kept = fields.Domain("state", "!=", "cancelled")
        # sudo: a rating that was published, of plans the person may read
        cards_sudo = self.env["bsc.scorecard"].sudo()
        poor = cards_sudo._search([("rating_id.is_poor", "=", True)])
        rated = cards_sudo._search([("rating_id", "!=", False)])
        domains = {
            "waiting": kept & ~fields.Domain("reassessment_id", "in", rated),
            "failed": kept & fields.Domain("reassessment_id", "in", poor),
            "passed": kept
            & fields.Domain("reassessment_id", "in", rated)
            & ~fields.Domain("reassessment_id", "in", poor),
            False: fields.Domain("state", "=", "cancelled"),
        }
        return fields.Domain.OR(domains[one] for one in value if one in domains)

    def _link_reassessments(self):
        """Link each plan to the last result published for a later cycle, in sudo.

        The last one counts: what somebody reached once and lost again did not last.
        """
        plans = self.filtered(lambda plan: plan.state != "cancelled")
        if not plans:
            return
        later = {}
        for card in (
            self.env["bsc.scorecard"]
            .search(
                [
                    ("subject_kind", "=", "employee"),
                    ("employee_id", "in", plans.employee_id.ids),
                    ("published_date", "!=", False),
                ]
            )
            .sorted(lambda card: (card.cycle_id.date_to, card.id))
        ):
            later.setdefault(card.employee_id, []).append(card)
        for plan in plans:
            after = [
                card
                for card in later.get(plan.employee_id, ())
                if card.cycle_id.date_to > plan.cycle_id.date_to
            ]
            if after and plan.reassessment_id != after[-1]:
                plan.reassessment_id = after[-1]
