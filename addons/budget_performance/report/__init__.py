from . import (
    performance_budget_analysis,
    performance_budget_execution,
    performance_budget_execution_excel,
    performance_budget_execution_mail,
    performance_budget_claim_difference,
    performance_budget_forecast_analysis,
    performance_budget_rollup,
    performance_budget_rollup_analytic,
    performance_budget_rollup_department,
    performance_budget_rollup_position,
    performance_budget_uncovered,
    performance_budget_variance,
)
