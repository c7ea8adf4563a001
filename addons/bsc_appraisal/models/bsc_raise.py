from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..tools import formula, merit
from .bsc_bonus import PAY


class BscRaise(models.Model):
    """What one person gets in a batch, why, and which version of him it became.

    Figures are written by the simulation and closed to everybody; HR managers choose a
    percentage inside the cell of the grid by hand, or leave somebody out, with a
    reason. The reasons are kept as codes and told in the reader's language.
    """

    _name = "bsc.raise"
    _description = "Raise or Bonus"
    _inherit = ["bsc.finite.mixin"]
    _order = "batch_id desc, department_id, employee_id"
    _rec_name = "employee_id"
    _check_company_auto = True

    _FINITE = ("percent_manual",)
    _MANUAL = frozenset({"is_manual", "percent_manual", "is_excluded", "note"})

    batch_id = fields.Many2one(
        "bsc.raise.batch", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="batch_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    batch_state = fields.Selection(
        related="batch_id.state", string="State of the Batch"
    )
    kind = fields.Selection(related="batch_id.kind", store=True)
    date_effective = fields.Date(related="batch_id.date_effective", store=True)
    employee_id = fields.Many2one(
        "hr.employee",
        required=True,
        readonly=True,
        index=True,
        check_company=True,
        ondelete="restrict",
    )
    department_id = fields.Many2one("hr.department", readonly=True, index=True)
    job_id = fields.Many2one("hr.job", string="Post", readonly=True)
    scorecard_id = fields.Many2one(
        "bsc.scorecard", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    rating_id = fields.Many2one("bsc.grade", readonly=True, ondelete="restrict")
    range_id = fields.Many2one(
        "bsc.pay.range", string="Pay Grade", readonly=True, ondelete="restrict"
    )
    wage_old = fields.Monetary(string="Wage", readonly=True, groups=PAY)
    range_mid = fields.Monetary(string="Midpoint", readonly=True, groups=PAY)
    range_min = fields.Monetary(string="Minimum", readonly=True, groups=PAY)
    range_max = fields.Monetary(string="Maximum", readonly=True, groups=PAY)
    work_rate = fields.Float(
        string="Work Time", digits=(5, 4), readonly=True, groups=PAY, aggregator="avg"
    )
    proration = fields.Float(
        string="Part of the Cycle", digits=(6, 4), readonly=True, aggregator="avg"
    )
    obstacles = fields.Json(readonly=True)
    reasons = fields.Json(readonly=True)
    compa_ratio = fields.Float(
        string="Compa-Ratio", digits=(6, 4), readonly=True, groups=PAY, aggregator="avg"
    )
    penetration = fields.Float(
        string="Place in the Range",
        digits=(6, 4),
        readonly=True,
        groups=PAY,
        aggregator="avg",
        help="0 % is the minimum of the range, 100 % its maximum.",
    )
    percent_min = fields.Float(
        string="Min %", digits=(5, 2), readonly=True, aggregator=None
    )
    percent_grid = fields.Float(
        string="Grid %", digits=(5, 2), readonly=True, aggregator="avg"
    )
    percent_max = fields.Float(
        string="Max %", digits=(5, 2), readonly=True, aggregator=None
    )
    is_manual = fields.Boolean(string="By Hand")
    percent_manual = fields.Float(string="Chosen %", digits=(5, 2), aggregator=None)
    is_excluded = fields.Boolean(string="Left Out")
    note = fields.Char(string="Why by Hand", help="For a chosen % or who is left out.")
    percent = fields.Float(
        string="Award %",
        digits=(8, 4),
        readonly=True,
        groups=PAY,
        aggregator="avg",
        help="Raise and lump sum of a month, in percent of the wage.",
    )
    amount_raw = fields.Monetary(string="By the Grid", readonly=True, groups=PAY)
    base = fields.Monetary(string="Raise a Month", readonly=True, groups=PAY)
    lump = fields.Monetary(
        string="Paid Once",
        readonly=True,
        groups=PAY,
        help="A bonus; or what passes the maximum of the pay range, for all the months"
        " that the pool pays.",
    )
    wage_new = fields.Monetary(string="New Wage", readonly=True, groups=PAY)
    cost = fields.Monetary(readonly=True, groups=PAY)
    cost_raw = fields.Monetary(string="Cost by the Grid", readonly=True, groups=PAY)
    is_over_cap = fields.Boolean(string="Above the Cap", readonly=True, groups=PAY)
    is_by_hand = fields.Boolean(compute="_compute_is_by_hand")
    explanation = fields.Char(compute="_compute_explanation", groups=PAY)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("approved", "Approved"),
            ("applied", "Applied"),
            ("failed", "Not Applied"),
            ("reversed", "Reversed"),
        ],
        required=True,
        default="draft",
        readonly=True,
        index=True,
        copy=False,
    )
    failure = fields.Char(string="Why Not", readonly=True, copy=False)
    version_id = fields.Many2one(
        "hr.version",
        string="Written As",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
    )

    _employee_uniq = models.UniqueIndex(
        "(batch_id, employee_id)", "Everybody is in a batch once."
    )
    _version_uniq = models.UniqueIndex(
        "(version_id) WHERE version_id IS NOT NULL", "A version stands for one raise."
    )

    @api.depends("employee_id", "kind", "date_effective")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for line in self:
            line.display_name = " · ".join(
                str(part)
                for part in (
                    labels.get(line.kind),
                    line.employee_id.name,
                    line.date_effective,
                )
                if part
            )

    @api.depends("is_manual", "is_excluded")
    def _compute_is_by_hand(self):
        for line in self:
            line.is_by_hand = line.is_manual or line.is_excluded

    @api.constrains("is_manual", "percent_manual", "is_excluded", "note")
    def _check_manual(self):
        for line in self.filtered("is_by_hand"):
            if not (line.note or "").strip():
                raise ValidationError(
                    self.env._("%s: say why you decide by hand.", line.employee_id.name)
                )
            low, high = line.percent_min, line.percent_max
            if line.is_manual and not low <= line.percent_manual <= high:
                raise ValidationError(
                    self.env._(
                        "%(person)s: choose from %(low)s %% to %(high)s %%, as the"
                        " policy says for this rating and place in the range.",
                        person=line.employee_id.name,
                        low=low,
                        high=high,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            raise UserError(
                self.env._("People are listed by the simulation, not by hand.")
            )
        return super().create(vals_list)

    def write(self, vals):
        if self.env.su or not self._MANUAL & vals.keys():
            return super().write(vals)
        for line in self:
            line.batch_id._check_state("draft", "simulated")
            if line.employee_id.user_id == self.env.user:
                raise UserError(
                    self.env._("Somebody else decides on your own raise and bonus.")
                )
        res = super().write(vals)
        for batch_sudo in self.batch_id.sudo():  # figures are closed to everybody
            if batch_sudo.state == "simulated":
                batch_sudo._fund()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if not self.env.su:
            raise UserError(
                self.env._(
                    "Nobody is deleted from a batch: leave him out, with a reason."
                )
            )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name not in self._MANUAL and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def _wish_bonus(self, wish):
        """Return the wish with the amount of a bonus instead of a monthly raise."""
        policy = self.batch_id.policy_id
        whole = Decimal(str(policy.bonus_months))
        if not policy.bonus_formula:
            return wish._replace(raw=wish.raw * whole, minimum=wish.minimum * whole)
        cycle = self.batch_id.cycle_id
        months = (cycle.date_to.year - cycle.date_from.year) * 12
        months += cycle.date_to.month - cycle.date_from.month + 1
        try:
            amount = formula.evaluate(
                policy.bonus_formula,
                {
                    "WAGE": self.wage_old,
                    "PERCENT": float(wish.percent),
                    "SCORE": self.scorecard_id.score,
                    "MONTHS": months * self.proration,
                },
            )
        except formula.FormulaError as error:
            raise UserError(
                self.env._(
                    "%(person)s: the formula of “%(policy)s” has no result (%(why)s).",
                    person=self.employee_id.name,
                    policy=policy.name,
                    why=str(error),
                )
            ) from None
        return wish._replace(
            raw=max(Decimal(str(amount)), merit.ZERO), minimum=merit.ZERO
        )
