from odoo import api, models


class PerformanceBudgetDocument(models.AbstractModel):
    """Which tax the company bears: what it cannot claim back is part of the cost."""

    _inherit = "performance.budget.document"

    @api.model
    def _compute_borne_tax(self, base_line, company):
        """Return the tax of a base line that is booked on its own account.

        See :meth:`_compute_tax_by_bearer`.
        """
        return self._compute_tax_by_bearer(base_line, company)[0]

    @api.model
    def _compute_tax_by_bearer(self, base_line, company):
        """Return the tax of a base line that the company bears, and what it claims.

        :param base_line: as ``_prepare_base_line_for_taxes_computation`` makes it
        :return: amounts in the currency of the company; what it bears is booked on
            the account of the base line
        """
        Tax = self.env["account.tax"]
        Tax._add_tax_details_in_base_lines([base_line], company)
        Tax._round_base_lines_tax_details([base_line], company)
        Tax._add_accounting_data_in_base_lines_tax_details([base_line], company)
        sums = {True: 0.0, False: 0.0}
        for tax_data in base_line["tax_details"]["taxes_data"]:
            for rep in tax_data["tax_reps_data"]:
                sums[bool(rep["tax_rep"].account_id)] += rep["tax_amount"]
        return sums[False], sums[True]

    @api.model
    def _compute_borne_cost(self, base_line, company):
        """Return what a base line costs the company: its base and the tax it bears.

        See :meth:`_compute_tax_by_bearer`.
        """
        tax = self._compute_borne_tax(base_line, company)
        details = base_line["tax_details"]
        return details["total_excluded"] + details["delta_total_excluded"] + tax
