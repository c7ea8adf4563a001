from odoo import api, fields, models
from odoo.exceptions import AccessError


class HrDepartment(models.Model):
    _inherit = "hr.department"

    cost_centre_id = fields.Many2one(
        "account.analytic.account",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Analytic account of the department. Claims of its people go there.",
    )

    _cost_centre_uniq = models.Constraint(
        "UNIQUE (cost_centre_id)", "This cost centre belongs to another department."
    )

    def action_create_cost_centre(self):
        """Give each department its cost centre.

        :raise AccessError: for anybody but finance
        """
        if not self.env.user.has_group("budget_performance.group_budget_officer"):
            raise AccessError(self.env._("Cost centres are created by finance."))
        self._ensure_cost_centre()

    @api.model
    def _get_by_cost_centre(self, accounts=None):
        """Return ``{analytic account id: department}``, of all or of some accounts."""
        if accounts is None:
            domain = [("cost_centre_id", "!=", False)]
        else:
            domain = [("cost_centre_id", "in", accounts.ids)]
        # sudo: a budget line shows its department to people outside HR and finance
        departments_sudo = self.sudo().with_context(active_test=False).search(domain)
        return {
            department.cost_centre_id.id: department.sudo(False)
            for department in departments_sudo
        }

    def _ensure_cost_centre(self):
        """Return the cost centres of the departments; create those that are missing."""
        missing = self.filtered(lambda department: not department.cost_centre_id)
        if missing:
            plan = self._get_cost_centre_plan()
            accounts = self.env["account.analytic.account"].create(
                [
                    {
                        "name": department.name,
                        "plan_id": plan.id,
                        "company_id": department.company_id.id,
                    }
                    for department in missing
                ]
            )
            for department, account in zip(missing, accounts, strict=True):
                # sudo: finance prepares the budget without being HR
                department.sudo().cost_centre_id = account
        return self.cost_centre_id

    @api.model
    def _get_cost_centre_plan(self):
        """Return the analytic plan of the departments, created on first use."""
        plan = self.env.ref(
            "budget_performance.analytic_plan_cost_centre", raise_if_not_found=False
        )
        if plan:
            return plan
        # sudo: a finance officer needs a department's cost centre, not the right to
        # make plans
        plan = (
            self.env["account.analytic.plan"]
            .sudo()
            .create({"name": self.env._("Cost Centres")})
        )
        # sudo: so that the plan is found again; people write no references
        self.env["ir.model.data"].sudo().create(
            {
                "module": "budget_performance",
                "name": "analytic_plan_cost_centre",
                "model": plan._name,
                "res_id": plan.id,
                "noupdate": True,
            }
        )
        return plan.sudo(False)
