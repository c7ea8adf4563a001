from odoo import api, models


class PerformanceBudgetCached(models.AbstractModel):
    """Records that decisions read from a cache, which forgets them on any change."""

    _name = "performance.budget.cached"
    _description = "Cached Budget Setting"

    @api.model_create_multi
    def create(self, vals_list):
        self._clear_cached()
        return super().create(vals_list)

    def write(self, vals):
        self._clear_cached()
        return super().write(vals)

    def unlink(self):
        self._clear_cached()
        return super().unlink()

    @api.model
    def _clear_cached(self):
        """Forget now and once more after the commit.

        Another thread may have cached the old answer in between.
        """
        self.env.registry.clear_cache()
        self.env.cr.postcommit.add(self.env.registry.clear_cache)
