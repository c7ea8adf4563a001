from odoo import api, models


class HrDepartment(models.Model):
    """Who speaks for a department when the next budget is planned."""

    _inherit = "hr.department"

    def write(self, vals):
        result = super().write(vals)
        if "manager_id" in vals:
            self._pass_proposals_on()
        return result

    def _pass_proposals_on(self):
        """Ask a new head for what the one before was asked to propose."""
        # sudo: whoever changes a head need not plan budgets
        proposals_sudo = (
            self.env["performance.budget.proposal"]
            .sudo()
            .search(
                [
                    ("department_id", "in", self.ids),
                    ("is_current", "=", True),
                    ("state", "=", "draft"),
                    ("round_id.state", "in", ("proposing", "consolidation")),
                ]
            )
        )
        for proposal_sudo in proposals_sudo:
            head_sudo = proposal_sudo.department_id.manager_id.user_id
            if head_sudo and head_sudo != proposal_sudo.user_id:
                proposal_sudo.activity_unlink(["mail.mail_activity_data_todo"])
                proposal_sudo.user_id = head_sudo
                proposal_sudo._ask_head()

    @api.model
    def _get_headed(self):
        """Return the departments that the user leads, with all below them."""
        # sudo: who leads which department is looked up for people outside HR
        led_sudo = self.sudo().search([("manager_id.user_id", "=", self.env.uid)])
        return (
            self.sudo().search([("id", "child_of", led_sudo.ids)]).sudo(False)
        )  # as above
