def uninstall_hook(env):
    """Let the append-only tables go with the module, and their guards with them."""
    env.cr.execute(
        """
        DROP FUNCTION IF EXISTS performance_budget_entry_append_only CASCADE;
        DROP FUNCTION IF EXISTS performance_budget_decision_append_only CASCADE;
        TRUNCATE performance_budget_entry, performance_budget_authorization_decision;
        """
    )
