from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

IN_FORCE = SQL("state IN ('approved', 'closed')")
SEQUENCE = SQL.identifier("performance_budget_matching_seq")


class Trigger(NamedTuple):
    """When something changes what the lines of a budget match.

    :param function: the end of the name of what gives the new number
    :param rows: what it sees of the rows: one at a time, or all as a table
    """

    table: str
    name: str
    event: SQL
    function: str
    rows: SQL = SQL("FOR EACH STATEMENT")


TRIGGERS = [
    Trigger(
        "performance_budget",
        "performance_budget_stamp",
        SQL("BEFORE INSERT OR UPDATE OF state, date_from, date_to, company_id"),
        "budget",
        SQL("FOR EACH ROW"),
    ),
    Trigger(
        "performance_budget_line",
        "performance_budget_stamp",
        SQL(
            """AFTER UPDATE OF budget_id, position_id, company_id, is_reserve,
                   analytic_key"""
        ),
        "line",
        SQL("FOR EACH ROW"),
    ),
    Trigger(
        "performance_budget_line",
        "performance_budget_stamp_new",
        SQL("AFTER INSERT"),
        "lines",
        SQL("REFERENCING NEW TABLE AS changed FOR EACH STATEMENT"),
    ),
    Trigger(
        "performance_budget_line",
        "performance_budget_stamp_gone",
        SQL("AFTER DELETE"),
        "lines",
        SQL("REFERENCING OLD TABLE AS changed FOR EACH STATEMENT"),
    ),
    Trigger(
        "performance_budget_position",
        "performance_budget_stamp",
        SQL("AFTER UPDATE OF parent_path"),
        "all",
    ),
    Trigger(
        "performance_budget_position_account_rel",
        "performance_budget_stamp",
        SQL("AFTER INSERT OR UPDATE OR DELETE"),
        "all",
    ),
]


class PerformanceBudgetMatcher(models.AbstractModel):
    """Numbers the changes of what the lines in force match.

    Triggers do so, for every change counts, whoever makes it. A number is never given
    twice, not even after a rollback: whoever sees the same number of a budget sees
    the same lines of it.
    """

    _inherit = "performance.budget.matcher"

    def init(self):
        self.pool.post_init(self._create_triggers)  # when all the tables are there
        return super().init()

    @api.model
    def _create_triggers(self):
        cr = self.env.cr
        cr.execute(SQL("CREATE SEQUENCE IF NOT EXISTS %s", SEQUENCE))
        for name, body in self._get_trigger_functions().items():
            cr.execute(
                SQL(
                    """CREATE OR REPLACE FUNCTION %s() RETURNS trigger
                       LANGUAGE plpgsql AS $body$ BEGIN %s END $body$""",
                    SQL.identifier(name),
                    body,
                )
            )
        for trigger in TRIGGERS:
            cr.execute(
                SQL(
                    """DROP TRIGGER IF EXISTS %(name)s ON %(table)s;
                       CREATE TRIGGER %(name)s %(event)s ON %(table)s %(rows)s
                       EXECUTE FUNCTION %(function)s()""",
                    name=SQL.identifier(trigger.name),
                    table=SQL.identifier(trigger.table),
                    event=trigger.event,
                    rows=trigger.rows,
                    function=SQL.identifier(_name_function(trigger.function)),
                )
            )

    @api.model
    def _drop_triggers(self):
        """Let triggers, their functions and the numbers go with the module."""
        for name in self._get_trigger_functions():
            self.env.cr.execute(
                SQL("DROP FUNCTION IF EXISTS %s CASCADE", SQL.identifier(name))
            )
        self.env.cr.execute(SQL("DROP SEQUENCE IF EXISTS %s", SEQUENCE))

    @api.model
    def _get_trigger_functions(self):
        """Return ``{name: statements}`` of what gives the new numbers."""
        stamp = SQL(
            """UPDATE performance_budget SET matching_stamp = nextval('%s')
                WHERE %s""",
            SEQUENCE,
            IN_FORCE,
        )
        bodies = {
            "budget": SQL("NEW.matching_stamp := nextval('%s'); RETURN NEW;", SEQUENCE),
            "line": SQL(
                "%s AND id IN (OLD.budget_id, NEW.budget_id); RETURN NULL;", stamp
            ),
            "lines": SQL(
                "%s AND id IN (SELECT budget_id FROM changed); RETURN NULL;", stamp
            ),
            "all": SQL("%s; RETURN NULL;", stamp),
        }
        return {_name_function(name): body for name, body in bodies.items()}


def _name_function(name):
    return f"performance_budget_stamp_{name}"
