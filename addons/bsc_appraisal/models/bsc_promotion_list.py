from odoo import api, fields, models
from odoo.exceptions import UserError


class BscPromotionList(models.Model):
    """Who could get a post, with every condition and why not."""

    _name = "bsc.promotion.list"
    _description = "Promotion Eligibility List"
    _order = "id desc"
    _check_company_auto = True

    _PROTECTED = frozenset({"date_computed", "candidate_ids"})

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    job_id = fields.Many2one(
        "hr.job", string="Post", required=True, check_company=True, index=True
    )
    department_id = fields.Many2one(
        "hr.department",
        string="In Department",
        compute="_compute_department",
        store=True,
        readonly=False,
        check_company=True,
        help="Where the post is. Empty: people stay in their department.",
    )
    scope_id = fields.Many2one(
        "hr.department",
        string="People Of",
        check_company=True,
        help="Only people of this department and those below. Empty: of the company.",
    )
    date_effective = fields.Date(
        string="From",
        required=True,
        default=lambda self: fields.Date.start_of(
            fields.Date.add(fields.Date.context_today(self), months=1), "month"
        ),
    )
    candidate_ids = fields.One2many("bsc.promotion.candidate", "list_id", readonly=True)
    candidate_count = fields.Integer(compute="_compute_counts")
    eligible_count = fields.Integer(string="Eligible", compute="_compute_counts")
    date_computed = fields.Datetime(string="Computed On", readonly=True, copy=False)

    @api.depends("job_id.name", "date_effective")
    def _compute_name(self):
        for listing in self:
            listing.name = f"{listing.job_id.name or ''} · {listing.date_effective}"

    @api.depends("name")
    def _compute_display_name(self):
        for listing in self:
            listing.display_name = listing.name

    @api.depends("job_id")
    def _compute_department(self):
        for listing in self:
            listing.department_id = listing.job_id.department_id

    @api.depends("candidate_ids.is_eligible")
    def _compute_counts(self):
        for listing in self:
            listing.candidate_count = len(listing.candidate_ids)
            listing.eligible_count = len(listing.candidate_ids.filtered("is_eligible"))

    def write(self, vals):
        res = super().write(vals)
        if vals.keys() & {"job_id", "scope_id", "date_effective"}:
            # sudo: what was computed is about something else now
            self.sudo().candidate_ids.unlink()
            self.sudo().date_computed = False  # as above
        return res

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_compute(self):
        """Look at everybody in scope anew."""
        self.check_access("write")
        for listing in self.sudo():  # reads results, versions and skills of everybody
            listing._compute_candidates()

    def _compute_candidates(self):
        employees = self.env["hr.employee"].search(self._get_scope_domain())
        if not employees:
            raise UserError(
                self.env._("Nobody is in scope: choose another department.")
            )
        rule = self.env["bsc.promotion.rule"]._find(self.company_id, self.job_id)
        judged = rule._judge(employees, self.job_id, self.date_effective)
        last = {card.employee_id: card for card in rule._get_published_cards(employees)}
        self.candidate_ids.unlink()
        self.env["bsc.promotion.candidate"].create(
            [
                {
                    "list_id": self.id,
                    "employee_id": employee.id,
                    "scorecard_id": last[employee].id if employee in last else False,
                    "conditions": [list(one) for one in conditions],
                    "missing_count": sum(not one.met for one in conditions),
                }
                for employee, conditions in judged.items()
            ]
        )
        self.date_computed = fields.Datetime.now()

    def _get_scope_domain(self):
        domain = [
            ("company_id", "=", self.company_id.id),
            ("job_id", "!=", self.job_id.id),
        ]
        if self.scope_id:
            domain.append(("department_id", "child_of", self.scope_id.id))
        return domain
