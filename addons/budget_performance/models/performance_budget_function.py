from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL


class Function(NamedTuple):
    """A statement, or several, as a function of the database.

    :param arguments: as in ``CREATE FUNCTION``; ``p_…``, unlike any column
    :param returns: the columns that it gives, None for nothing
    :param body: the statements, each ended by a semicolon
    """

    name: str
    arguments: SQL
    body: SQL
    returns: SQL | None = None


class PerformanceBudgetFunction(models.AbstractModel):
    """Statements that the database keeps planned.

    To plan the statements of a step takes three times as long as to run them. A
    function is planned once for each connection, and connections live long.
    """

    _name = "performance.budget.function"
    _description = "Budget Statements in the Database"

    def init(self):
        for function in self._get_functions():
            self.env.cr.execute(self._create_statement(function))

    @api.model
    def _get_functions(self):
        """Return the functions of the model, which are made when it is loaded."""
        return []

    @api.model
    def _create_statement(self, function):
        """Return the statement that makes a function, in place of an older one."""
        return SQL(
            """DROP FUNCTION IF EXISTS %(name)s;
               CREATE FUNCTION %(name)s(%(arguments)s) RETURNS %(returns)s
               LANGUAGE plpgsql AS $body$
               #variable_conflict use_column
               BEGIN %(body)s END $body$""",
            name=SQL.identifier(function.name),
            arguments=function.arguments,
            returns=SQL("TABLE (%s)", function.returns)
            if function.returns
            else SQL("void"),
            body=function.body,
        )
