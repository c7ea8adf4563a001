from odoo import fields, models

from odoo.addons.bsc_appraisal.models.bsc_bonus import PAY

# By kind, the code of the input and of the rule.
CODES = {"bonus": "BSC_BONUS", "lump": "BSC_LUMP"}


class BscBonus(models.Model):
    """A sum is paid by the payslip that took it, once."""

    _inherit = "bsc.bonus"

    payslip_id = fields.Many2one(
        "hr.payslip",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=PAY,
    )

    def _release(self):
        """Make due again what its payslip does not pay after all."""
        self.filtered(lambda bonus: bonus.state == "paid").write(
            {"state": "due", "date_paid": False}
        )
        self.payslip_id = False
