from odoo import fields, models


class PerformanceBudgetDecisionHanding(models.AbstractModel):
    """A decision that a delegate can take, or that is handed on to somebody else."""

    _name = "performance.budget.decision.handing"
    _description = "Budget Decision Handed On"
    _inherit = ["performance.budget.decision"]

    revision = fields.Integer(required=True, readonly=True)
    forward_user_id = fields.Many2one("res.users", string="Forwarded To", readonly=True)
    on_behalf_id = fields.Many2one(
        "res.users",
        string="On Behalf Of",
        readonly=True,
        help="Whose step it was, when a delegate took it.",
    )
