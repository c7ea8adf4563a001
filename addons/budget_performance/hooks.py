from odoo.tools import SQL


def uninstall_hook(env):
    """Let the append-only tables go with the module, with guards and functions."""
    for model in env.registry.values():
        if issubclass(model, env.registry["performance.budget.function"]):
            for function in env[model._name]._get_functions():
                name = SQL.identifier(function.name)
                env.cr.execute(SQL("DROP FUNCTION IF EXISTS %s", name))
    env["performance.budget.matcher"]._drop_triggers()
    tables = [
        SQL.identifier(model._table)
        for model in env.registry.values()
        if issubclass(model, env.registry["performance.budget.append.only"])
        and not model._abstract
    ]
    env.cr.execute(
        SQL(
            "DROP FUNCTION IF EXISTS performance_budget_append_only CASCADE;"
            " TRUNCATE %s",
            SQL(", ").join(tables),
        )
    )
