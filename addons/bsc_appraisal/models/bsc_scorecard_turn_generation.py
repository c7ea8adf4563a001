from odoo import api, models

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

    @api.model
    def _ask_appraisers(self, cycle):
        """Give every superior one task for all the targets he has to propose."""
        groups = self._read_group(
            [
                ("cycle_id", "=", cycle.id),
                ("state", "=", "draft"),
                ("subject_kind", "in", ("department", "employee")),
                ("appraiser_id", "!=", False),
                "|",
                ("line_ids", "=", False),
                (
                    "line_ids",
                    "any",
                    [
                        ("target_status", "=", "open"),
                        ("indicator_id.calculation", "in", IS_AGREED),
                    ],
                ),
            ],
            ["appraiser_id"],
            ["__count"],
        )
        todo = self.env.ref("mail.mail_activity_data_todo")
        told = cycle.activity_ids.filtered(
            lambda task: task.activity_type_id == todo
        ).user_id
        self._create_tasks(
            [
                {
                    "res_model_id": self.env["ir.model"]._get_id(cycle._name),
                    "res_id": cycle.id,
                    "user_id": user.id,
                    "date_deadline": cycle.date_plan_end,
                    "summary": self.env._("Propose targets: %s scorecards", count),
                }
                for user, count in groups
                if user not in told
            ]
        )

    def _create_tasks(self, vals_list):
        type_id = self.env.ref("mail.mail_activity_data_todo").id
        # sudo: the generation asks, whoever started it; without a mail for each
        Activity_sudo = self.env["mail.activity"].sudo()
        Activity_sudo.with_context(mail_activity_quick_update=True).create(
            [{**vals, "activity_type_id": type_id} for vals in vals_list]
        )
