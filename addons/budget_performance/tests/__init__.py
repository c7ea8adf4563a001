from . import (
    test_access_rights,
    test_audit,
    test_authorization,
    test_claim_transitions,
    test_ledger_mutants,
    test_ledger_walk,
    test_performance,
    test_performance_budget,
    test_pure_core,
    test_ui,
)
