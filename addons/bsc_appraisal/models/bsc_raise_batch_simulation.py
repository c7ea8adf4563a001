from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from odoo.addons.budget_performance.tools import money

from ..tools import merit


class BscRaiseBatch(models.Model):
    """Who gets what: gathered once for everybody, computed by ``tools/merit.py``."""

    _inherit = "bsc.raise.batch"

    def action_simulate(self):
        """List the people anew and compute what each would get.

        What was chosen by hand is kept for those who are still listed.
        """
        self._check_hr_manager()
        self._check_state("draft", "simulated")
        for batch_sudo in self.sudo():  # protected figures, checked above
            batch_sudo._do_simulate()

    def _do_simulate(self):
        self.ensure_one()
        if not self.cycle_id.published_date:
            raise UserError(
                self.env._(
                    "The results of “%s” are not published yet: raises follow published"
                    " ratings only.",
                    self.cycle_id.name,
                )
            )
        self.months = self._count_months()
        kept = {line.employee_id: line for line in self.line_ids}
        people = self._find_people()
        self.line_ids.filtered(lambda line: line.employee_id not in people).unlink()
        vals_list = self.env["bsc.raise"]._prepare_people(self, people)
        new = []
        for vals in vals_list:
            line = kept.get(self.env["hr.employee"].browse(vals["employee_id"]))
            if line:
                line._write_changed(vals)
            else:
                new.append(vals)
        self.env["bsc.raise"].create(new)
        self._fund()
        self.state = "simulated"

    def _find_people(self):
        domain = [("company_id", "=", self.company_id.id)]
        if self.department_ids:
            domain.append(("department_id", "child_of", self.department_ids.ids))
        return self.env["hr.employee"].search(domain, order="id")

    def _fund(self):
        """Compute every line from what is gathered, and cut it to the pool."""
        self.ensure_one()
        unit = money.unit(self.currency_id.decimal_places)
        lines = {line.id: line for line in self.line_ids}
        bands = self._get_bands()
        people = {
            line.id: line._as_person(bands.get(line.rating_id, ()))
            for line in lines.values()
        }
        pool = Decimal(str(self.pool_amount)) / self.months
        try:
            wishes = [self._wish(lines[key], person) for key, person in people.items()]
            funding = merit.fund(
                wishes, pool, self.policy_id.method == "minimums", unit
            )
        except merit.MeritError as error:
            raise UserError(self._explain_merit_error(error)) from None
        self.factor = float(funding.factor)
        for wish in wishes:
            lines[wish.key]._store_award(people[wish.key], wish, funding)

    def _wish(self, line, person):
        """Return the wish of a person: by the grid, or by the formula of a bonus."""
        wish = merit.wish_of(person)
        if self.kind == "raise" or not wish.band:
            return wish
        return line._wish_bonus(wish)

    def _get_bands(self):
        """Return ``{grade: bands}`` of the policy."""
        return {
            grade: tuple(
                merit.Band(
                    *(
                        Decimal(str(value))
                        for value in (
                            cell.ratio_from,
                            cell.percent_min,
                            cell.percent_default,
                            cell.percent_max,
                        )
                    )
                )
                for cell in cells
            )
            for grade, cells in self.policy_id.cell_ids.grouped("grade_id").items()
        }

    def _explain_merit_error(self, error):
        if error.code != "minimums":
            return self.env._("The pool or the grid cannot be used: %s.", error.code)
        return self.env._(
            "The minimums of the grid alone cost %(needed)s, the pool has %(pool)s."
            " Enlarge the pool, lower the minimums, or let the policy multiply"
            " everybody by the same factor.",
            needed=formatLang(
                self.env,
                float(error.needed * self.months),
                currency_obj=self.currency_id,
            ),
            pool=formatLang(self.env, self.pool_amount, currency_obj=self.currency_id),
        )
