from odoo import api, models
from odoo.exceptions import ValidationError

from ..tools.achievement import RuleError, finite


class BscFiniteMixin(models.AbstractModel):
    """Numbers one can calculate with: no text, no NaN, no infinity, nothing huge.

    The database would refuse them as well, but without a word that helps.
    """

    _name = "bsc.finite.mixin"
    _description = "Finite Numbers"

    # Names of the fields that are looked at.
    _FINITE = ()

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_finite(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_finite(vals)
        return super().write(vals)

    @api.model
    def _check_finite(self, vals):
        """:raise ValidationError: naming the field and what was given"""
        for name in set(self._FINITE) & vals.keys():
            try:
                finite(vals[name] or 0.0)
            except RuleError:
                raise ValidationError(
                    self.env._(
                        "%(field)s: “%(value)s” is not a number of reasonable size.",
                        field=self._fields[name]._description_string(self.env),
                        value=str(vals[name])[:40],
                    )
                ) from None
