"""What a refusal leaves behind, through a real server process."""

from __future__ import annotations

from datetime import date

import pytest

from .live import LiveServer
from .rpc import RpcError

ABOVE_ANY_PLAN = 10_000_000.0


def test_a_refused_claim_leaves_its_explanation(live_server: LiveServer) -> None:
    """The request is rolled back; what was said stays, once a day (B6, B18)."""
    employee = live_server.login("employee")
    finance = live_server.login("finance")
    product = finance.call_kw(
        "product.product", "search", [("default_code", "=", "TRAVEL")]
    )
    me = employee.call_kw("res.users", "read", [employee.uid], ["employee_id"])
    claim = employee.call_kw(
        "hr.expense",
        "create",
        {
            "name": "Round the world",
            "employee_id": me[0]["employee_id"][0],
            "product_id": product[0],
            "total_amount_currency": ABOVE_ANY_PLAN,
            "date": date.today().isoformat(),
        },
    )
    for _attempt in range(2):
        with pytest.raises(RpcError) as refusal:
            employee.call_kw("hr.expense", "action_submit", [claim])
    state = employee.call_kw("hr.expense", "read", [claim], ["state"])
    assert state[0]["state"] == "draft"
    stops = finance.call_kw(
        "performance.budget.stop",
        "search_read",
        [("res_model", "=", "hr.expense"), ("res_id", "=", claim)],
        ["action", "message", "user_id", "amount"],
    )
    assert len(stops) == 1, stops
    assert stops[0]["message"] == refusal.value.message
    assert stops[0]["action"] == "block"
    assert stops[0]["user_id"][0] == employee.uid
    assert stops[0]["amount"] == ABOVE_ANY_PLAN


def test_a_claim_that_never_was_leaves_nothing(live_server: LiveServer) -> None:
    """Created and submitted in one refused request: there is nothing to point to."""
    employee = live_server.login("employee")
    finance = live_server.login("finance")
    product = finance.call_kw(
        "product.product", "search", [("default_code", "=", "TRAVEL")]
    )
    me = employee.call_kw("res.users", "read", [employee.uid], ["employee_id"])
    values = {
        "name": "Never was",
        "employee_id": me[0]["employee_id"][0],
        "product_id": product[0],
        "total_amount_currency": ABOVE_ANY_PLAN,
        "date": date.today().isoformat(),
        "approval_state": "submitted",
    }
    with pytest.raises(RpcError):
        employee.call_kw("hr.expense", "create", values)
    stops = finance.call_kw(
        "performance.budget.stop",
        "search_count",
        [("document_name", "=", "Never was")],
    )
    assert stops == 0
