from odoo import fields, models


class BscAboutScorecardMixin(models.AbstractModel):
    """Something that concerns the scorecard of one person, and who the two are.

    Whom it concerns follows from the scorecard; the columns are there so that record
    rules and reports need not look through it. Clients never write them.
    """

    _name = "bsc.about.scorecard.mixin"
    _description = "About a Scorecard"

    _FROM_SCORECARD = frozenset(
        {
            *("company_id", "cycle_id", "employee_id", "user_id", "appraiser_id"),
            "department_id",
        }
    )
    # Follow from actions: closed to clients.
    _PROTECTED = frozenset()
    # Open while it is made, closed ever after.
    _IDENTITY = frozenset()

    scorecard_id = fields.Many2one(
        "bsc.scorecard", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        related="scorecard_id.company_id", store=True, precompute=True, index=True
    )
    cycle_id = fields.Many2one(
        related="scorecard_id.cycle_id", store=True, precompute=True, index=True
    )
    employee_id = fields.Many2one(
        related="scorecard_id.employee_id", store=True, precompute=True, index=True
    )
    user_id = fields.Many2one(
        related="scorecard_id.responsible_id",
        string="User of the Employee",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    appraiser_id = fields.Many2one(
        related="scorecard_id.appraiser_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    department_id = fields.Many2one(
        related="scorecard_id.reporting_department_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )

    def _has_field_access(self, field, operation):
        if operation == "write" and not self.env.su:
            if field.name in self._FROM_SCORECARD | self._PROTECTED:
                return False
            if field.name in self._IDENTITY and any(self._ids):
                return False
        return super()._has_field_access(field, operation)
