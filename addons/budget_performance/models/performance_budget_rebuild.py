from psycopg2.errors import SerializationFailure

from odoo import api, fields, models
from odoo.exceptions import UserError

REBUILD_BATCH = 20
REBUILD_ATTEMPTS = 5


class PerformanceBudget(models.Model):
    """How the balances of a budget are taken anew from its entries, in use as it is.

    A job works through the lines by id, a few in a transaction, so that nobody waits
    for more than a moment. Where it has come to is kept with what it did: stopped at
    any point, it goes on from there.
    """

    _inherit = "performance.budget"

    _REBUILD_FIELDS = frozenset({"rebuild_state", "rebuild_line_ref", "rebuild_date"})

    rebuild_state = fields.Selection(
        [("running", "Running"), ("done", "Done")],
        string="Rebuild",
        readonly=True,
        copy=False,
    )
    rebuild_line_ref = fields.Integer(
        readonly=True, copy=False, help="The last line that was rebuilt."
    )
    rebuild_date = fields.Datetime(string="Rebuilt On", readonly=True, copy=False)
    rebuild_percent = fields.Float(compute="_compute_rebuild_percent")

    @api.depends("rebuild_line_ref", "rebuild_state", "line_ids")
    def _compute_rebuild_percent(self):
        for budget in self:
            line_ids = budget.line_ids._origin.ids
            done = [line for line in line_ids if line <= budget.rebuild_line_ref]
            budget.rebuild_percent = 100 * len(done) / (len(line_ids) or 1)

    def _has_field_access(self, field, operation):
        if (
            operation == "write"
            and field.name in self._REBUILD_FIELDS
            and not self.env.su
        ):
            return False
        return super()._has_field_access(field, operation)

    def action_rebuild(self):
        """Have the balances of the budget rebuilt from its entries, in the background.

        Asked again while it runs, it goes on where it is.

        :raise UserError: not a finance manager, or nothing was ever booked
        """
        self.ensure_one()
        if not self.env.user.has_group("budget_performance.group_budget_manager"):
            raise UserError(self.env._("Only a finance manager can rebuild balances."))
        self.check_access("write")
        if self.state not in ("approved", "closed"):
            raise UserError(
                self.env._(
                    "“%s” was not in force: there is nothing to rebuild.", self.name
                )
            )
        if self.rebuild_state != "running":
            self.sudo().write(  # protected fields, checked above
                {"rebuild_state": "running", "rebuild_line_ref": 0}
            )
            self._message_log(body=self.env._("The balances are being rebuilt."))
        # sudo: a finance manager does not administer jobs
        self.env.ref("budget_performance.ir_cron_budget_rebuild").sudo()._trigger()

    @api.model
    def _cron_rebuild(self):
        """Go on with the rebuilds that were asked for, as long as there is time."""
        Cron = self.env["ir.cron"]
        for budget in self.search([("rebuild_state", "=", "running")]):
            failed = 0
            while budget.rebuild_state == "running":
                try:
                    with self.env.cr.savepoint():
                        done = budget._rebuild_next()
                    failed = 0
                except SerializationFailure:
                    # Somebody took money since the transaction began: the next one
                    # sees it.
                    budget.invalidate_recordset()
                    done, failed = 0, failed + 1
                    if failed == REBUILD_ATTEMPTS:
                        raise
                if not Cron._commit_progress(
                    done, remaining=budget._count_lines_to_rebuild()
                ):
                    return

    def _rebuild_next(self):
        """Rebuild the next few lines; return how many.

        :raise psycopg2.errors.SerializationFailure: one of them is being used
        """
        lines = self.env["performance.budget.line"].search(
            self._get_rebuild_domain(), order="id", limit=REBUILD_BATCH
        )
        # sudo: balances have one writer, nobody has rights on them
        self.env["performance.budget.balance"].sudo()._rebuild(lines.ids)
        budget_sudo = self.sudo()  # protected fields, the job's own
        if lines:
            budget_sudo.rebuild_line_ref = lines[-1].id
        if len(lines) < REBUILD_BATCH or not self._count_lines_to_rebuild():
            budget_sudo.write(
                {"rebuild_state": "done", "rebuild_date": fields.Datetime.now()}
            )
            self._message_log(body=self.env._("The balances were rebuilt."))
        self.flush_recordset()
        return len(lines)

    def _count_lines_to_rebuild(self):
        Line = self.env["performance.budget.line"]
        return Line.search_count(self._get_rebuild_domain())

    def _get_rebuild_domain(self):
        """Return what finds the lines that are still to be rebuilt."""
        return [("budget_id", "=", self.id), ("id", ">", self.rebuild_line_ref)]
