from odoo import api, models
from odoo.tools import formatLang


class PerformanceBudgetControl(models.AbstractModel):
    """Puts a verdict into words: which line, which limit, what is left, what to do."""

    _inherit = "performance.budget.control"

    @api.model
    def _explain(self, verdict, with_amounts=True):
        """Return one verdict in a sentence.

        :param with_amounts: False shows shares only, for those who may not see sums
        """
        line_sudo = self._get_line(verdict)
        if verdict.usage.closed:
            return self.env._(
                "“%(line)s”: the budget “%(budget)s” is closed and takes no new use.",
                line=line_sudo.display_name,
                budget=line_sudo.budget_id.name,
            )
        words = self._get_words(verdict)
        if with_amounts and verdict.band:
            return self.env._(
                "“%(line)s” (%(interval)s): %(requested)s requested, %(left)s left of"
                " %(planned)s. It would use %(percent)s; the limit is %(limit)s"
                " (%(limit_amount)s).",
                **words,
            )
        if with_amounts:
            return self.env._(
                "“%(line)s” (%(interval)s): %(requested)s requested, %(left)s left of"
                " %(planned)s. It would use %(percent)s.",
                **words,
            )
        if verdict.band:
            return self.env._(
                "“%(line)s” (%(interval)s): %(percent)s of the plan would be used, the"
                " limit is %(limit)s.",
                **words,
            )
        return self.env._(
            "“%(line)s” (%(interval)s): %(percent)s of the plan would be used.",
            **words,
        )

    @api.model
    def _get_words(self, verdict):
        """Return the figures of a verdict as texts for the reader's language."""
        line_sudo = self._get_line(verdict)
        usage = verdict.usage
        amounts = {
            "planned": usage.planned,
            "left": usage.left,
            "requested": usage.requested,
            "limit_amount": verdict.limit,
        }
        return {
            "line": line_sudo.display_name,
            "interval": self._get_interval_label(usage.interval),
            "percent": self._format_rate(usage.rate_after),
            "limit": self._format_limit(verdict),
        } | {
            name: formatLang(self.env, float(value), currency_obj=line_sudo.currency_id)
            for name, value in amounts.items()
        }

    @api.model
    def _get_way_out(self, verdict):
        """Return what the person can do next."""
        line_sudo = self._get_line(verdict)
        owner = line_sudo.owner_id.name or self.env._("the finance department")
        if verdict.action == "hold":
            return self.env._(
                "Held: reduce the amount, or request an authorisation from %s.", owner
            )
        if verdict.action == "block":
            return self.env._(
                "Blocked: reduce the amount, or ask %s for a budget adjustment.", owner
            )
        return ""

    @api.model
    def _get_line(self, verdict):
        # sudo: an employee cannot read budgets; he is told about the line he uses
        Line_sudo = self.env["performance.budget.line"].sudo()
        return Line_sudo.browse(verdict.usage.line_id)

    @api.model
    def _get_interval_label(self, interval):
        rule_field = self.env["performance.budget.control.rule"]._fields["interval"]
        return dict(rule_field._description_selection(self.env))[interval]

    @api.model
    def _format_limit(self, verdict):
        """Return the limit as a share of the plan, the tolerance included.

        A plan of zero has no share: only the tolerance says where the limit is.
        """
        usage = verdict.usage
        if not usage.planned:
            return self._format_rate(verdict.limit_rate)
        return self._format_rate(verdict.limit / usage.planned)

    @api.model
    def _describe_band(self, band, currency):
        """Return what a band does, e.g. “above 100 % + ¥ 500.00: block”."""
        actions = {
            "alert": self.env._("alert"),
            "hold": self.env._("hold"),
            "block": self.env._("block"),
        }
        limit = self._format_rate(band.rate)
        if band.tolerance:
            amount = formatLang(self.env, float(band.tolerance), currency_obj=currency)
            limit = f"{limit} + {amount}"
        words = {"limit": limit, "action": actions.get(band.action, "")}
        if band.inclusive:
            return self.env._("from %(limit)s: %(action)s", **words)
        return self.env._("above %(limit)s: %(action)s", **words)

    @api.model
    def _format_rate(self, rate):
        if rate is None:
            return "∞"
        text = formatLang(self.env, float(rate * 100), digits=1)
        return f"{text.rstrip('0').rstrip('.,')} %"
