from odoo import fields, models
from odoo.tools import SQL

from ..tools.hierarchy import circles

# Why somebody is not appraised, and what helps.
OBSTACLES = [
    ("archived", "Archived"),
    ("departed", "Has Left"),
    ("self", "Own Superior"),
    ("circle", "Superiors in a Circle"),
    ("no_superior", "Without Superior"),
    ("no_account", "Superior Without Account"),
    ("no_indicators", "Post Without Indicators"),
    ("cycle_over", "Cycle Is Over"),
]


class BscCycle(models.Model):
    """Who can be appraised in a cycle, who cannot and why, and the launch for some."""

    _inherit = "bsc.cycle"

    circle_names = fields.Char(
        compute="_compute_circle_names", compute_sudo=True, groups="base.group_user"
    )

    def _compute_circle_names(self):
        for cycle in self:
            people = self.env["hr.employee"].browse(cycle._find_circles())
            cycle.circle_names = ", ".join(people.mapped("name"))

    def _get_pending_employee_domain(self):
        """People who manage each other are left out: nobody could appraise them."""
        domain = super()._get_pending_employee_domain()
        return [*domain, ("id", "not in", list(self._find_circles()))]

    def _find_circles(self) -> dict[int, list[int]]:
        """Return the ids of the employees that are their own superior's superior, each
        with all the members of the circle.
        """
        # sudo: who is above whom is asked, not shown
        self.env["hr.employee"].sudo().flush_model(["parent_id", "active"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, parent_id FROM hr_employee"
                " WHERE active AND parent_id IS NOT NULL AND company_id = %s",
                self.company_id.id or None,
            )
        )
        return circles(dict(rows))

    def _find_obstacles(self, employees) -> dict:
        """Return (reason, names that belong to it) by employee who cannot be appraised.

        :param employees: ``hr.employee`` in sudo
        """
        members = self._find_circles()
        posts = self._find_launch_posts() if self.form == "full" else None
        today = fields.Date.context_today(self)
        found = {}
        for employee in employees:
            superior = employee.parent_id
            left = employee.departure_date
            same_user = employee.user_id and superior.user_id == employee.user_id
            if not employee.active:
                found[employee] = ("archived", "")
            elif left and left <= today:
                found[employee] = ("departed", "")
            elif superior == employee or same_user:
                found[employee] = ("self", "")
            elif employee.id in members:
                circle = employees.browse(members[employee.id])
                found[employee] = ("circle", ", ".join(circle.mapped("name")))
            elif not superior:
                found[employee] = ("no_superior", "")
            elif not superior.user_id:
                found[employee] = ("no_account", superior.name)
            elif posts is not None and employee.job_id not in posts:
                found[employee] = ("no_indicators", employee.job_id.name or "")
        return found

    def _find_launch_posts(self):
        """Return the posts that say what their people are measured by."""
        cards_sudo = self.sudo().scorecard_ids  # which posts, not what they say
        made = cards_sudo.filtered(
            lambda card: card.subject_kind == "job" and card.line_ids
        )
        return self._find_posts() | made.job_id

    def _describe_obstacle(self, reason, names="") -> str:
        """Say why somebody is left out, and what helps."""
        return {
            "archived": self.env._("is archived: nothing to do."),
            "departed": self.env._("has left the company: nothing to do."),
            "self": self.env._(
                "is their own superior, and nobody appraises himself: enter another"
                " superior."
            ),
            "circle": self.env._(
                "manages and is managed in a circle (%s): enter the right superior of"
                " one of them.",
                names,
            ),
            "no_superior": self.env._(
                "has no superior: enter one, or prepare the scorecard by hand."
            ),
            "no_account": self.env._(
                "cannot be appraised by %s, who has no user account: create it, or"
                " enter another superior.",
                names,
            ),
            "no_indicators": self.env._(
                "has a post without indicators (%s): assign some to the post, or use"
                " the short form.",
                names or self.env._("none"),
            ),
            "cycle_over": self.env._(
                "came too late: the cycle is being assessed or over. The next one"
                " follows."
            ),
        }.get(reason, "")

    def _launch(self, employees):
        """Prepare the missing scorecards of people with what they rest on, in sudo.

        Whoever calls it leaves out who cannot be appraised.

        :return: the new scorecards of the people
        """
        if self.form == "full":
            self._create_cards(
                [
                    {"subject_kind": "job", "job_id": job.id}
                    for job in employees.job_id & self._find_posts()
                ]
            )
        cards = self._create_cards(
            [
                {"subject_kind": "employee", "employee_id": employee.id}
                for employee in employees
            ]
        )
        if self.form == "short" and self.state == "assess":
            cards._prepare_assessments()
            cards.assessment_ids._ask()
            cards.is_asked = True
        elif self.form == "full":
            cards._ask_subjects()
            self.env["bsc.scorecard"]._ask_appraisers(self)
        return cards
