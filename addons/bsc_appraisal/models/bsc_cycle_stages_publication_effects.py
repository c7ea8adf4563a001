from odoo import models


class BscCycle(models.Model):
    """What publishing sets going: later results re-assess earlier plans, and
    departments get a recommendation for their next budget.
    """

    _inherit = "bsc.cycle"

    def _do_publish(self):
        res = super()._do_publish()
        plans = self.env["bsc.development.plan"].search(
            [
                ("state", "!=", "cancelled"),
                ("employee_id", "in", self.scorecard_ids.employee_id.ids),
            ]
        )
        plans._link_reassessments()
        self.env.ref("bsc_appraisal.ir_cron_bsc_recommend")._trigger()
        return res
