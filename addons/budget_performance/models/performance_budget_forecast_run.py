from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..tools import forecast as core
from ..tools import forecast_outlook as outlooks
from ..tools import periods

BATCH = 1000


class PerformanceBudgetForecast(models.Model):
    """Makes snapshots: all lines in force, in batches, so that a job can be resumed."""

    _inherit = "performance.budget.forecast"

    @api.model
    def _cron_refresh(self):
        """Make the forecast of the month for every company, once.

        What a job that was stopped has left behind is continued.
        """
        companies = self.env["performance.budget"]._read_group(
            [("state", "=", "approved")], ["company_id"]
        )
        remaining = len(companies)
        for (company,) in companies:
            snapshot = self._open_snapshot(company)
            while snapshot.state == "computing":
                snapshot._add_lines(BATCH)
                if not snapshot._get_missing_lines():
                    snapshot._finish()
                if not self.env["ir.cron"]._commit_progress(remaining=remaining):
                    return
            remaining -= 1
            self.env["ir.cron"]._commit_progress(processed=1, remaining=remaining)

    @api.model
    def _refresh(self, company):
        """Make a forecast now, in one go.

        :return: the snapshot, empty when the company has no line in force
        """
        self.env.cr.flush()  # the ledger follows this transaction's documents first
        snapshot = self._create_snapshot(company)
        if not snapshot._get_missing_lines():
            snapshot.unlink()
            return self.browse()
        while snapshot._get_missing_lines():
            snapshot._add_lines(BATCH)
        snapshot._finish()
        return snapshot

    @api.model
    def _open_snapshot(self, company):
        """Return this month's snapshot of a company, a new one if there is none."""
        this_month = periods.month_start(fields.Date.context_today(self))
        found = self.search(
            [("company_id", "=", company.id), ("month", "=", this_month)], limit=1
        )
        return found or self._create_snapshot(company)

    @api.model
    def _create_snapshot(self, company):
        today = fields.Date.context_today(self)
        return self.create(
            {
                "company_id": company.id,
                "month": periods.month_start(today),
                "horizon": company.budget_forecast_months,
            }
        )

    def _get_missing_lines(self):
        """Return the lines in force that this snapshot does not forecast yet."""
        self.ensure_one()
        in_force = self.env["performance.budget.line"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("budget_id.state", "=", "approved"),
                ("budget_id.date_from", "<=", self.month),
                ("budget_id.date_to", ">=", self.month),
                ("is_reserve", "=", False),
            ],
            order="id",
        )
        return in_force - self.line_ids.line_id

    def _add_lines(self, count):
        """Forecast the next missing lines."""
        self.ensure_one()
        lines = self._get_missing_lines()[:count]
        last = self.month + relativedelta(months=self.horizon, days=-1)
        end = max([last, *lines.mapped("date_to")])
        months = self._get_months(lines, self.month, end)
        histories = self._get_histories(lines, self.month, months)
        ahead = periods.months_between(self.month, last)
        found = core.forecast(histories, len(ahead))
        forecast_lines = self.env["performance.budget.forecast.line"].create(
            [
                self._get_line_values(line, one, history, months[line.id])
                for line, one, history in zip(lines, found, histories, strict=True)
            ]
        )
        rows = [
            row
            for forecast_line, one in zip(forecast_lines, found, strict=True)
            for row in self._get_month_rows(
                forecast_line, one, months[forecast_line.line_id.id], ahead
            )
        ]
        self.env["performance.budget.forecast.month"]._insert(rows, self.company_id)
        forecast_lines._update_outlook()

    def _get_line_values(self, line, one, history, months):
        # A budget of many years counts as far as the forecast looks.
        last = self.month + relativedelta(months=self.horizon, days=-1)
        first, last = line.date_from, min(line.date_to, last)
        own = [month for month in months.values() if first <= month.month <= last]
        return {
            "forecast_id": self.id,
            "line_id": line.id,
            "company_id": line.company_id.id,
            "budget_id": line.budget_id.id,
            "position_id": line.position_id.id,
            "department_id": line.department_id.id,
            "owner_id": line.owner_id.id,
            "method": one.method or "plan",
            "history_months": len(history),
            "error": one.error,
            "naive_error": one.naive_error,
            "amount_planned": sum(month.planned for month in own),
            "amount_used": sum(m.actual for m in own if m.month < self.month),
        }

    def _get_month_rows(self, forecast_line, one, months, ahead):
        """Return the months of a line as rows for ``_insert``."""
        known = [months.get(month) or outlooks.Month(month) for month in ahead]
        planned = {month: found.planned for month, found in months.items()}
        values = one.values or outlooks.from_plan(known, planned)
        lows = one.low or [month.known for month in known]
        highs = one.high or values
        for month, value, low, high in zip(known, values, lows, highs, strict=True):
            expected = outlooks.expect(month.known, value)
            yield (
                forecast_line.id,
                forecast_line.line_id.id,
                month,
                expected,
                min(outlooks.expect(month.known, low), expected),
                max(high, expected),
            )

    def _finish(self):
        """Make this the snapshot that is shown; tell the owners what it warns of."""
        self.ensure_one()
        older = self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("is_latest", "=", True),
                ("id", "!=", self.id),
            ]
        )
        older.write({"is_latest": False})
        older.activity_unlink(["mail.mail_activity_data_todo"])
        self.write({"state": "done", "is_latest": True})
        self._notify_owners()

    def _notify_owners(self):
        """Give each owner of a line with a warning one activity that lists them."""
        self.ensure_one()
        warned = self.line_ids.filtered(lambda line: line.warning != "none")
        for owner, found in warned.grouped("owner_id").items():
            if not owner or not owner.active:
                continue
            lines = found.with_context(lang=owner.lang)
            self.with_context(lang=owner.lang).activity_schedule(
                "mail.mail_activity_data_todo",
                summary=lines.env._("Forecast: %s lines to look at", len(lines)),
                note=lines._get_digest(),
                user_id=owner.id,
            )
