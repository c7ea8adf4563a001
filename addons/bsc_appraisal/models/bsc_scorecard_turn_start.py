from odoo import models


class BscScorecard(models.Model):
    """Who is told that an appraisal was started by a plan."""

    _inherit = "bsc.scorecard"

    def _announce_start(self):
        """Give employee and superior a task each, unless they have one already."""
        todo = self.env.ref("mail.mail_activity_data_todo")
        model_id = self.env["ir.model"]._get_id(self._name)
        tasks = []
        for card in self:
            told = card.activity_ids | card.assessment_ids.activity_ids
            told |= card.cycle_id.activity_ids
            told = told.filtered(lambda task: task.activity_type_id == todo).user_id
            for user in (card.responsible_id | card.appraiser_id) - told:
                summary = (
                    self.env._("Your appraisal begins: look at your scorecard")
                    if user == card.responsible_id
                    else self.env._("An appraisal begins: prepare the scorecard")
                )
                tasks.append(
                    {
                        "res_model_id": model_id,
                        "res_id": card.id,
                        "user_id": user.id,
                        "date_deadline": card._get_start_deadline(),
                        "summary": summary,
                    }
                )
        self._create_tasks(tasks)

    def _get_start_deadline(self):
        cycle = self.cycle_id
        return cycle.date_assess_end if self._is_short() else cycle.date_plan_end
