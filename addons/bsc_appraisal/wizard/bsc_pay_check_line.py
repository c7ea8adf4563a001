from odoo import fields, models


class BscPayCheckLine(models.TransientModel):
    """One department: how far raises followed results."""

    _name = "bsc.pay.check.line"
    _description = "Results and Raises of a Department"
    _order = "correlation, id"
    _rec_name = "department_id"

    check_id = fields.Many2one("bsc.pay.check", required=True, ondelete="cascade")
    department_id = fields.Many2one("hr.department", readonly=True)
    people = fields.Integer(readonly=True)
    correlation = fields.Float(
        string="Rank Correlation",
        digits=(4, 2),
        readonly=True,
        help="1: the better the result, the higher the raise. 0: no connection. Below:"
        " the other way round.",
    )
    verdict = fields.Selection(
        [
            ("good", "Raises follow results"),
            ("weak", "Hardly connected"),
            ("reverse", "The other way round"),
            ("same", "Nothing differs"),
        ],
        readonly=True,
    )
