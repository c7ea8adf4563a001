from odoo import api, models


class HrDepartment(models.Model):
    """Who speaks for a department when the next budget is planned."""

    _inherit = "hr.department"

    @api.model
    def _get_headed(self):
        """Return the departments that the user leads, with all below them."""
        # sudo: who leads which department is looked up for people outside HR
        led_sudo = self.sudo().search([("manager_id.user_id", "=", self.env.uid)])
        return (
            self.sudo().search([("id", "child_of", led_sudo.ids)]).sudo(False)
        )  # as above
