from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_amount

from .performance_budget_round import PREPARING


class PerformanceBudgetRoundFrame(models.Model):
    """What management gives a department and all below it, in all or on a position."""

    _name = "performance.budget.round.frame"
    _description = "Budget Frame"
    _order = "round_id desc, department_id, position_id, id"
    _rec_name = "department_id"
    _check_company_auto = True

    round_id = fields.Many2one(
        "performance.budget.round", required=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(related="round_id.state")
    company_id = fields.Many2one(
        related="round_id.company_id", store=True, precompute=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    department_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="With all departments below it. Empty: the whole company.",
    )
    position_id = fields.Many2one(
        "performance.budget.position",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        help="With all positions below it. Empty: whatever the department spends on.",
    )
    is_mine = fields.Boolean(
        compute="_compute_is_mine", search="_search_is_mine", string="My Departments"
    )
    amount = fields.Monetary(string="Frame", required=True)
    note = fields.Char(string="Reason")

    _amount_in_range = models.Constraint(
        "CHECK (amount BETWEEN 0 AND 1000000000000)",
        "A frame is zero or more, and below a million million.",
    )
    _key_uniq = models.UniqueIndex(
        "(round_id, COALESCE(department_id, 0), COALESCE(position_id, 0))",
        "This department has a frame for this position already.",
    )

    @api.depends("department_id", "position_id")
    def _compute_display_name(self):
        for frame in self:
            name = frame.department_id.name or self.env._("Whole company")
            if frame.position_id:
                name = f"{name} · {frame.position_id.name}"
            frame.display_name = name

    @api.depends("department_id", "round_id.state")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        headed = self.env["hr.department"]._get_headed()
        for frame in self:
            asked = frame.round_id.state not in PREPARING
            frame.is_mine = asked and frame.department_id in headed

    def _search_is_mine(self, operator, value):
        Proposal = self.env["performance.budget.proposal"]
        return Proposal._search_is_mine(operator, value)

    @api.model_create_multi
    def create(self, vals_list):
        frames = super().create(vals_list)
        frames._check_open()
        frames.round_id._get_current_lines()._assess()
        return frames

    def write(self, vals):
        self._check_open()
        result = super().write(vals)
        self._check_open()
        self.round_id._get_current_lines()._assess()
        return result

    def unlink(self):
        self._check_open()
        rounds = self.round_id
        result = super().unlink()
        rounds._get_current_lines()._assess()
        return result

    def _check_open(self):
        """:raise UserError: the levels decide, or have decided"""
        self.round_id._check_state("draft", "frames", "proposing", "consolidation")

    @api.constrains("position_id", "department_id", "round_id")
    def _check_positions(self):
        """:raise ValidationError: money of a position would stand in two frames"""
        for same in self.round_id.frame_ids.grouped(
            lambda frame: (frame.round_id, frame.department_id)
        ).values():
            framed = same.position_id
            for frame in same.filtered("position_id"):
                above = frame.position_id.parent_path.split("/")[:-2]
                if set(map(str, framed.ids)) & set(above):
                    raise ValidationError(
                        self.env._(
                            "“%s” lies below a position that has a frame in this"
                            " department already: keep one of them.",
                            frame.position_id.name,
                        )
                    )

    def _check_tree(self):
        """:raise ValidationError: the frames below a department pass its own"""
        totals = {
            (frame.round_id, frame.department_id): frame.amount
            for frame in self.filtered(lambda frame: not frame.position_id)
        }
        for (budget_round, department), amount in totals.items():
            below = [
                frame
                for (of_round, other), frame in totals.items()
                if of_round == budget_round
                and other != department
                and self._get_framed_above(other, budget_round, totals) == department
            ]
            currency = budget_round.currency_id
            if currency.compare_amounts(sum(below), amount) > 0:
                raise ValidationError(
                    self.env._(
                        "The frames below “%(department)s” come to %(below)s, more than"
                        " its own %(amount)s: lower them or raise the upper one.",
                        department=department.name or self.env._("Whole company"),
                        below=format_amount(self.env, sum(below), currency),
                        amount=format_amount(self.env, amount, currency),
                    )
                )

    @api.model
    def _get_framed_above(self, department, budget_round, totals):
        """Return the nearest department above that has a frame, empty: the company."""
        above = department.parent_id
        while above and (budget_round, above) not in totals:
            above = above.parent_id
        return above
