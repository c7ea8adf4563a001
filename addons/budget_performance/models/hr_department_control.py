from odoo import api, models


class HrDepartment(models.Model):
    """What control rules know of departments: whose cost centre lies below whose."""

    _inherit = "hr.department"

    @api.model_create_multi
    def create(self, vals_list):
        # EXTENDS 'hr': a new department may lie below the one that a rule is for
        self._clear_control_rules(*vals_list)
        return super().create(vals_list)

    def write(self, vals):
        # EXTENDS 'hr'
        self._clear_control_rules(vals)
        return super().write(vals)

    def unlink(self):
        # EXTENDS 'hr'
        self.env["performance.budget.cached"]._clear_cached()
        return super().unlink()

    @api.model
    def _clear_control_rules(self, *vals_list):
        """Forget the cached rules when the tree of cost centres changes."""
        if any({"parent_id", "cost_centre_id"} & vals.keys() for vals in vals_list):
            self.env["performance.budget.cached"]._clear_cached()

    @api.model
    def _get_centres_below(self, accounts):
        """Return what each analytic account stands for.

        The cost centre of a department stands for those of all departments below it,
        archived ones included: their money was spent. Any other account stands for
        itself.

        :return: ``{account id: frozenset of account ids}``
        """
        result = {account.id: frozenset(account.ids) for account in accounts}
        departments = self._get_by_cost_centre(accounts)
        if not departments:
            return result
        # sudo: rules bind people who cannot read departments
        Department_sudo = self.sudo().with_context(active_test=False)
        for account_id, department in departments.items():
            below_sudo = Department_sudo.search([("id", "child_of", department.id)])
            result[account_id] |= frozenset(below_sudo.cost_centre_id.ids)
        return result
