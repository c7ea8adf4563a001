from odoo import models

from .bsc_scorecard_agreement import IS_AGREED


class BscScorecard(models.Model):
    """Who is asked to do something once scorecards were generated.

    An employee has a task on his scorecard when targets wait for his answer, a
    superior one on the cycle however many scorecards wait for his proposals. No mail
    is sent for thousands of tasks at once: they are in everybody's list, and the
    reminder before the deadline is sent.
    """

    _inherit = "bsc.scorecard"

    def _ask_subjects(self):
        """Give everybody whose turn it is one task; all are made at once."""
        waiting = self.filtered(
            lambda card: card.responsible_id and card.waiting_subject_count
        )
        self._create_tasks(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(self._name),
                    "res_id": card.id,
                    "user_id": card.responsible_id.id,
                    "date_deadline": card.cycle_id.date_plan_end,
                    "summary": self.env._(
                        "Answer proposed targets (%s)", card.waiting_subject_count
                    ),
                }
                for card in waiting - waiting.filtered("activity_ids")
            ]
        )

    def _ask_appraisers(self):
        """Give every superior one task per cycle while targets are to be proposed."""
        silent = self.filtered(
            lambda card: (
                card.state == "draft"
                and card.appraiser_id
                and card.subject_kind in ("department", "employee")
                and (not card.line_ids or card._get_unproposed_targets())
            )
        )
        type_id = self.env.ref("mail.mail_activity_data_todo").id
        for cycle, cards in silent.grouped("cycle_id").items():
            told = cycle.activity_ids.filtered(
                lambda task: task.activity_type_id.id == type_id
            ).user_id
            self._create_tasks(
                [
                    {
                        "res_model_id": self.env["ir.model"]._get_id(cycle._name),
                        "res_id": cycle.id,
                        "user_id": user.id,
                        "date_deadline": cycle.date_plan_end,
                        "summary": self.env._(
                            "Propose targets: %s scorecards", len(of_user)
                        ),
                    }
                    for user, of_user in cards.grouped("appraiser_id").items()
                    if user not in told
                ]
            )

    def _get_unproposed_targets(self):
        """Return the lines that need a target and for which nobody said one."""
        return self.line_ids.filtered(
            lambda line: line.calculation in IS_AGREED and line.target_status == "open"
        )

    def _create_tasks(self, vals_list):
        type_id = self.env.ref("mail.mail_activity_data_todo").id
        # sudo: the generation asks, whoever started it; without a mail for each
        Activity_sudo = self.env["mail.activity"].sudo()
        Activity_sudo.with_context(mail_activity_quick_update=True).create(
            [{**vals, "activity_type_id": type_id} for vals in vals_list]
        )
