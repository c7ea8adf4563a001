from odoo import api, fields, models
from odoo.exceptions import UserError


class PerformanceBudgetAuthorizationDecision(models.Model):
    """One decision on an authorisation: written once, never changed."""

    _name = "performance.budget.authorization.decision"
    _description = "Budget Authorisation Decision"
    _order = "id"
    _log_access = False
    _rec_name = "decision"

    authorization_id = fields.Many2one(
        "performance.budget.authorization",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    level_id = fields.Many2one(
        "performance.budget.authorization.level",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    line_id = fields.Many2one(
        "performance.budget.line", readonly=True, ondelete="restrict"
    )
    decision = fields.Selection(
        [("granted", "Granted"), ("refused", "Refused")], required=True, readonly=True
    )
    comment = fields.Text(readonly=True)
    fingerprint = fields.Char(
        required=True, readonly=True, help="Of the values that were decided on."
    )
    user_id = fields.Many2one("res.users", required=True, readonly=True)
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)

    _once = models.UniqueIndex(
        "(authorization_id, level_id, COALESCE(line_id, 0))",
        "This was decided already.",
    )

    def init(self):
        self.env.cr.execute(
            """
            CREATE OR REPLACE FUNCTION performance_budget_decision_append_only()
            RETURNS trigger LANGUAGE plpgsql AS $body$
            BEGIN
                RAISE EXCEPTION 'budget decisions are append-only';
            END $body$;
            DROP TRIGGER IF EXISTS performance_budget_decision_append_only
                ON performance_budget_authorization_decision;
            CREATE TRIGGER performance_budget_decision_append_only
                BEFORE UPDATE OR DELETE ON performance_budget_authorization_decision
                FOR EACH ROW
                EXECUTE FUNCTION performance_budget_decision_append_only();
            """
        )

    # Append-only: there is no write to call.
    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self.env._("A decision is never changed."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("A decision is never deleted."))
