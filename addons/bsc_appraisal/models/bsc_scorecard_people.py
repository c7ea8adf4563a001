from odoo import api, fields, models


class BscScorecard(models.Model):
    """Who stands behind a scorecard, and where it stands in the cascade."""

    _inherit = "bsc.scorecard"

    reporting_department_id = fields.Many2one(
        "hr.department",
        string="Belongs to Department",
        compute="_compute_people",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        help="The department, or that of the employee when the scorecard was made.",
    )
    responsible_id = fields.Many2one(
        "res.users",
        compute="_compute_people",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        help="Speaks for the subject: the employee, or the head of the department.",
    )
    appraiser_id = fields.Many2one(
        "res.users",
        compute="_compute_people",
        store=True,
        compute_sudo=True,
        index="btree_not_null",
        help="Agrees on the targets and appraises: the superior when the scorecard was"
        " made.",
    )

    _appraiser_is_another = models.Constraint(
        "CHECK (appraiser_id != responsible_id)",
        "Nobody appraises himself: appraiser and responsible are two people.",
    )

    @api.depends("employee_id", "department_id", "subject_kind", "cycle_id")
    def _compute_people(self):
        """Freeze who answers and who appraises: later moves of people do not hand a
        running scorecard to somebody else.
        """
        for card in self:
            subject, superior = card._get_people()
            card.responsible_id = subject
            card.appraiser_id = superior - subject
            card.reporting_department_id = (
                card.department_id or card.employee_id.department_id
            )

    def _get_possible_followers(self):
        # sudo: the responsible person of the cycle
        lead = self.sudo().cycle_id.responsible_id
        return lead | self.responsible_id | self.appraiser_id

    def _get_people(self):
        """Return (who speaks for the subject, who is above), either may be empty."""
        manager = self.cycle_id.responsible_id
        if self.subject_kind == "employee":
            employee = self.employee_id
            return employee.user_id, employee.parent_id.user_id or manager
        if self.subject_kind == "department":
            head = self.department_id.manager_id
            superior = self.department_id.parent_id.manager_id - head
            return head.user_id, (superior or head.parent_id).user_id or manager
        return self.env["res.users"], manager

    def _assign_parent(self):
        """Let people serve their department, departments the one above, then the
        company.
        """
        # sudo: a scorecard has its place in the cascade whoever makes it
        cards_sudo = self.sudo()
        above = {
            (card.cycle_id, card.subject_key): card
            for card in cards_sudo.search(
                [
                    ("cycle_id", "in", self.cycle_id.ids),
                    ("subject_kind", "in", ("company", "department")),
                ]
            )
        }
        for card in cards_sudo.filtered(
            lambda card: card.subject_kind in ("employee", "department")
        ):
            department = card.reporting_department_id
            if card.subject_kind == "department":
                department = department.parent_id
            parent = above.get(
                (card.cycle_id, f"department:{department.id}")
            ) or above.get((card.cycle_id, "company"))
            if parent and parent != card:
                card.parent_id = parent
