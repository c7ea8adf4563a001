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
# Lines that adjustments move money between.
GIVER, FIRST, SECOND, SPENT, LEFT, RIGHT = range(ROUNDS, ROUNDS + 6)
CROSSINGS = 4
PLANNED = 1000.0
CLAIM = 600.0


@dataclass(frozen=True)
class Field:
    """A budget in force with lines on projects of their own."""

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
        [{"name": f"Race {number}", "plan_id": plan[0]} for number in range(RIGHT + 1)],
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


def _transfer(
    field: Field, maker: Client, giver: int, getter: int, amount: float
) -> int:
    """Submit a transfer, which waits for one decision of the CFO then."""
    adjustment = maker.call_kw(
        "performance.budget.adjustment",
        "create",
        {
            "kind": "transfer",
            "reason": f"Race {giver} to {getter}",
            "line_ids": [
                (0, 0, {"line_id": field.lines[giver], "amount": -amount}),
                (0, 0, {"line_id": field.lines[getter], "amount": amount}),
            ],
        },
    )
    maker.call_kw("performance.budget.adjustment", "action_submit", [adjustment])
    return adjustment


def _together(*calls: tuple[Client, str, str, int]) -> list[str]:
    """Call ``(client, model, method, record)`` at the same moment."""
    start = threading.Barrier(len(calls))

    def run(call: tuple[Client, str, str, int]) -> str:
        client, model, method, record = call
        start.wait()
        try:
            client.call_kw(model, method, [record])
        except RpcError as error:
            return f"{error.name}: {error.message}"
        return "passed"

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls, timeout=60))


def _approve(client: Client, adjustment: int) -> tuple[Client, str, str, int]:
    return client, "performance.budget.adjustment", "action_approve", adjustment


def _history(field: Field, adjustment: int) -> tuple[str, list[str], float, int]:
    """Return state, decisions, and the sum and number of the months changed."""
    call = field.finance.call_kw
    names = ["state", "decision_ids", "change_ids"]
    (found,) = call("performance.budget.adjustment", "read", [adjustment], names)
    decisions = call(
        "performance.budget.adjustment.decision",
        "read",
        found["decision_ids"],
        ["decision"],
    )
    changes = call(
        "performance.budget.plan.change", "read", found["change_ids"], ["amount"]
    )
    moved = round(sum(change["amount"] for change in changes), 2)
    words = sorted({decision["decision"] for decision in decisions})
    return found["state"], words, moved, len(changes)


def _why(field: Field, adjustment: int) -> str:
    """Return what was said on an adjustment."""
    messages = field.finance.call_kw(
        "mail.message",
        "search_read",
        [
            ("model", "=", "performance.budget.adjustment"),
            ("res_id", "=", adjustment),
        ],
        ["body"],
    )
    return " ".join(message["body"] for message in messages)


def test_two_adjustments_do_not_both_give_the_last_money(
    live_server: LiveServer, field: Field
) -> None:
    """B10: one is applied, the other waits with the reason; no leg stands alone."""
    maker = live_server.login("finance")
    clients = [live_server.login("cfo") for _number in range(2)]
    drawn = [
        _transfer(field, maker, GIVER, getter, CLAIM) for getter in (FIRST, SECOND)
    ]
    answers = _together(*map(_approve, clients, drawn))

    assert answers == ["passed", "passed"]
    histories = {adjustment: _history(field, adjustment) for adjustment in drawn}
    states = sorted(history[0] for history in histories.values())
    assert states == ["applied", "approved"], histories
    for adjustment, (state, decisions, moved, months) in histories.items():
        assert decisions == ["granted"]
        assert (moved, bool(months)) == (0, state == "applied")
        if state == "approved":
            assert "Race" in _why(field, adjustment)
    plans = [field.figures(n)["amount_planned"] for n in (GIVER, FIRST, SECOND)]
    assert plans[0] == PLANNED - CLAIM
    assert sorted(plans[1:]) == [PLANNED, PLANNED + CLAIM]


def test_an_adjustment_and_a_claim_do_not_both_have_the_last_money(
    live_server: LiveServer, field: Field
) -> None:
    """B10, B20: no line falls below its use, whoever comes first."""
    maker, client = live_server.login("finance"), live_server.login("employee")
    adjustment = _transfer(field, maker, SPENT, FIRST, CLAIM)
    claim = _draft(client, field, SPENT)
    answers = _together(
        _approve(live_server.login("cfo"), adjustment),
        (client, "hr.expense", "action_submit", claim),
    )

    assert answers[0] == "passed", answers
    state, _decisions, moved, months = _history(field, adjustment)
    figures = field.figures(SPENT)
    if state == "applied":
        assert answers[1].startswith("odoo.exceptions.UserError"), answers
        assert (figures["amount_planned"], figures["amount_used"]) == (400.0, 0.0)
    else:
        assert (state, answers[1], months) == ("approved", "passed", 0)
        assert (figures["amount_planned"], figures["amount_used"]) == (PLANNED, CLAIM)
        assert "Race" in _why(field, adjustment)
    assert moved == 0
    assert field.ledger(SPENT) == figures["amount_used"]


def test_transfers_that_cross_do_not_block_each_other(
    live_server: LiveServer, field: Field
) -> None:
    """B10: A to B while B to A: both are applied, every time, and nothing is lost."""
    maker = live_server.login("finance")
    clients = [live_server.login("cfo") for _number in range(2)]
    for number in range(1, CROSSINGS + 1):
        pair = [
            _transfer(field, maker, LEFT, RIGHT, 100.0 * number),
            _transfer(field, maker, RIGHT, LEFT, 100.0 * number + 1),
        ]
        assert _together(*map(_approve, clients, pair)) == ["passed", "passed"]
        for adjustment in pair:
            state, decisions, moved, months = _history(field, adjustment)
            assert (state, decisions, moved) == ("applied", ["granted"], 0)
            assert months
    plans = [field.figures(number)["amount_planned"] for number in (LEFT, RIGHT)]
    assert plans == [PLANNED + CROSSINGS, PLANNED - CROSSINGS]
    assert "deadlock detected" not in live_server.log.read_text()
