from odoo import api, fields, models
from odoo.exceptions import UserError


class BscCycle(models.Model):
    """The stages of a cycle: one at a time, moved in one place.

    ========  =================================================  =====================
    Stage     What happens                                       Left when
    ========  =================================================  =====================
    plan      scorecards are prepared, targets agreed            every scorecard is
                                                                 agreed
    coach     figures come in, interim scores show where one     always
              stands
    assess    last figures are delivered and verified            no score is
                                                                 provisional
    feedback  results are read and talked about                  always
    closed    nothing changes any more
    ========  =================================================  =====================

    An appraisal manager moves a cycle, one stage at a time, back as well as forward;
    a closed one stays closed. ``state`` moves only through the actions.
    """

    _inherit = "bsc.cycle"

    _PROTECTED = frozenset({"state", "is_generating"})
    _STAGES = ("plan", "coach", "assess", "feedback", "closed")

    state = fields.Selection(
        [
            ("plan", "Plan"),
            ("coach", "Coach"),
            ("assess", "Assess"),
            ("feedback", "Feedback"),
            ("closed", "Closed"),
        ],
        string="Stage",
        required=True,
        default="plan",
        copy=False,
        index=True,
        tracking=True,
    )
    can_advance = fields.Boolean(compute="_compute_can_move")
    can_step_back = fields.Boolean(compute="_compute_can_move")

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_can_move(self):
        is_manager = self._is_appraisal_manager()
        for cycle in self:
            is_open = is_manager and cycle.state != "closed"
            cycle.can_advance = is_open
            cycle.can_step_back = is_open and cycle.state != "plan"

    def write(self, vals):
        if vals.keys() - {"message_follower_ids", "activity_ids"} and not self.env.su:
            self._check_not_closed()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        started = self.filtered(lambda cycle: cycle.state != "plan")
        if started:
            raise UserError(
                self.env._(
                    "“%s” has started: results rest on it. Only a cycle in planning can"
                    " be deleted.",
                    started[0].name,
                )
            )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_advance(self):
        """Go to the next stage.

        :raise UserError: with everything that stands against it
        """
        for cycle in self:
            cycle._check_can_move(+1)
            if cycle.state == "assess":
                # What was verified since the last night counts, too.
                cards_sudo = cycle.sudo().scorecard_ids  # figures, to score them only
                cards_sudo._score()
            cycle._check_can_leave()
            cycle._do_move(+1)

    def action_step_back(self):
        """Go back one stage."""
        for cycle in self:
            cycle._check_can_move(-1)
            cycle._do_move(-1)

    def _is_appraisal_manager(self):
        return self.env.su or self.env.user.has_group(
            "bsc_appraisal.group_appraisal_manager"
        )

    def _check_not_closed(self):
        closed = self.filtered(lambda cycle: cycle.state == "closed")
        if closed:
            raise UserError(
                self.env._(
                    "“%s” is closed: its results stay as they are. Put what follows"
                    " into the next cycle.",
                    closed[0].name,
                )
            )

    def _check_can_move(self, step):
        self.check_access("write")
        self._check_not_closed()
        if not self._is_appraisal_manager():
            raise UserError(self.env._("Only an appraisal manager moves a cycle."))
        if self._STAGES.index(self.state) + step < 0:
            raise UserError(self.env._("“%s” is in its first stage.", self.name))

    def _check_can_leave(self):
        reasons = self._get_cannot_leave_reasons()
        if reasons:
            raise UserError("\n".join([self.name, *(f"- {one}" for one in reasons)]))

    def _get_cannot_leave_reasons(self) -> list[str]:
        """Say what is missing before the next stage; the first scorecards by name.

        An addon that adds work to a stage adds its reasons here.
        """
        if self.is_generating:
            return [self.env._("Scorecards are still being generated: wait a moment.")]
        if self.state == "plan":
            return self.scorecard_ids._get_not_agreed_reasons()
        if self.state == "assess":
            return self.scorecard_ids._get_not_final_reasons()
        return []

    def _do_move(self, step):
        """Move the stage; with assess left the scores are final, going back opens
        them again.
        """
        before = self.state
        target = self._STAGES[self._STAGES.index(before) + step]
        # The field is closed to every client; the rights were checked before.
        cycle_sudo = self.sudo()
        cycle_sudo.state = target
        if target == "coach":  # those who collect need not wait for the night
            job = self.env.ref("bsc_appraisal.ir_cron_bsc_schedule")
            job.sudo()._trigger()  # who moves a cycle does not administer jobs
        if before == "assess" and step > 0:
            cycle_sudo.scorecard_ids._do_finish()
        elif before == "feedback" and step < 0:
            cycle_sudo.scorecard_ids._do_unfinish()
