from . import (
    performance_budget_authorization_refuse,
    performance_budget_cause_record,
    performance_budget_check,
    performance_budget_check_line,
    performance_budget_check_override,
    performance_budget_check_stop,
    performance_budget_override_apply,
    performance_budget_override_apply_line,
    performance_budget_rule_test,
    performance_budget_rule_test_band,
    performance_budget_rule_test_line,
)
