from odoo import api, fields, models

BATCH = 500
REMIND_DAYS = 7


class BscScorecard(models.Model):
    """Whose turn it is in the consultation, and what happens when time is up."""

    _inherit = "bsc.scorecard"

    waiting_superior_count = fields.Integer(compute="_compute_waiting")
    waiting_subject_count = fields.Integer(compute="_compute_waiting")
    can_accept_targets = fields.Boolean(compute="_compute_can_accept_targets")

    @api.depends("line_ids.target_status")
    def _compute_waiting(self):
        for card in self:
            statuses = card.line_ids.mapped("target_status")
            card.waiting_superior_count = statuses.count("subordinate")
            card.waiting_subject_count = statuses.count("superior")

    @api.depends("line_ids.can_accept")
    @api.depends_context("uid")
    def _compute_can_accept_targets(self):
        for card in self:
            card.can_accept_targets = any(card.line_ids.mapped("can_accept"))

    def action_accept_targets(self):
        """Accept every target that waits for your answer."""
        for card in self:
            card.line_ids.filtered("can_accept").action_accept_target()

    def _remind_turn(self):
        """Give each side one task per scorecard while a proposal waits for it."""
        # sudo: the other side's tasks are made by who proposes
        cards_sudo = self.sudo()
        cards_sudo.activity_unlink(["mail.mail_activity_data_todo"])
        for card in cards_sudo.filtered(lambda card: card.state == "draft"):
            turns = [
                (card.responsible_id, card.waiting_subject_count),
                (card.appraiser_id, card.waiting_superior_count),
            ]
            for user, count in turns:
                if user and count:
                    card.activity_schedule(
                        "mail.mail_activity_data_todo",
                        date_deadline=card.cycle_id.date_plan_end,
                        user_id=user.id,
                        summary=self.env._("Answer proposed targets (%s)", count),
                    )

    @api.model
    def _cron_escalate(self):
        """Remind whose turn it is when the deadline comes near; after it, put the
        scorecards before the responsible person of the cycle. Each once.
        """
        today = fields.Date.context_today(self)
        near = fields.Date.add(today, days=REMIND_DAYS)
        recent = fields.Date.subtract(today, days=REMIND_DAYS)
        deadline = "cycle_id.date_plan_end"
        soon = self.search(
            [
                *self._get_waiting_domain(),
                (deadline, ">=", today),
                (deadline, "<=", near),
                # who was asked long ago is asked again, once
                ("activity_ids", "not any", [("create_date", ">=", recent)]),
            ]
        )
        late = self.search([*self._get_waiting_domain(), (deadline, "<", today)])
        for start in range(0, len(soon), BATCH):
            batch = soon[start : start + BATCH]
            batch._remind_turn()
            self.env["ir.cron"]._commit_progress(len(batch))
        for start in range(0, len(late), BATCH):
            batch = late[start : start + BATCH]
            batch._escalate()
            self.env["ir.cron"]._commit_progress(
                len(batch), remaining=len(late) - start - len(batch)
            )

    @api.model
    def _get_waiting_domain(self):
        return [
            ("state", "=", "draft"),
            ("subject_kind", "!=", "job"),
            ("stage", "in", ("plan", "coach")),
            ("line_ids.target_status", "in", ("superior", "subordinate")),
        ]

    def _escalate(self):
        summary = self.env._("No agreement on the targets: decide")
        for card in self:
            user = card.cycle_id.responsible_id
            told = card.activity_ids.filtered(
                lambda task, user=user: task.user_id == user and task.summary == summary
            )
            if not told:
                card.activity_schedule(
                    "mail.mail_activity_data_todo", user_id=user.id, summary=summary
                )
