"""Raises that several people apply or pay for at once, through real processes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from .live import LiveServer
from .rpc import Client, RpcError

# The demo pool has 60,000 and is held above 80 %: the raises (34,572) fit, this claim
# fits, both do not.
CLAIM = 20000.0
LIMIT = 48000.0


def together(*calls: Callable[[], object]) -> list[str]:
    """Run the calls at the same moment and return what came of each."""
    start = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> str:
        start.wait()
        try:
            call()
        except RpcError as error:
            return f"{error.name}: {error.message}"
        return "passed"

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls, timeout=120))


def find(client: Client, model: str, *domain: tuple[str, str, object]) -> int:
    return client.call_kw(model, "search", list(domain), limit=1)[0]


def read(client: Client, model: str, record: int, *names: str) -> dict:
    return client.call_kw(model, "read", [record], list(names))[0]


@pytest.fixture(scope="module")
def batch(live_server: LiveServer) -> int:
    """Simulate the batch of the demo data."""
    maker = live_server.login("hr.manager")
    found = find(maker, "bsc.raise.batch", ("kind", "=", "raise"))
    maker.call_kw("bsc.raise.batch", "action_simulate", [found])
    return found


def draft_claim(server: LiveServer, account: int) -> tuple[Client, int]:
    """Write a claim on the account that the pool is for, in a month of its budget."""
    admin, client = server.login("admin"), server.login("employee")
    user = read(client, "res.users", client.uid or 0, "employee_id", "company_id")
    company = user["company_id"][0]
    product = admin.call_kw(
        "product.product",
        "create",
        {
            "name": "Prize",
            "can_be_expensed": True,
            "standard_price": 0.0,
            "supplier_taxes_id": [(5,)],
            "property_account_expense_id": account,
        },
        context={"allowed_company_ids": [company]},
    )
    claim = client.call_kw(
        "hr.expense",
        "create",
        {
            "name": "Prize for everybody",
            "employee_id": user["employee_id"][0],
            "product_id": product,
            "total_amount_currency": CLAIM,
            "date": f"{date.today().year + 1}-02-10",
        },
    )
    return client, claim


def test_raises_and_a_claim_cannot_both_have_the_last_money(
    live_server: LiveServer, batch: int
) -> None:
    """O1: no interleaving with other spending passes the limit of the pool's line."""
    maker, finance = live_server.login("hr.manager"), live_server.login("cfo")
    line = read(maker, "bsc.raise.batch", batch, "budget_line_id")["budget_line_id"][0]
    account = find(finance, "account.account", ("code", "=", "660191"))
    client, claim = draft_claim(live_server, account)
    answers = together(
        lambda: maker.call_kw("bsc.raise.batch", "action_submit", [batch]),
        lambda: client.call_kw("hr.expense", "action_submit", [claim]),
    )

    assert answers.count("passed") == 1, answers
    (refusal,) = [answer for answer in answers if answer != "passed"]
    assert refusal.startswith("odoo.exceptions.UserError"), refusal
    used = read(finance, "performance.budget.line", line, "amount_used")["amount_used"]
    assert 0 < used <= LIMIT
    if answers[1] == "passed":
        finance.call_kw("hr.expense", "action_reset", [claim])
        maker.call_kw("bsc.raise.batch", "action_submit", [batch])


def test_two_who_apply_pay_once(live_server: LiveServer, batch: int) -> None:
    """O1: every raise becomes one version, whoever applies it."""
    maker, checker = live_server.login("hr.manager"), live_server.login("hr.director")
    assert read(maker, "bsc.raise.batch", batch, "state")["state"] == "submitted"
    checker.call_kw("bsc.raise.batch", "action_approve", [batch])
    answers = together(
        *(
            lambda client=client: client.call_kw(
                "bsc.raise.batch", "action_apply", [batch]
            )
            for client in (maker, checker)
        )
    )

    assert "passed" in answers, answers
    figures = read(
        maker, "bsc.raise.batch", batch, "state", "applied_count", "failed_count"
    )
    assert (figures["state"], figures["applied_count"]) == ("applied", 4), figures
    assert figures["failed_count"] == 0
    lines = maker.call_kw(
        "bsc.raise",
        "search_read",
        [("batch_id", "=", batch), ("state", "=", "applied")],
        ["employee_id", "wage_new", "date_effective"],
    )
    for line in lines:
        versions = maker.call_kw(
            "hr.version",
            "search_read",
            [("employee_id", "=", line["employee_id"][0])],
            ["wage", "date_version"],
            order="date_version",
        )
        assert len(versions) == 2, versions
        assert versions[-1]["wage"] == line["wage_new"]
        assert versions[-1]["date_version"] == line["date_effective"]
    bonuses = maker.call_kw("bsc.bonus", "search_count", [("batch_id", "=", batch)])
    assert bonuses == 1
