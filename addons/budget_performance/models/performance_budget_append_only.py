from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class PerformanceBudgetAppendOnly(models.AbstractModel):
    """Records that are written once: the ORM and the database refuse any change."""

    _name = "performance.budget.append.only"
    _description = "Append-Only Budget Record"

    def init(self):
        super().init()
        if self._abstract:
            return
        self.env.cr.execute(
            SQL(
                """CREATE OR REPLACE FUNCTION performance_budget_append_only()
                   RETURNS trigger LANGUAGE plpgsql AS $body$
                   BEGIN
                       RAISE EXCEPTION USING
                           MESSAGE = TG_TABLE_NAME || ' is append-only';
                   END $body$;
                   DROP TRIGGER IF EXISTS performance_budget_no_change ON %(table)s;
                   CREATE TRIGGER performance_budget_no_change
                       BEFORE UPDATE OR DELETE ON %(table)s FOR EACH ROW
                       EXECUTE FUNCTION performance_budget_append_only();
                   DROP TRIGGER IF EXISTS performance_budget_no_truncate ON %(table)s;
                   CREATE TRIGGER performance_budget_no_truncate
                       BEFORE TRUNCATE ON %(table)s FOR EACH STATEMENT
                       EXECUTE FUNCTION performance_budget_append_only()""",
                table=SQL.identifier(self._table),
            )
        )

    # There is no write to call.
    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self._get_append_only_message())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self._get_append_only_message())

    def _get_append_only_message(self):
        return self.env._(
            "This stays as it was written: it is never changed and never deleted."
        )
