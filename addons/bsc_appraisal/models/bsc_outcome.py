from odoo import api, fields, models


class BscOutcome(models.Model):
    """That a published result has a consequence, and how far it has come.

    The consequence itself is a record of its own (a raise, a development plan, …), to
    which this points; no amounts are here. Only :meth:`BscScorecard._set_outcome`
    writes it. Appraisal officers and auditors read it.
    """

    _name = "bsc.outcome"
    _description = "Consequence of a Result"
    _inherit = ["performance.budget.document.reference"]
    _order = "scorecard_id, kind, id"
    _rec_name = "document_name"
    _check_company_auto = True

    scorecard_id = fields.Many2one(
        "bsc.scorecard", required=True, readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="scorecard_id.company_id", store=True, index=True
    )
    cycle_id = fields.Many2one(related="scorecard_id.cycle_id", store=True, index=True)
    employee_id = fields.Many2one(
        related="scorecard_id.employee_id", store=True, index="btree_not_null"
    )
    department_id = fields.Many2one(
        related="scorecard_id.reporting_department_id",
        store=True,
        index="btree_not_null",
    )
    kind = fields.Selection(
        [
            ("raise", "Raise"),
            ("bonus", "Bonus"),
            ("promotion", "Promotion"),
            ("training", "Development"),
            ("recognition", "Recognition"),
            ("budget", "Next Budget"),
            ("none", "No Consequence, Decided"),
        ],
        required=True,
        readonly=True,
        index=True,
    )
    state = fields.Selection(
        [
            ("proposed", "Proposed"),
            ("approved", "Approved"),
            ("applied", "Applied"),
            ("dropped", "Dropped"),
        ],
        required=True,
        readonly=True,
        default="proposed",
        index=True,
    )
    res_model = fields.Char(string="Document Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="res_model", readonly=True
    )
    document_name = fields.Char(string="Consequence", readonly=True)
    date_applied = fields.Date(string="Applied On", readonly=True)

    _document_uniq = models.UniqueIndex(
        "(scorecard_id, kind, COALESCE(res_model, ''), COALESCE(res_id, 0))",
        "This consequence is listed already.",
    )

    @api.model
    def _get_open_states(self):
        return ("proposed", "approved")
