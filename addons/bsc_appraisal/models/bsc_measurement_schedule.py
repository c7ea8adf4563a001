from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.schedule import periods

BATCH = 1000


class BscMeasurement(models.Model):
    """What is to be delivered and when: planned from scorecards, chased when late."""

    _inherit = "bsc.measurement"

    @api.model
    def _cron_schedule(self):
        """Plan the figures of running cycles, a batch per commit."""
        for cycle in self.env["bsc.cycle"].search(
            [("state", "in", ("coach", "assess"))]
        ):
            while wanted := self._find_unplanned(cycle, BATCH):
                self.create(wanted)
                if not self.env["ir.cron"]._commit_progress(len(wanted), remaining=1):
                    return
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _find_unplanned(self, cycle, limit) -> list[dict]:
        """Return values of figures that scorecards of the cycle wait for and that
        nobody planned: of the periods that have begun, at most ``limit``.
        """
        today = fields.Date.context_today(self)
        rows = []
        for frequency, months in self._get_periods(cycle, today).items():
            firsts = [first for first, _last in months]
            lasts = [last for _first, last in months]
            missing = limit - len(rows)
            if not months or missing <= 0:
                continue
            rows += self._fetch_unplanned(cycle, frequency, firsts, lasts, missing)
        return [self._prepare_planned(cycle, row) for row in rows]

    @api.model
    def _get_periods(self, cycle, today):
        frequencies = dict(self.env["bsc.indicator"]._fields["frequency"].selection)
        return {
            frequency: [
                period
                for period in periods(frequency, cycle.date_from, cycle.date_to)
                if period[0] <= today
            ]
            for frequency in frequencies
        }

    @api.model
    def _fetch_unplanned(self, cycle, frequency, firsts, lasts, limit):
        self.env.flush_all()
        return self.env.execute_query(
            SQL(
                """SELECT DISTINCT line.indicator_id, card.subject_kind,
                          card.department_id, card.employee_id, period.first,
                          period.last
                     FROM bsc_scorecard_line line
                     JOIN bsc_scorecard card ON card.id = line.scorecard_id
                     JOIN bsc_indicator indicator ON indicator.id = line.indicator_id
               CROSS JOIN unnest(%s::date[], %s::date[]) AS period(first, last)
                    WHERE card.cycle_id = %s AND card.state = 'agreed'
                      AND card.subject_kind <> 'job' AND card.rollup = 'lines'
                      AND indicator.frequency = %s
                      AND NOT EXISTS (
                          SELECT 1 FROM bsc_measurement figure
                           WHERE figure.indicator_id = line.indicator_id
                             AND figure.subject_key = card.subject_key
                             AND figure.company_id = card.company_id
                             AND figure.date_from = period.first
                             AND figure.date_to = period.last)
                    LIMIT %s""",
                firsts,
                lasts,
                cycle.id,
                frequency,
                limit,
            )
        )

    @api.model
    def _prepare_planned(self, cycle, row) -> dict:
        indicator_id, kind, department_id, employee_id, first, last = row
        due = last + timedelta(days=cycle.days_to_report)
        return {
            "indicator_id": indicator_id,
            "company_id": cycle.company_id.id,
            "subject_kind": kind,
            "department_id": department_id,
            "employee_id": employee_id,
            "date_from": first,
            "date_to": last,
            "date_due": due,
            "date_lock": due + timedelta(days=cycle.days_to_lock),
        }

    @api.model
    def _cron_remind(self):
        """Remind who owes figures: one task per person and indicator, not per figure.

        Once figures are locked without a value, the responsible person of the cycle
        gets the task instead of the collector.
        """
        today = fields.Date.context_today(self)
        due = [("state", "=", "due"), ("date_due", "<", today)]
        still_open = ["|", ("date_lock", "=", False), ("date_lock", ">", today)]
        entered = [("state", "=", "entered")]
        deliver = self.env._("Deliver late figures")
        verify = self.env._("Verify figures")
        for user_field, domain, summary in (
            ("collector_id", due + still_open, deliver),
            ("verifier_id", entered, verify),
        ):
            for indicator, user, count in self._read_group(
                [*domain, (user_field, "!=", False), ("source_id", "=", False)],
                ["indicator_id", user_field],
                ["__count"],
            ):
                self._remind(indicator, user, summary, count)
        self._escalate(today)

    @api.model
    def _escalate(self, today):
        missed = self._read_group(
            [("state", "=", "due"), ("date_lock", "<=", today)],
            ["company_id", "indicator_id"],
            ["__count"],
        )
        cycles = self.env["bsc.cycle"].search([("state", "in", ("coach", "assess"))])
        responsible = {cycle.company_id: cycle.responsible_id for cycle in cycles}
        summary = self.env._("Figures were not delivered in time")
        for company, indicator, count in missed:
            if company in responsible:
                self._remind(indicator, responsible[company], summary, count)

    @api.model
    def _remind(self, indicator, user, summary, count):
        """Keep one open task of a kind per person and indicator."""
        open_tasks = indicator.activity_ids.filtered(
            lambda task: task.user_id == user and task.summary == summary
        )
        if not open_tasks:
            indicator.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=summary,
                note=self.env._("%s figures, see My Figures.", count),
            )
