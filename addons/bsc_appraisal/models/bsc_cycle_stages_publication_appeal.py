from odoo import fields, models


class BscCycle(models.Model):
    """A cycle stays open until every appeal is decided."""

    _inherit = "bsc.cycle"

    appeal_days = fields.Integer(
        string="Days to Appeal",
        default=10,
        help="Until so many days after the publication people may challenge their"
        " result.",
    )
    appeal_decision_days = fields.Integer(
        string="Days to Decide Appeals",
        default=15,
        help="Later ones are put before the responsible person of the cycle.",
    )
    appeal_quorum = fields.Integer(
        string="Votes on an Appeal",
        default=1,
        help="How many people have to vote before an appeal is concluded. With 1, one"
        " person decides alone, unless a committee is named for the appeal.",
    )

    _appeal_days_range = models.Constraint(
        "CHECK (appeal_days BETWEEN 0 AND 365"
        " AND appeal_decision_days BETWEEN 1 AND 365)",
        "Appeals take between 0 and 365 days, their decision between 1 and 365.",
    )
    _appeal_quorum_range = models.Constraint(
        "CHECK (appeal_quorum BETWEEN 1 AND 15)",
        "Between 1 and 15 people vote on an appeal.",
    )

    def _get_cannot_leave_reasons(self):
        reasons = super()._get_cannot_leave_reasons()
        # sudo: a count; who closes the cycle need not read the appeals
        count = (
            self.env["bsc.appeal"]
            .sudo()
            .search_count([("cycle_id", "=", self.id), ("state", "=", "open")])
        )
        if self.state == "feedback" and count:
            reasons.append(self.env._("Appeals to decide: %(count)s.", count=count))
        return reasons
