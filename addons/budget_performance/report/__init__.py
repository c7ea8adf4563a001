from . import (
    performance_budget_analysis,
)
