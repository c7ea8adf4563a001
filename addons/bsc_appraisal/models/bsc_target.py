from odoo import api, fields, models
from odoo.exceptions import UserError


class BscTarget(models.Model):
    """A target from a day on: what counted when, who said so, and why.

    Rows are only ever added. The last one of a line is its present target.
    """

    _name = "bsc.target"
    _description = "Target History"
    _order = "line_id, date_effective, id"
    _rec_name = "line_id"

    line_id = fields.Many2one(
        "bsc.scorecard.line", required=True, index=True, ondelete="cascade"
    )
    scorecard_id = fields.Many2one(
        related="line_id.scorecard_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="line_id.company_id", store=True, precompute=True, index=True
    )
    date_effective = fields.Date(string="Counts From", required=True)
    value = fields.Float(digits=(16, 4), required=True)
    limits = fields.Char(
        help="The range that was agreed, where a range stands in the target's place."
    )
    capacity = fields.Float(
        string="Assessed Capacity",
        digits=(16, 4),
        help="What was assessed as possible at that time; zero: nobody assessed it.",
    )
    origin = fields.Selection(
        [
            ("agreed", "Agreed"),
            ("decided", "Decided"),
            ("change", "Approved change"),
        ],
        required=True,
    )
    reason = fields.Text()
    user_id = fields.Many2one("res.users", string="Set By", required=True)
    proposal_id = fields.Many2one("bsc.target.proposal", index="btree_not_null")
    change_id = fields.Many2one("bsc.target.change", index="btree_not_null")
    date_recorded = fields.Datetime(default=fields.Datetime.now, required=True)

    @api.model_create_multi
    def create(self, vals_list):
        Line = self.env["bsc.scorecard.line"]
        for vals in vals_list:
            vals.setdefault("capacity", Line.browse(vals.get("line_id")).capacity)
        return super().create(vals_list)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._("The history of a target is only added to, never changed.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        if any(target.line_id.card_state != "draft" for target in self):
            raise UserError(self.env._("The history of a target is kept."))
