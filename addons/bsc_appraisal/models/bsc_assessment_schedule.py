from odoo import api, models

BATCH = 200


class BscAssessment(models.Model):
    """When scores are being completed, everybody is asked for his assessment."""

    _inherit = "bsc.assessment"

    @api.model
    def _cron_ask(self):
        """Prepare both sides of the people of cycles in assessment and give each author
        a task, a batch per commit. Nobody is asked twice.
        """
        cards = self.env["bsc.scorecard"]
        waiting = [
            ("stage", "=", "assess"),
            ("subject_kind", "=", "employee"),
            ("appraiser_id", "!=", False),
            ("is_asked", "=", False),
        ]
        while batch := cards.search(waiting, limit=BATCH, order="id"):
            batch._prepare_assessments()
            batch.assessment_ids.filtered(lambda one: one.state == "draft")._ask()
            batch.is_asked = True
            left = self.env["ir.cron"]._commit_progress(
                len(batch), remaining=cards.search_count(waiting)
            )
            if not left:
                return

    def _ask(self):
        for one in self:
            one.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=one.author_id.id,
                date_deadline=one.cycle_id.date_assess_end,
                summary=self.env._("Write and hand in your assessment"),
            )
