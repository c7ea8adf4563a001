from typing import NamedTuple

from odoo import models
from odoo.tools import SQL


class FigureRow(NamedTuple):
    """A line with the figures of its subject in the dates of its cycle."""

    id: int
    scorecard_id: int
    indicator_id: int
    perspective_id: int
    weight: float
    target: float
    has_target: bool
    baseline: float
    low: float
    high: float
    zero_low: float
    zero_high: float
    reported: int
    not_applicable: int
    waiting: int
    total: float
    average: float
    latest: float


class BscScorecard(models.Model):
    """Reads the lines of many scorecards together with their verified figures."""

    _inherit = "bsc.scorecard"

    def _fetch_lines(self) -> list[FigureRow]:
        """Return a row per line: one query for any number of scorecards.

        A figure counts when it is verified and no newer version of it is. A period
        that has begun and has no verified figure waits.
        """
        if not self:
            return []
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """SELECT line.id, line.scorecard_id, line.indicator_id,
                          line.perspective_id, line.weight::float,
                          COALESCE(line.target, 0)::float,
                          line.target_status <> 'open',
                          COALESCE(line.baseline, 0)::float,
                          COALESCE(line.low, 0)::float, COALESCE(line.high, 0)::float,
                          COALESCE(line.zero_low, 0)::float,
                          COALESCE(line.zero_high, 0)::float,
                          figure.reported, figure.not_applicable, figure.waiting,
                          figure.total, figure.average, figure.latest
                     FROM bsc_scorecard_line line
                     JOIN bsc_scorecard card ON card.id = line.scorecard_id
                     JOIN bsc_cycle cycle ON cycle.id = card.cycle_id
               CROSS JOIN LATERAL (%s) figure
                    WHERE card.id = ANY(%s)
                 ORDER BY line.scorecard_id, line.id""",
                self._sql_figures(),
                self.ids,
            )
        )
        return [FigureRow(*row) for row in rows]

    def _sql_figures(self) -> SQL:
        counts = SQL("figure.state = 'verified' AND figure.is_current")
        reported = SQL("%s AND figure.answer <> 'not_applicable'", counts)
        return SQL(
            """SELECT count(*) FILTER (WHERE %(reported)s) AS reported,
                      count(*) FILTER (WHERE %(counts)s
                                       AND figure.answer = 'not_applicable')
                          AS not_applicable,
                      count(*) FILTER (WHERE figure.state <> 'verified'
                                       AND figure.version = 1) AS waiting,
                      sum(figure.value) FILTER (WHERE %(reported)s)::float AS total,
                      avg(figure.value) FILTER (WHERE %(reported)s)::float AS average,
                      (array_agg(figure.value ORDER BY figure.date_to DESC)
                          FILTER (WHERE %(reported)s))[1]::float AS latest
                 FROM bsc_measurement figure
                WHERE figure.indicator_id = line.indicator_id
                  AND figure.subject_key = card.subject_key
                  AND figure.company_id = card.company_id
                  AND figure.date_from >= cycle.date_from
                  AND figure.date_to <= cycle.date_to""",
            reported=reported,
            counts=counts,
        )
