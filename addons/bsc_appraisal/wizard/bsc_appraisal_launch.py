from odoo import api, fields, models
from odoo.exceptions import UserError

LISTED = 100


class BscAppraisalLaunch(models.TransientModel):
    """Starts the appraisals of a department in one step, and says who is left out."""

    _name = "bsc.appraisal.launch"
    _description = "Start Appraisals"

    cycle_id = fields.Many2one(
        "bsc.cycle",
        required=True,
        default=lambda self: self._get_default_cycle(),
        domain=[
            "|",
            ("state", "in", ("plan", "coach")),
            *("&", ("form", "=", "short"), ("state", "=", "assess")),
        ],
    )
    company_id = fields.Many2one(related="cycle_id.company_id")
    form = fields.Selection(related="cycle_id.form")
    department_id = fields.Many2one(
        "hr.department", domain="[('company_id', 'in', (company_id, False))]"
    )
    with_children = fields.Boolean(string="And Those Below", default=True)
    job_ids = fields.Many2many(
        "hr.job",
        string="Only Posts",
        domain="[('company_id', 'in', (company_id, False))]",
        help="Empty: all posts of the department.",
    )
    new_count = fields.Integer(string="To Start", compute="_compute_people")
    new_names = fields.Text(string="Who", compute="_compute_people")
    known_count = fields.Integer(string="Started Before", compute="_compute_people")
    left_out_count = fields.Integer(string="Left Out", compute="_compute_people")
    left_out_text = fields.Text(string="Why", compute="_compute_people")

    @api.model
    def _get_default_cycle(self):
        """Return the latest cycle that still takes people."""
        return self.env["bsc.cycle"].search(
            [("state", "in", ("plan", "coach"))], limit=1
        )

    @api.depends("cycle_id", "department_id", "with_children", "job_ids")
    def _compute_people(self):
        for launch in self:
            new, known, obstacles = launch._sort_people()
            launch.new_count = len(new)
            launch.new_names = launch._list_lines(new.mapped("name"))
            launch.known_count = len(known)
            launch.left_out_count = len(obstacles)
            launch.left_out_text = launch._list_lines(
                f"{employee.name} {launch.cycle_id._describe_obstacle(*why)}"
                for employee, why in obstacles.items()
            )

    def action_launch(self):
        """Prepare what is missing and open the scorecards of the department.

        :raise UserError: no officer, the cycle takes nobody any more, or nobody is left
        """
        self.ensure_one()
        self.cycle_id.check_access("write")
        self._check_may_launch()
        new, known, _obstacles = self._sort_people()
        if not new:
            raise UserError(
                self.env._(
                    "Nobody is left to start: everybody has a scorecard already (%s),"
                    " or is listed as left out with what helps.",
                    len(known),
                )
            )
        # sudo: what is generated is closed to clients; the rights were checked above
        self.cycle_id.sudo()._launch(new)
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "bsc_appraisal.bsc_scorecard_action"
        )
        people = ("employee_id", "in", (new | known).ids)
        return {
            **action,
            "domain": [("cycle_id", "=", self.cycle_id.id), people],
            "context": {},
        }

    def _check_may_launch(self):
        if not self.env.user.has_group("bsc_appraisal.group_appraisal_officer"):
            raise UserError(self.env._("Appraisal officers start appraisals."))
        open_stages = ("plan", "coach")
        if self.form == "short":
            open_stages += ("assess",)
        if self.cycle_id.state not in open_stages:
            raise UserError(
                self.env._(
                    "“%s” is being assessed or over: choose the next cycle.",
                    self.cycle_id.name,
                )
            )

    def _sort_people(self):
        """Return (who is new, who has a scorecard, reasons by who is left out)."""
        # sudo: HR officers need not be in the HR app; names and superiors are shown
        employees_sudo = self.env["hr.employee"].sudo()
        if not self.cycle_id or not self.department_id:
            return employees_sudo, employees_sudo, {}
        operator = "child_of" if self.with_children else "in"
        domain = [
            ("company_id", "=", self.company_id.id),
            ("department_id", operator, self.department_id.ids),
        ]
        if self.job_ids:
            domain.append(("job_id", "in", self.job_ids.ids))
        employees_sudo = employees_sudo.search(domain, order="name, id")
        cycle_sudo = self.cycle_id.sudo()  # who has a scorecard, not what it says
        known = cycle_sudo.scorecard_ids.employee_id & employees_sudo
        new = employees_sudo - known
        obstacles = self.cycle_id._find_obstacles(new)
        return new.filtered(lambda one: one not in obstacles), known, obstacles

    def _list_lines(self, lines) -> str:
        lines = list(lines)
        more = [self.env._("… and %s more", len(lines) - LISTED)]
        return "\n".join(lines[:LISTED] + (more if len(lines) > LISTED else []))
