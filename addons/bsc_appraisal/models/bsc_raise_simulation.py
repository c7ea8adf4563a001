from decimal import Decimal

from odoo import api, fields, models

from ..tools import merit


class BscRaise(models.Model):
    """What is known of a person on the effective date, and what comes out of it."""

    _inherit = "bsc.raise"

    @api.model
    def _prepare_people(self, batch, employees):
        """Return the values of one line for each employee, read for all at once."""
        day = batch.date_effective
        ranges = self.env["bsc.pay.range"]._find_by_job(batch.company_id, day)
        cards = self.env["bsc.scorecard"].search(
            [
                ("cycle_id", "=", batch.cycle_id.id),
                ("published_date", "!=", False),
                ("employee_id", "in", employees.ids),
            ]
        )
        card_of = {card.employee_id: card for card in cards}
        return [
            self._prepare_person(
                batch,
                employee,
                employee._get_version(day),
                card_of.get(employee, cards.browse()),
                ranges,
            )
            for employee in employees
        ]

    @api.model
    def _prepare_person(self, batch, employee, version, card, ranges):
        pay = ranges.get(version.job_id.id) or ranges.get(False)
        low, mid, high = pay._get_monthly() if pay else (0.0, 0.0, 0.0)
        start = self._get_start(employee)
        calendar = version.resource_calendar_id
        rate = calendar.work_time_rate / 100 if calendar else 1.0
        return {
            "batch_id": batch.id,
            "employee_id": employee.id,
            "department_id": version.department_id.id,
            "job_id": version.job_id.id,
            "scorecard_id": card.id,
            "rating_id": card.rating_id.id,
            "range_id": pay.id if pay else False,
            "range_min": low,
            "range_mid": mid,
            "range_max": high,
            "wage_old": version.wage,
            "work_rate": rate if 0 < rate <= 1 else 1.0,
            "proration": self._get_proration(batch, start),
            "obstacles": self._get_obstacles(batch, version, start),
        }

    @api.model
    def _get_start(self, employee):
        """Return since when the employee works here: his first contract, or version."""
        versions = employee.version_ids
        starts = [
            one.contract_date_start for one in versions if one.contract_date_start
        ]
        return min(starts or versions.mapped("date_version"))

    @api.model
    def _get_proration(self, batch, start):
        """Return the part of the cycle that was worked, in begun months."""
        cycle = batch.cycle_id
        if not batch.policy_id.prorate or start <= cycle.date_from:
            return 1.0
        whole = _count_months(cycle.date_from, cycle.date_to) + 1
        return max(_count_months(start, cycle.date_to) + 1, 0) / whole

    @api.model
    def _get_obstacles(self, batch, version, start):
        """Return why the person is not eligible, as codes."""
        day, found = batch.date_effective, []
        if fields.Date.add(start, months=batch.policy_id.months_employed) > day:
            found.append("new")
        if version.contract_date_end and version.contract_date_end < day:
            found.append("leaving")
        if not version.wage or version.wage < 0:
            found.append("no_wage")
        return found

    def _as_person(self, bands):
        """Return the line as ``tools/merit.py`` takes it."""
        self.ensure_one()
        pay = None
        if self.range_mid:
            pay = merit.Range(
                *(_exact(x) for x in (self.range_min, self.range_mid, self.range_max))
            )
        obstacles = list(self.obstacles or [])
        if self.is_excluded:
            obstacles.append("left_out")
        if not self.rating_id:
            bands = ()
        elif not bands:
            obstacles.append("no_cell")
        return merit.Person(
            self.id,
            _exact(self.wage_old),
            bands,
            pay,
            _exact(self.work_rate),
            _exact(self.proration),
            _exact(self.percent_manual) if self.is_manual else None,
            tuple(obstacles),
        )

    def _store_award(self, person, wish, funding):
        """Write what came out for one person, if it is something new."""
        self.ensure_one()
        amount, months = funding.amounts[self.id], self.batch_id.months
        reasons = list(wish.reasons)
        if wish.raw and funding.factor != 1:
            at_minimum = self.id in funding.at_minimum
            reasons.append("at_minimum" if at_minimum else "cut")
        base, lump = amount, merit.ZERO
        if self.kind == "bonus":
            base, lump = merit.ZERO, amount
        elif person.range:
            maximum = person.range.high * person.work_rate
            base, lump = merit.split(person.salary, amount, maximum)
            if amount and not base:
                reasons.append("at_maximum")
            elif lump:
                reasons.append("above_maximum")
            lump *= months
        yearly = months if self.kind == "raise" else 1
        cap = _exact(self.batch_id.policy_id.cap)
        months_of_wage = _exact(self.batch_id.policy_id.bonus_months or 1)
        reference = person.salary * (1 if self.kind == "raise" else months_of_wage)
        self._write_changed(
            {
                "compa_ratio": float(wish.compa_ratio or 0),
                "penetration": float(wish.penetration or 0),
                "percent_min": float(wish.band.low) if wish.band else 0.0,
                "percent_grid": float(wish.band.default) if wish.band else 0.0,
                "percent_max": float(wish.band.high) if wish.band else 0.0,
                "percent": float(amount * 100 / reference) if reference else 0.0,
                "amount_raw": float(wish.raw),
                "base": float(base),
                "lump": float(lump),
                "wage_new": float(person.salary + base),
                "cost": float(base * months + lump),
                "cost_raw": float(wish.raw * yearly),
                "is_over_cap": merit.exceeds(amount, reference, cap),
                "reasons": reasons,
            }
        )

    def _write_changed(self, vals):
        """Write the values that differ: most lines stay as they are."""
        changed = {
            name: value
            for name, value in vals.items()
            if self._fields[name].convert_to_cache(value, self)
            != self._fields[name].convert_to_cache(self[name], self)
        }
        if changed:
            self.write(changed)

    @api.depends("reasons")
    def _compute_explanation(self):
        texts = self._get_reason_texts()
        for line in self:
            line.explanation = " ".join(
                texts.get(reason, reason) for reason in line.reasons or []
            )

    def _get_reason_texts(self):
        return {
            "new": self.env._("Not eligible: too short a time in the company."),
            "leaving": self.env._("Not eligible: the contract ends before."),
            "no_wage": self.env._("Not eligible: no wage is known."),
            "left_out": self.env._("Left out by hand."),
            "no_cell": self.env._("The policy says nothing on this rating: zero."),
            "unrated": self.env._("Without a published rating: zero."),
            "no_range": self.env._("No pay range: taken as paid at the midpoint."),
            "by_hand": self.env._("Percentage chosen by hand."),
            "outside": self.env._("Outside the cell of the grid."),
            "prorated": self.env._("Only the part of the cycle that was worked."),
            "cell_zero": self.env._(
                "The grid gives nothing for this rating and place."
            ),
            "cut": self.env._("Cut to fit the pool."),
            "at_minimum": self.env._("Kept at the minimum of the grid."),
            "at_maximum": self.env._("At the maximum of the pay range: paid once."),
            "above_maximum": self.env._("What passes the maximum is paid once."),
        }


def _exact(value):
    return Decimal(str(value or 0.0))


def _count_months(first, last):
    return (last.year - first.year) * 12 + last.month - first.month
