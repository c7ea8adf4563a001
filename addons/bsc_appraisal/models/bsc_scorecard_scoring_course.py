from odoo import api, fields, models
from odoo.tools import SQL, format_date

# A target that is met counts as many points.
MET = 100.0


class BscScorecard(models.Model):
    """How the score went during the cycle, starting from that of the cycle before."""

    _inherit = "bsc.scorecard"

    score_course = fields.Json(compute="_compute_score_course", compute_sudo=True)

    @api.depends("score", "previous_score")
    @api.depends_context("lang")
    def _compute_score_course(self):
        """Show nothing that a reader of the score and the previous one does not see."""
        points = self.env["bsc.score.point"].search_fetch(
            [("scorecard_id", "in", self.ids)],
            ["scorecard_id", "date", "score"],
            order="date, id",
        )
        courses = points.grouped("scorecard_id")
        for card in self:
            course = [
                [format_date(self.env, point.date), point.score]
                for point in courses.get(card._origin, ())
            ]
            if card.previous_score:
                course.insert(0, [card.cycle_id.previous_id.name, card.previous_score])
            card.score_course = bool(course) and {"points": course, "target": MET}

    def _store_results(self, results):
        """Keep today's scores of those that moved, in one statement."""
        super()._store_results(results)
        if not self:
            return
        today = fields.Date.context_today(self)
        self.env.cr.execute(
            SQL(
                """INSERT INTO bsc_score_point
                          (scorecard_id, company_id, date, score, coverage)
                   SELECT card.id, card.company_id, %(today)s, card.score, card.coverage
                     FROM bsc_scorecard card
                LEFT JOIN LATERAL (SELECT point.score, point.coverage
                                     FROM bsc_score_point point
                                    WHERE point.scorecard_id = card.id
                                      AND point.date < %(today)s
                                 ORDER BY point.date DESC
                                    LIMIT 1) last ON TRUE
                    WHERE card.id = ANY(%(ids)s)
                      AND card.is_scored
                      AND (card.score, card.coverage)
                          IS DISTINCT FROM (last.score, last.coverage)
              ON CONFLICT (scorecard_id, date)
                DO UPDATE SET score = EXCLUDED.score, coverage = EXCLUDED.coverage""",
                today=today,
                ids=self.ids,
            )
        )
        self.env["bsc.score.point"].invalidate_model()
