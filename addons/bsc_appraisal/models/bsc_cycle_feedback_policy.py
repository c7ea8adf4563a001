from odoo import fields, models

from ..tools.feedback import GROUPS, Policy

GROUP_LABELS = [
    ("self", "Self"),
    ("manager", "Manager"),
    ("peers", "Peers"),
    ("reports", "Reports"),
    ("customers", "Customers"),
]


class BscCycleFeedbackPolicy(models.AbstractModel):
    """How feedback is weighed and shown: set on the cycle, frozen with each round.

    Raters answer because they were told what is shown of their answers; what they were
    told holds for the round, whatever the cycle says later.
    """

    _name = "bsc.cycle.feedback.policy"
    _description = "Feedback Policy"

    feedback_weight_self = fields.Float(
        string="Weight of Self",
        digits=(6, 2),
        default=0.0,
        aggregator=None,
        help="0: the own view is only compared with that of the others.",
    )
    feedback_weight_manager = fields.Float(
        string="Weight of Manager", digits=(6, 2), default=40.0, aggregator=None
    )
    feedback_weight_peers = fields.Float(
        string="Weight of Peers", digits=(6, 2), default=30.0, aggregator=None
    )
    feedback_weight_reports = fields.Float(
        string="Weight of Reports", digits=(6, 2), default=20.0, aggregator=None
    )
    feedback_weight_customers = fields.Float(
        string="Weight of Customers", digits=(6, 2), default=10.0, aggregator=None
    )
    feedback_minimum = fields.Integer(
        string="Fewest Answers Shown",
        default=3,
        aggregator=None,
        help="A group of peers, reports or customers with fewer answers is not shown"
        " and counts in no total; nor does a single question with fewer answers.",
    )
    feedback_small_groups = fields.Selection(
        [("hide", "Are left out"), ("merge", "Are counted with another group")],
        string="Groups Too Small",
        required=True,
        default="hide",
    )
    feedback_shown_when = fields.Selection(
        [
            ("published", "To both with the published results"),
            ("manager", "To the manager at once, to the employee when published"),
            ("closed", "To both as soon as the round is closed"),
        ],
        string="Feedback Is Shown",
        required=True,
        default="published",
    )

    _feedback_weights = models.Constraint(
        "CHECK (feedback_weight_self BETWEEN 0 AND 100"
        " AND feedback_weight_manager BETWEEN 0 AND 100"
        " AND feedback_weight_peers BETWEEN 0 AND 100"
        " AND feedback_weight_reports BETWEEN 0 AND 100"
        " AND feedback_weight_customers BETWEEN 0 AND 100"
        " AND feedback_weight_manager + feedback_weight_peers"
        " + feedback_weight_reports + feedback_weight_customers > 0)",
        "Each group weighs between 0 and 100, and somebody besides the employee must"
        " count.",
    )
    _feedback_minimum_range = models.Constraint(
        "CHECK (feedback_minimum BETWEEN 3 AND 20)",
        "Fewer than 3 answers would give a rater away: choose 3 to 20.",
    )

    def _get_feedback_policy_fields(self) -> list[str]:
        return [
            *(f"feedback_weight_{group}" for group in GROUPS),
            "feedback_minimum",
            "feedback_small_groups",
            "feedback_shown_when",
        ]

    def _get_feedback_policy(self) -> Policy:
        """Return the policy for the scoring."""
        return Policy(
            {group: self[f"feedback_weight_{group}"] for group in GROUPS},
            self.feedback_minimum,
            self.feedback_small_groups == "merge",
        )
