import json

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.achievement import RuleError, achieve
from ..tools.scoring import (
    FAILED,
    MISSING,
    NOT_APPLICABLE,
    REPORTED,
    Line,
    grade,
    score_card,
    time_weighted,
)

BATCH = 1000


class BscScorecard(models.Model):
    """The score: computed for many scorecards at once from verified figures.

    However many scorecards there are, the number of queries is the same: lines with
    their figures, targets by days, one update of the lines and one of the cards.
    Scores of drafts say nothing and final ones stay: both are left alone.
    """

    _inherit = "bsc.scorecard"

    score = fields.Float(digits=(16, 2), copy=False, readonly=True, aggregator="avg")
    raw_score = fields.Float(
        string="Score Without Limits",
        digits=(16, 2),
        copy=False,
        readonly=True,
        aggregator="avg",
        help="As if no indicator had a floor or a cap.",
    )
    coverage = fields.Float(
        string="Coverage (%)",
        digits=(5, 2),
        copy=False,
        readonly=True,
        aggregator="avg",
        help="How much of the weights was measured.",
    )
    is_complete = fields.Boolean(
        copy=False,
        readonly=True,
        help="Every figure that is due is verified, and every line has a score.",
    )
    is_scored = fields.Boolean(copy=False, readonly=True)
    grade_id = fields.Many2one(
        "bsc.grade",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    grade_color = fields.Integer(related="grade_id.color")
    score_date = fields.Datetime(string="Scored On", copy=False, readonly=True)
    perspective_scores = fields.Json(copy=False, readonly=True)
    previous_score = fields.Float(
        digits=(16, 2), compute="_compute_previous_score", compute_sudo=True
    )
    score_change = fields.Float(
        string="Since Previous",
        digits=(16, 2),
        compute="_compute_previous_score",
        compute_sudo=True,
    )

    @api.depends("score", "subject_key", "cycle_id.previous_id")
    def _compute_previous_score(self):
        found = self.search(
            [
                ("cycle_id", "in", self.cycle_id.previous_id.ids),
                ("subject_key", "in", self.mapped("subject_key")),
                ("is_scored", "=", True),
            ]
        )
        previous = {(card.cycle_id, card.subject_key): card.score for card in found}
        for card in self:
            before = previous.get((card.cycle_id.previous_id, card.subject_key))
            card.previous_score = before or 0.0
            is_known = before is not None and card.is_scored
            card.score_change = card.score - before if is_known else 0.0

    def action_score(self):
        """Compute the scores as of now, from the figures verified so far."""
        self.check_access("read")
        self.sudo()._score()  # the figures are closed to clients, for the scoring only

    @api.model
    def _cron_score(self):
        """Score what is running, the longest unscored first, a batch per commit."""
        start = fields.Datetime.now()
        waiting = [
            *self._get_running_domain(),
            "|",
            ("score_date", "=", False),
            ("score_date", "<", start),
        ]
        cycles = self.env["bsc.cycle"].browse()
        while cards := self.search(waiting, limit=BATCH, order="score_date, id"):
            cycles |= cards.cycle_id
            cards._score_own()
            self.env.flush_all()
            left = self.env["ir.cron"]._commit_progress(
                len(cards), remaining=self.search_count(waiting)
            )
            if not left:
                return
        cycles.scorecard_ids._score_members()

    @api.model
    def _get_running_domain(self):
        return [
            ("state", "=", "agreed"),
            ("subject_kind", "!=", "job"),
            ("stage", "in", ("coach", "assess")),
        ]

    def _score(self):
        """Score these cards, then those that are rolled up from members."""
        # In one query, however many they are; by itself the cache reads a thousand.
        self.fetch(["state", "subject_kind", "rollup", "company_id", "cycle_id"])
        cards = self.filtered(
            lambda card: card.state == "agreed" and card.subject_kind != "job"
        )
        cards._score_own()
        cards._score_members()

    def _score_own(self):
        """Score the cards by their own lines."""
        cards = self.filtered(lambda card: card.rollup == "lines")
        rows = cards._fetch_lines()
        targets = cards._fetch_targets()
        rules = self.env["bsc.indicator"].browse({row.indicator_id for row in rows})
        by_id = {indicator.id: indicator for indicator in rules}
        lines = [self._score_line(row, by_id, targets) for row in rows]
        grouped = {}
        for row, line in zip(rows, lines, strict=True):
            grouped.setdefault(row.scorecard_id, []).append((row, line))
        results = {}
        updates = []
        for card_id, pairs in grouped.items():
            result = score_card([line for _row, (line, *_rest) in pairs])
            if any(row.waiting for row, _line in pairs):
                result = result._replace(is_complete=False)
            results[card_id] = result
            for (row, (line, actual, error)), part in zip(
                pairs, result.lines, strict=True
            ):
                updates.append((row.id, row.waiting, line, actual, error, part))
        self._store_lines(updates)
        cards._store_results(results)

    def _score_line(self, row, indicators, targets):
        """Return (line for the card's score, actual value, error code) of a row."""
        indicator = indicators[row.indicator_id]
        actual = {"sum": row.total, "average": row.average}.get(
            indicator.aggregation, row.latest
        )
        group, weight = row.perspective_id, float(row.weight or 0)
        if not row.reported:
            skipped = row.not_applicable and not row.waiting
            status = NOT_APPLICABLE if skipped else MISSING
            return Line(group, weight, status), None, None
        numbers = row._replace(target=targets.get(row.id, row.target))
        try:
            raw, points = achieve(indicator._get_rule(numbers), float(actual))
        except RuleError as error:
            return Line(group, weight, FAILED), actual, error.code
        return Line(group, weight, REPORTED, raw, points), actual, None

    def _fetch_targets(self):
        """Return the targets weighted by their days, where the cycle wants it so."""
        cards = self.filtered(lambda card: card.cycle_id.target_policy == "days")
        if not cards:
            return {}
        dated = {}
        for target in self.env["bsc.target"].search(
            [("scorecard_id", "in", cards.ids)]
        ):
            dated.setdefault(target.line_id, []).append(
                (target.date_effective.toordinal(), target.value)
            )
        return {
            line.id: time_weighted(
                values,
                line.cycle_id.date_from.toordinal(),
                line.cycle_id.date_to.toordinal(),
            )
            for line, values in dated.items()
        }

    def _store_lines(self, updates):
        """Write the results of the lines in one statement."""
        columns = list(
            zip(
                *(
                    (
                        line_id,
                        actual or 0.0,
                        line.status,
                        waiting,
                        line.raw,
                        line.points,
                        part.weight,
                        part.contribution,
                        error,
                    )
                    for line_id, waiting, line, actual, error, part in updates
                ),
                strict=True,
            )
        )
        if not columns:
            return
        self.env.cr.execute(
            SQL(
                """UPDATE bsc_scorecard_line line
                      SET actual = new.actual, status = new.status,
                          missing_periods = new.waiting, raw_points = new.raw,
                          points = new.points, effective_weight = new.weight,
                          contribution = new.contribution, score_error = new.error
                     FROM unnest(%s::int[], %s::numeric[], %s::varchar[], %s::int[],
                                 %s::numeric[], %s::numeric[], %s::numeric[],
                                 %s::numeric[], %s::varchar[])
                          AS new(id, actual, status, waiting, raw, points, weight,
                                 contribution, error)
                    WHERE line.id = new.id""",
                *map(list, columns),
            )
        )
        self.env["bsc.scorecard.line"].invalidate_model()

    def _store_results(self, results):
        """Write the results of the cards in one statement; those without any line
        that counts lose theirs.
        """
        if not self:
            return
        bands = {
            company: self.env["bsc.grade"]._get_bands(company)
            for company in self.company_id
        }
        company_of = {card.id: card.company_id for card in self}
        rows = []
        for card_id in self.ids:
            result = results.get(card_id)
            total = result and result.total
            rows.append(
                (
                    card_id,
                    total is not None,
                    total or 0.0,
                    (result and result.raw_total) or 0.0,
                    result.coverage if result else 0.0,
                    bool(result and result.is_complete),
                    grade(bands[company_of[card_id]], total),
                    json.dumps(result.groups if result else {}),
                )
            )
        self.env.cr.execute(
            SQL(
                """UPDATE bsc_scorecard card
                      SET is_scored = new.scored, score = round(new.score, 2),
                          raw_score = round(new.raw, 2), coverage = new.coverage,
                          is_complete = new.complete, grade_id = new.grade,
                          perspective_scores = new.parts, score_date = %s
                     FROM unnest(%s::int[], %s::bool[], %s::numeric[], %s::numeric[],
                                 %s::numeric[], %s::bool[], %s::int[], %s::jsonb[])
                          AS new(id, scored, score, raw, coverage, complete, grade,
                                 parts)
                    WHERE card.id = new.id""",
                fields.Datetime.now(),
                *map(list, zip(*rows, strict=True)),
            )
        )
        self.invalidate_model()
