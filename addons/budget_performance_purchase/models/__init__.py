from . import (
    account_move,
    account_move_line,
    performance_budget_control_rule,
    purchase_order,
    purchase_order_line,
    res_company,
    res_config_settings,
)
