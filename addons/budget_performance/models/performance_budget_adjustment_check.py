from collections import defaultdict
from decimal import Decimal
from functools import partial

from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import formatLang

from ..tools import adjustment as plan
from ..tools import money, periods


class PerformanceBudgetAdjustment(models.Model):
    """What keeps an adjustment from being submitted or applied."""

    _inherit = "performance.budget.adjustment"

    def _check_ready(self):
        """Raise one error with everything that is wrong, on the figures of now.

        :raise ValidationError: with a line for each problem
        """
        problems = [
            problem
            for adjustment in self
            for problem in adjustment._get_not_ready_reasons()
        ]
        if problems:
            raise ValidationError("\n".join(problems))

    def _get_not_ready_reasons(self):
        """Return sentences, empty when it can be submitted; in sudo."""
        self.ensure_one()
        if not (self.reason or "").strip():
            return [self.env._("Say why the budget has to change.")]
        if not self._has_content():
            return [self.env._("Say which line gets or gives how much.")]
        return (
            self._get_budget_reasons()
            + getattr(self, f"_get_{self.kind}_reasons")()
            + self._get_shortage_reasons()
        )

    def _has_content(self):
        """Tell whether it does anything; other effects count too."""
        return any(leg.amount or leg.amount_document for leg in self.line_ids) or bool(
            self._get_effect_fingerprint()
        )

    def _get_budget_reasons(self):
        reasons = [
            self.env._(
                "“%(line)s”: the budget “%(budget)s” is not in force.",
                line=line.display_name,
                budget=line.budget_id.name,
            )
            for line in self.line_ids.line_id
            if line.budget_id.state != "approved"
        ]
        if self.kind != "carry_forward" and len(self.line_ids.budget_id) > 1:
            reasons.append(
                self.env._(
                    "The lines belong to several budgets: only a carry-forward takes"
                    " money from one to another."
                )
            )
        return reasons

    def _get_transfer_reasons(self):
        """A transfer moves money between lines and leaves the reserve alone."""
        return self._get_reserve_untouched_reasons() + self._get_unbalanced_reasons()

    def _get_supplement_reasons(self):
        if any(leg.amount < 0 for leg in self.line_ids):
            return [self.env._("A supplement takes nothing away: make a transfer.")]
        return self._get_reserve_untouched_reasons()

    def _get_reduction_reasons(self):
        if any(leg.amount > 0 for leg in self.line_ids):
            return [self.env._("A reduction adds nothing: make a transfer.")]
        return self._get_reserve_untouched_reasons()

    def _get_reserve_reasons(self):
        """The reserve is for emergencies; it is filled up again from other lines."""
        reasons = []
        reserve = self.line_ids.filtered("line_id.is_reserve")
        if not reserve:
            reasons.append(self.env._("Name the reserve line that gives or gets."))
        drawn = sum(reserve.mapped("amount")) < 0 and not self.reversed_id
        if drawn and (self.driver != "emergency" or not self.emergency):
            reasons.append(
                self.env._(
                    "The reserve is kept for emergencies: say which one it is (rush"
                    " order, repair, other)."
                )
            )
        return reasons + self._get_unbalanced_reasons()

    def _get_carry_forward_reasons(self):
        """What one budget gives the next one gets, in all."""
        legs = self.line_ids
        top = legs.filtered(lambda leg: not leg.line_id.pool_line_id)
        if any(sum(part._get_exact_amount() for part in x) for x in (legs, top)):
            return [
                self.env._("What is carried must arrive: the legs do not add up to 0.")
            ]
        if len(legs.budget_id) > 2:
            return [self.env._("Carry from one budget to one other.")]
        return []

    def _get_revision_reasons(self):
        return []

    def _get_reserve_untouched_reasons(self):
        return [
            self.env._(
                "“%s” is the reserve: draw on it by an adjustment of that kind.",
                leg.line_id.display_name,
            )
            for leg in self.line_ids
            if leg.line_id.is_reserve
        ]

    def _get_legs(self):
        return [
            plan.Leg(leg.line_id.id, leg.line_id.pool_line_id.id or None, amount)
            for leg in self.line_ids
            if (amount := leg._get_exact_amount())
        ]

    def _get_unbalanced_reasons(self):
        """Name what does not add up: in all, or among the lines of a pool."""
        Line = self.env["performance.budget.line"]
        return [
            self.env._(
                "The lines inside “%(pool)s” get %(amount)s more than they give. Let"
                " the pool take part (“Complete the Pools”), or move the money inside"
                " it.",
                pool=Line.browse(pool_id).display_name,
                amount=self._format(amount),
            )
            if pool_id
            else self.env._(
                "What is given and what is got must be the same: the legs add up to"
                " %s, not to 0.",
                self._format(amount),
            )
            for pool_id, amount in plan.unbalanced(self._get_legs()).items()
        ]

    def _get_shortage_reasons(self):
        """Name each line, month or control interval that would be below its use."""
        figures = self._read_figures()
        try:
            deltas = self._get_deltas(figures)
        except ValidationError as error:
            return [str(error)]
        intervals = self._get_control_intervals(figures)
        reasons = []
        for line_id, figure in figures.items():
            changes = {
                month: amount
                for (changed_id, month), amount in deltas.items()
                if changed_id == line_id
            }
            found = plan.shortages(
                figure["planned"],
                figure["used"],
                changes,
                intervals[line_id],
                partial(_get_interval_months, figure),
            )
            reasons += [self._get_shortage_message(line_id, short) for short in found]
        return reasons

    def _get_shortage_message(self, line_id, short):
        Line = self.env["performance.budget.line"]
        Control = self.env["performance.budget.control"]
        return self.env._(
            "“%(line)s” (%(interval)s %(first)s to %(last)s) would plan %(planned)s,"
            " but %(used)s are used already.",
            line=Line.browse(line_id).display_name,
            interval=Control._get_interval_label(short.interval),
            first=f"{short.months[0]:%Y-%m}",
            last=f"{short.months[-1]:%Y-%m}",
            planned=self._format(short.planned),
            used=self._format(short.used),
        )

    def _get_control_intervals(self, figures):
        """Return ``{line_id: intervals}``: month, budget, and those of the rules."""
        rules = self.env["performance.budget.control.rule"]._get_all()
        return {
            line_id: {"month", "budget"}.union(
                rule.interval
                for rule in rules
                if any(
                    rule.applies(figure, rule.document_type, month)
                    for month in figure["planned"]
                )
            )
            for line_id, figure in figures.items()
        }

    def _read_figures(self):
        """Return ``{line_id: plan and use by month}`` of the lines of the legs."""
        figures = self.env["performance.budget.control"]._read_figures(
            self.line_ids.line_id.ids
        )
        return {figure["id"]: figure for figure in figures}

    def _get_deltas(self, figures):
        """Return what every month gets, legs without a month spread.

        :return: ``{(line_id, month): Decimal}``
        :raise ValidationError: a leg takes more than its line has left
        """
        deltas = defaultdict(Decimal)
        # Legs that name their month first: what is spread finds the rest of the room.
        for leg in self.line_ids.sorted(lambda leg: (not leg.month, leg.id)):
            figure = figures[leg.line_id.id]
            amount = leg._get_exact_amount()
            months = (
                {leg.month: amount}
                if leg.month
                else self._spread(leg, amount, figure, deltas)
            )
            for month, part in months.items():
                deltas[leg.line_id.id, month] += part
        return {key: amount for key, amount in deltas.items() if amount}

    def _spread(self, leg, amount, figure, deltas):
        planned = {
            month: value + deltas.get((leg.line_id.id, month), Decimal(0))
            for month, value in figure["planned"].items()
        }
        try:
            return plan.spread(
                amount,
                self._get_today(),
                planned,
                figure["used"],
                money.unit(self.currency_id.decimal_places),
                self._get_blocks(figure),
            )
        except ValueError:
            raise ValidationError(
                self.env._(
                    "“%(line)s” cannot give %(amount)s: its months have less than that"
                    " left.",
                    line=leg.line_id.display_name,
                    amount=self._format(-amount),
                )
            ) from None

    def _get_blocks(self, figure):
        """Return the sets of months that are looked at together."""
        return {
            tuple(_get_interval_months(figure, interval, month))
            for interval in self._get_control_intervals({0: figure})[0]
            for month in figure["planned"]
        }

    def _format(self, amount):
        return formatLang(self.env, float(amount), currency_obj=self.currency_id)


def _get_interval_months(figure, interval, month):
    return periods.interval_months(
        interval, month, figure["date_from"], figure["date_to"]
    )
