from . import (
    performance_budget_authorization_refuse,
    performance_budget_check,
    performance_budget_check_line,
)
