from decimal import Decimal

from odoo import api, fields, models
from odoo.tools import SQL

from ..tools import crossings, money

REFRESH_BATCH = 1000

KEY = (
    "line_id",
    "rule_id",
    "interval",
    "date_from",
    "limit_rate",
    "limit_tolerance",
    "is_inclusive",
)


class PerformanceBudgetAlert(models.Model):
    """How alerts follow the figures: what is crossed now, against what is open."""

    _inherit = "performance.budget.alert"

    @api.model
    def _notice(self):
        """Have the alerts refreshed as soon as this transaction has committed.

        Costs one row; whoever books something that meets a band calls it.
        """
        # sudo: asked on behalf of whoever books
        self.env.ref("budget_performance.ir_cron_budget_alert").sudo()._trigger()

    @api.model
    def _refresh(self, line_ids=None):
        """Open alerts for what was crossed and close those of lines back below.

        Tells nobody yet: that waits on the alerts as their notice, so that it is
        neither lost nor given twice. Doing it again changes nothing.

        :param line_ids: the lines to look at; None for all of budgets in force
        """
        known = self._find_open(line_ids)
        present = self._find_crossings(line_ids)
        keys = {crossing.key for crossing in present}
        self.sudo().browse(  # alerts are the system's, nobody has rights on them
            alert_id for key, alert_id in known.items() if key not in keys
        )._close()
        self._open(
            {
                crossing: usage
                for crossing, usage in present.items()
                if crossing.key not in known
            }
        )

    @api.model
    def _find_open(self, line_ids):
        """Return ``{key of a crossing: alert id}`` of the open alerts."""
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                """SELECT line_id, rule_id, interval, date_from, limit_rate,
                          limit_tolerance, is_inclusive, id
                     FROM performance_budget_alert
                    WHERE state = 'open' AND (%(all)s OR line_id = ANY(%(lines)s))""",
                all=line_ids is None,
                lines=list(line_ids or ()),
            )
        )
        return {
            (
                *key[:4],
                Decimal(repr(key[4])),
                money.exact(key[5] or 0.0, money.FINEST),
                key[6],
            ): alert_id
            for *key, alert_id in rows
        }

    @api.model
    def _find_crossings(self, line_ids):
        """Return ``{Crossing: Usage}`` of the lines of budgets in force."""
        rules = self.env["performance.budget.control.rule"]._get_all()
        Control = self.env["performance.budget.control"]
        used = self._find_used(line_ids)
        today = fields.Date.context_today(self)
        found = {}
        for start in range(0, len(used), REFRESH_BATCH):
            figures = Control._read_figures(used[start : start + REFRESH_BATCH])
            found.update(crossings.find(figures, rules, today))
        return found

    @api.model
    def _find_used(self, line_ids):
        """Return the lines of budgets in force on which anything is used."""
        self.env["performance.budget"].flush_model(["state"])
        rows = self.env.execute_query(
            SQL(
                """SELECT line.id
                     FROM performance_budget_line line
                     JOIN performance_budget budget ON budget.id = line.budget_id
                     JOIN performance_budget_balance balance
                       ON balance.id = line.balance_id
                    WHERE budget.state = 'approved'
                      AND (%(all)s OR line.id = ANY(%(lines)s))
                      AND (balance.amount_used > 0 OR EXISTS (
                          SELECT FROM performance_budget_pending
                           WHERE line_ref = line.id))
                 ORDER BY line.id""",
                all=line_ids is None,
                lines=list(line_ids or ()),
            )
        )
        return [line_id for (line_id,) in rows]

    @api.model
    def _open(self, crossed):
        """Create an alert for each crossing, with the figures it was met at.

        :param crossed: ``{Crossing: Usage}``
        """
        if not crossed:
            return
        details = self._read_details(crossed)
        self.sudo().create(  # see _refresh
            [
                {
                    **dict(zip(KEY, crossing.key, strict=True)),
                    "limit_rate": float(crossing.band.rate),
                    "limit_tolerance": float(crossing.band.tolerance),
                    "date_to": crossing.end,
                    "action": crossing.band.action,
                    "limit_amount": float(crossing.band.limit(usage)),
                    "amount_planned": float(usage.planned),
                    "amount_left": float(usage.left),
                    "usage_rate": float(usage.rate_after or 0),
                    **detail,
                }
                for (crossing, usage), detail in zip(
                    crossed.items(), details, strict=True
                )
            ]
        )

    @api.model
    def _read_details(self, crossed):
        """Return for each crossing what is used by kind, and by what it came about.

        That is the entry whose amount took the sum over the limit for the last time.
        """
        self.env["performance.budget.entry"].flush_model()
        self.env.cr.execute(
            SQL(
                """SELECT figure.*, document.*
                     FROM unnest(%s::int[], %s::date[], %s::date[], %s::numeric[],
                                 %s::bool[]) WITH ORDINALITY
                          AS ask(line_id, first, last, reached, inclusive, number)
               CROSS JOIN LATERAL (
                          SELECT COALESCE(SUM(amount_reserved), 0) AS amount_reserved,
                                 COALESCE(SUM(amount_committed), 0) AS amount_committed,
                                 COALESCE(SUM(amount_actual), 0) AS amount_actual
                            FROM performance_budget_allocation
                           WHERE line_id = ask.line_id
                             AND month BETWEEN ask.first AND ask.last) figure
                LEFT JOIN LATERAL (
                          SELECT res_model, res_id, document_name, user_id
                            FROM (SELECT entry.*, SUM(amount) OVER (ORDER BY id) AS sum
                                    FROM performance_budget_entry entry
                                   WHERE line_id = ask.line_id
                                     AND month BETWEEN ask.first AND ask.last) entry
                           WHERE (sum > reached OR (sum = reached AND inclusive))
                             AND (sum - amount < reached
                                  OR (sum - amount = reached AND NOT inclusive))
                        ORDER BY id DESC LIMIT 1) document ON TRUE
                 ORDER BY ask.number""",
                [crossing.line_id for crossing in crossed],
                [crossing.start for crossing in crossed],
                [crossing.end for crossing in crossed],
                [crossing.band.limit(usage) for crossing, usage in crossed.items()],
                [crossing.band.inclusive for crossing in crossed],
            )
        )
        return self.env.cr.dictfetchall()

    def _close(self):
        """Note that the lines are back below.

        Nobody is told who has not heard that they were over, nor when the budget was
        closed or the line moved out of force.
        """
        for alert in self:
            tells = alert.notice_state == "sent" and alert.budget_id.state == "approved"
            alert.write(
                {
                    "state": "back",
                    "date_back": fields.Datetime.now(),
                    "notice_state": "to_send" if tells else "none",
                }
            )
