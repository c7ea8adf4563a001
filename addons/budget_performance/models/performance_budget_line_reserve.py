from odoo import api, fields, models


class PerformanceBudgetLine(models.Model):
    """The reserve is found by the word that stands in its name."""

    _inherit = "performance.budget.line"

    @api.model
    def _search_display_name(self, operator, value):
        # EXTENDS: the word is part of the name, but of no field that is searched
        domain = fields.Domain(super()._search_display_name(operator, value))
        term = value.strip().lower() if isinstance(value, str) else ""
        if operator == "ilike" and term and term in self.env._("Reserve").lower():
            domain |= fields.Domain("is_reserve", "=", True)
        return domain
