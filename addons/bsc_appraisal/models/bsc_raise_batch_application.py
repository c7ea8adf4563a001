from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Raises of one step, and of a step that somebody waits for; the job does the rest.
STEP = 50
AT_ONCE = 100


class BscRaiseBatch(models.Model):
    """Applies approved batches in steps, each raise once, whoever else does the same.

    A step takes lines that are still to do and locks them, writes the versions and
    marks the lines in one transaction. A crash leaves whole steps: what was not done
    is still to do. Of two who apply at a time, one skips what the other has locked;
    whoever comes too late is refused by the database and sees the truth when he tries
    again.
    """

    _inherit = "bsc.raise.batch"

    def action_apply(self):
        """Apply an approved batch; many people are done in the background."""
        self._check_hr_manager()
        for batch in self:
            batch._check_state("approved", "applying")
            batch.sudo()._check_unchanged()  # reads decisions
        self.sudo().state = "applying"  # protected, checked above
        self._work_at_once()

    def action_retry(self):
        """Try again what was not applied, after its cause is removed."""
        self._check_hr_manager()
        self._check_state("applied")
        failed = self.line_ids.filtered(lambda line: line.state == "failed")
        if not failed:
            raise UserError(self.env._("Everything was applied."))
        batches_sudo = self.sudo()  # protected, checked above
        # sudo: as above
        failed.sudo().write({"state": "approved", "failure": False})
        batches_sudo.state = "applying"
        self._work_at_once()

    def action_reverse(self):
        """Take applied raises back, from the first of next month on.

        Versions that lie ahead are removed, others are followed by one with the old
        wage. What somebody has built on since is left and listed.
        """
        self._check_hr_manager()
        self._check_state("applied", "reversing")
        own = self.line_ids.filtered("cost").employee_id.user_id
        if self.env.user in own:
            raise UserError(
                self.env._("Somebody else decides on your own raise and bonus.")
            )
        today = fields.Date.today()
        following = fields.Date.start_of(fields.Date.add(today, months=1), "month")
        for batch_sudo in self.sudo():  # protected, checked above
            batch_sudo.write(
                {
                    "state": "reversing",
                    "date_reversed": max(following, batch_sudo.date_effective)
                    if batch_sudo.date_effective <= today
                    else batch_sudo.date_effective,
                }
            )
            batch_sudo.line_ids.failure = False
        self._work_at_once()

    def _work_at_once(self):
        """Do small batches now, and leave large ones to the job."""
        # sudo: figures and states are closed to everybody; the rights were checked
        for batch_sudo in self.sudo():
            if batch_sudo.line_count <= AT_ONCE:
                while batch_sudo._work():
                    pass
            else:
                self.env.ref("bsc_appraisal.ir_cron_bsc_raise")._trigger()

    def _work(self):
        """Do one step of one batch.

        :return: how many lines it has looked at; 0 when the batch is finished
        """
        self.ensure_one()
        if self.state not in ("applying", "reversing"):
            return 0  # somebody else has finished it: to go on would take it back
        lines = self._lock_step()
        if lines and self.state == "applying":
            lines._apply()
        elif lines:
            lines._reverse(self.date_reversed)
        if not self._count_to_do():
            self.state = "applied" if self.state == "applying" else "reversed"
            return 0
        return len(lines)

    def _get_to_do(self):
        """Return the condition of lines that are still to do."""
        if self.state == "reversing":
            return SQL("state = 'applied' AND failure IS NULL")
        return SQL("state = 'approved'")

    def _lock_step(self):
        self.env["bsc.raise"].flush_model(["state", "failure", "batch_id"])
        rows = self.env.execute_query(
            SQL(
                """SELECT id FROM bsc_raise
                    WHERE batch_id = %s AND %s
                 ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED""",
                self.id,
                self._get_to_do(),
                STEP,
            )
        )
        return self.env["bsc.raise"].browse([row[0] for row in rows])

    def _count_to_do(self):
        self.env["bsc.raise"].flush_model(["state", "failure", "batch_id"])
        query = SQL(
            "SELECT count(*) FROM bsc_raise WHERE batch_id = %s AND %s",
            self.id,
            self._get_to_do(),
        )
        return self.env.execute_query(query)[0][0]

    @api.model
    def _cron_apply(self):
        """Go on with batches that are being applied or reversed, a step per commit."""
        batches = self.search([("state", "in", ("applying", "reversing"))], order="id")
        for batch in batches:
            while done := batch._work():
                left = self.env["ir.cron"]._commit_progress(
                    done, remaining=batch._count_to_do()
                )
                if not left:
                    return
            self.env["ir.cron"]._commit_progress(1)
