"""Several people after the same money, through real server processes."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

import pytest

from .live import LiveServer
from .rpc import Client, RpcError

ROUNDS = 6
PLANNED = 1000.0
CLAIM = 600.0


@dataclass(frozen=True)
class Field:
    """A budget in force with one line for each round, on a project of its own."""

    finance: Client
    lines: list[int]
    projects: list[int]
    today: str

    def figures(self, number: int) -> dict[str, float]:
        names = ["amount_planned", "amount_reserved", "amount_used"]
        lines = self.finance.call_kw(
            "performance.budget.line", "read", [self.lines[number]], names
        )
        return {name: lines[0][name] for name in names}

    def ledger(self, number: int) -> float:
        entries = self.finance.call_kw(
            "performance.budget.entry",
            "search_read",
            [("line_id", "=", self.lines[number])],
            ["amount"],
        )
        return sum(entry["amount"] for entry in entries)


@pytest.fixture(scope="module")
def field(live_server: LiveServer) -> Field:
    finance = live_server.login("cfo")
    today = date.today()
    plan = finance.call_kw("account.analytic.plan", "search", [], limit=1)
    projects = finance.call_kw(
        "account.analytic.account",
        "create",
        [{"name": f"Race {number}", "plan_id": plan[0]} for number in range(ROUNDS)],
    )
    travel = finance.call_kw(
        "performance.budget.position", "search", [("code", "=", "TRV")]
    )
    budget = finance.call_kw(
        "performance.budget",
        "create",
        {
            "name": "Race",
            "date_from": f"{today.year}-01-01",
            "date_to": f"{today.year}-12-31",
        },
    )
    lines = finance.call_kw(
        "performance.budget.line",
        "create",
        [
            {
                "budget_id": budget,
                "position_id": travel[0],
                "analytic_account_ids": [(6, 0, [project])],
                "amount_planned": PLANNED,
            }
            for project in projects
        ],
    )
    finance.call_kw("performance.budget", "action_submit", [budget])
    finance.call_kw("performance.budget", "action_approve", [budget])
    return Field(finance, lines, projects, today.isoformat())


def _draft(client: Client, field: Field, number: int) -> int:
    product = field.finance.call_kw(
        "product.product", "search", [("default_code", "=", "TRAVEL")]
    )
    employee = client.call_kw("res.users", "read", [client.uid], ["employee_id"])
    return client.call_kw(
        "hr.expense",
        "create",
        {
            "name": f"Race {number}",
            "employee_id": employee[0]["employee_id"][0],
            "product_id": product[0],
            "total_amount_currency": CLAIM,
            "date": field.today,
            "analytic_distribution": {str(field.projects[number]): 100},
        },
    )


def _submit(client: Client, claim: int, start: threading.Barrier) -> str:
    start.wait()
    try:
        client.call_kw("hr.expense", "action_submit", [claim])
    except RpcError as error:
        return f"{error.name}: {error.message}"
    return "passed"


@pytest.mark.parametrize("number", range(ROUNDS))
def test_the_last_money_is_spent_once(
    live_server: LiveServer, field: Field, number: int
) -> None:
    """Two people submit at once what only one of them can have (B20)."""
    clients = [live_server.login(login) for login in ("employee", "engineer")]
    claims = [_draft(client, field, number) for client in clients]
    start = threading.Barrier(len(clients))
    with ThreadPoolExecutor(len(clients)) as pool:
        answers = list(
            pool.map(_submit, clients, claims, [start] * len(clients), timeout=60)
        )

    assert answers.count("passed") == 1, answers
    (refusal,) = [answer for answer in answers if answer != "passed"]
    assert refusal.startswith("odoo.exceptions.UserError"), refusal
    assert "Race" in refusal
    states = [
        client.call_kw("hr.expense", "read", [claim], ["state"])[0]["state"]
        for client, claim in zip(clients, claims, strict=True)
    ]
    assert sorted(states) == ["draft", "submitted"]
    assert field.figures(number) == {
        "amount_planned": PLANNED,
        "amount_reserved": CLAIM,
        "amount_used": CLAIM,
    }
    assert field.ledger(number) == CLAIM
