from json import dumps
from secrets import randbelow

from odoo import fields, models
from odoo.tools import SQL

LARGEST_ID = 2**31 - 1


class BscFeedbackAnswer(models.Model):
    """What one rater answered, without anything that leads to him.

    There is no user, no time, no link to an invitation, and the ids are drawn at random
    instead of counting up. Nobody has any right on it, administrators included; rows
    exist only between the answer and the close of the round.
    """

    _name = "bsc.feedback.answer"
    _description = "Feedback Answer"
    _log_access = False
    _order = "id"

    feedback_id = fields.Many2one(
        "bsc.feedback", required=True, index=True, ondelete="cascade"
    )
    rater_group = fields.Char(required=True)
    marks = fields.Json(required=True, help="Marks by competency; N/A is left out.")
    strength = fields.Text()
    improve = fields.Text()

    def _add(self, feedback, rater_group, marks, strength, improve):
        """Store one answer under an id that says nothing."""
        row = None
        while row is None:
            self.env.cr.execute(
                SQL(
                    """INSERT INTO bsc_feedback_answer
                          (id, feedback_id, rater_group, marks, strength, improve)
                       VALUES (%s, %s, %s, %s, %s, %s)
                       ON CONFLICT (id) DO NOTHING RETURNING id""",
                    randbelow(LARGEST_ID) + 1,
                    feedback.id,
                    rater_group,
                    dumps(marks),
                    strength or None,
                    improve or None,
                )
            )
            row = self.env.cr.fetchone()
        self.invalidate_model()
