from . import performance_budget_execution
