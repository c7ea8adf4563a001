from odoo import Command, api, models
from odoo.exceptions import UserError

BATCH = 250


class BscCycle(models.Model):
    """Scorecards for everybody: prepared in batches, as often as one likes.

    Company, departments and posts are few and made at once. People follow in the
    background, a batch per transaction, until everybody whose post has a scorecard
    with lines has one. Nothing is made twice, nothing existing is touched.

    Posts and departments start from the indicators assigned to them, people from the
    scorecard of their post; else the scorecard of the previous cycle is taken over. The
    company's first one has its active enterprise indicators.
    """

    _inherit = "bsc.cycle"

    def action_generate(self):
        """Make the missing scorecards of company, departments and posts now, of the
        people in the background.

        :raise UserError: outside the planning stage, or by somebody without the right
        """
        self.check_access("write")
        for cycle in self:
            if cycle.state not in ("plan", "coach"):
                raise UserError(
                    self.env._(
                        "“%s” is being assessed: new scorecards belong to the next"
                        " cycle.",
                        cycle.name,
                    )
                )
            cycle._generate_structure()
        # The flag is closed to clients; the rights were checked above.
        cycles_sudo = self.sudo()
        cycles_sudo.is_generating = True
        cron = self.env.ref("bsc_appraisal.ir_cron_bsc_generate")
        cron.sudo()._trigger()  # a person who generates does not administer cron jobs

    @api.model
    def _cron_generate(self):
        """Make the scorecards of people, a batch per commit, as long as time allows."""
        for cycle in self.search([("is_generating", "=", True)]):
            while employees := cycle._find_pending_employees(BATCH):
                cycle._generate_employees(employees)
                remaining = self.env["hr.employee"].search_count(
                    cycle._get_pending_employee_domain()
                )
                if not self.env["ir.cron"]._commit_progress(
                    len(employees), remaining=remaining
                ):
                    return
            cycle.is_generating = False
            self.env["bsc.scorecard"]._ask_appraisers(cycle)
            cycle.message_post(body=self.env._("All scorecards are prepared."))
            self.env["ir.cron"]._commit_progress()

    def _get_pending_employee_domain(self):
        """Return the people whose post has a scorecard and who have none.

        An addon that leaves people out (joined too late, on leave) narrows it here.
        """
        self.ensure_one()
        # sudo: who may generate is checked by the action
        cards_sudo = self.sudo().scorecard_ids
        jobs = cards_sudo.filtered(
            lambda card: card.subject_kind == "job" and card.line_ids
        ).job_id
        taken = cards_sudo._search(
            [("cycle_id", "=", self.id), ("subject_kind", "=", "employee")]
        )
        return [
            ("company_id", "=", self.company_id.id),
            ("job_id", "in", jobs.ids),
            ("id", "not in", taken.subselect("employee_id")),
        ]

    def _find_pending_employees(self, limit):
        return self.env["hr.employee"].search(
            self._get_pending_employee_domain(), limit=limit, order="id"
        )

    def _generate_structure(self):
        """Make the scorecards of the company, its departments and their posts."""
        # sudo: an appraisal officer need not read departments and posts elsewhere
        company = self.company_id
        # sudo: see above
        departments = (
            self.env["hr.department"]
            .sudo()
            .search([("company_id", "=", company.id)], order="id")
        )
        jobs = self._find_posts()
        self._create_cards([{"subject_kind": "company"}])
        self._create_cards(
            [
                {"subject_kind": "department", "department_id": department.id}
                for department in departments
            ]
        )
        self._create_cards(
            [{"subject_kind": "job", "job_id": job.id} for job in jobs],
        )

    def _find_posts(self):
        """Return the posts that say what their people are measured by."""
        assigned = self.env["bsc.indicator.assignment"].search(
            [("company_id", "=", self.company_id.id), ("job_id", "!=", False)]
        )
        # sudo: who may generate is checked by the action
        before_sudo = self.sudo().previous_id.scorecard_ids
        return (assigned.sudo().job_id | before_sudo.job_id).filtered(
            "active"
        )  # as above

    def _generate_employees(self, employees):
        cards = self._create_cards(
            [
                {"subject_kind": "employee", "employee_id": employee.id}
                for employee in employees
            ]
        )
        cards._ask_subjects()

    def _create_cards(self, subjects):
        """Create the scorecards that are missing, with lines, people and parents."""
        Card_sudo = self.env["bsc.scorecard"].sudo()  # rights: see action_generate
        wanted = {Card_sudo._get_subject_key(vals): vals for vals in subjects}
        existing = Card_sudo.search(
            [("cycle_id", "=", self.id), ("subject_key", "in", list(wanted))]
        )
        for card in existing:
            wanted.pop(card.subject_key)
        lines = self._prepare_lines(wanted)
        return Card_sudo.create(
            [
                {
                    **vals,
                    "cycle_id": self.id,
                    "line_ids": [Command.create(line) for line in lines[key]],
                }
                for key, vals in wanted.items()
            ]
        )

    def _prepare_lines(self, wanted) -> dict[str, list[dict]]:
        """Return the values of the first lines by subject key."""
        Card_sudo = self.env["bsc.scorecard"].sudo()
        previous = {
            card.subject_key: card
            for card in Card_sudo.search(
                [
                    ("cycle_id", "=", self.previous_id.id),
                    ("subject_key", "in", list(wanted)),
                ]
            )
        }
        posts = {
            card.job_id.id: card
            for card in Card_sudo.search(
                [("cycle_id", "=", self.id), ("subject_kind", "=", "job")]
            )
        }
        templates = {card: card.line_ids._prepare_copies() for card in posts.values()}
        # sudo: an appraisal officer need not be in the HR application
        employees = (
            self.env["hr.employee"]
            .sudo()
            .browse(
                vals["employee_id"]
                for vals in wanted.values()
                if vals.get("employee_id")
            )
        )
        job_of = {employee.id: employee.job_id.id for employee in employees}
        assigned = self._prepare_assigned_lines()
        prepared = {}
        for key, vals in wanted.items():
            if vals["subject_kind"] == "employee":
                template = posts.get(job_of[vals["employee_id"]])
                prepared[key] = templates.get(template, [])
            elif key in assigned:
                prepared[key] = assigned[key]
            elif key in previous:
                prepared[key] = previous[key].line_ids._prepare_copies()
            elif vals["subject_kind"] == "company":
                prepared[key] = self._prepare_company_lines()
            else:
                prepared[key] = []
        return prepared

    def _prepare_assigned_lines(self) -> dict[str, list[dict]]:
        """Return the values of lines of posts and departments by subject key."""
        lines = {}
        for assignment in self.env["bsc.indicator.assignment"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("indicator_id.state", "=", "active"),
            ]
        ):
            job, department = assignment.job_id, assignment.department_id
            key = f"job:{job.id}" if job else f"department:{department.id}"
            lines.setdefault(key, []).append(
                {
                    "indicator_id": assignment.indicator_id.id,
                    "sequence": assignment.sequence,
                    "weight": assignment.weight,
                }
            )
        return lines

    def _prepare_company_lines(self):
        indicators = self.env["bsc.indicator"].search(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "=", "active"),
                ("level", "=", "enterprise"),
            ]
        )
        return [
            {"indicator_id": indicator.id, "weight": indicator.displayed_weight}
            for indicator in indicators
            if indicator.displayed_weight
        ]
