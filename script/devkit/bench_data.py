"""The data of script/bench: two companies alike, one of them with a budget in force."""

from __future__ import annotations

from datetime import date
from typing import Any

from odoo import Command, api
from odoo.tests import new_test_user

from . import bench_checks, bench_items
from .bench_odoo import open_registry, transaction
from .bench_size import COMPANIES, Size

PEOPLE = 10
AMPLE = 120_000_000.0
SCARCE = 1000.0
BATCH = 500
BOSS = (
    "base.group_user,hr_expense.group_hr_expense_manager,account.group_account_manager,"
    "budget_performance.group_budget_manager"
)
Field = dict[str, Any]


def run(request: dict[str, Any]) -> dict[str, Field]:
    """Make the companies and their data; return the ids that measuring needs."""
    size = Size(**request["size"])
    registry = open_registry(request)
    fields = {}
    for name in COMPANIES:
        with transaction(registry, 1) as env:
            fields[name] = make_company(env, name, size)
        with transaction(registry, fields[name]["company"]) as env:
            fields[name].update(make_people(env, name))
    controlled = fields["controlled"]
    with transaction(registry, controlled["company"], controlled["boss"]) as env:
        approve_budget(env, controlled, size)
    for field in fields.values():
        with transaction(registry, field["company"]) as env:
            bench_items.book(env, field, size)
    with transaction(registry, controlled["company"]) as env:
        bench_items.enter(env, controlled)
        bench_checks.refuse_unsound(env.cr)
        bench_checks.refuse_strange(env, controlled)
    bench_items.analyse(registry)
    return fields


def make_company(env: api.Environment, name: str, size: Size) -> Field:
    """Make a company with accounts and cost centres, without people."""
    company = env["res.company"].create({"name": f"Bench {name}"})
    env["account.chart.template"].try_loading("generic_coa", company, False)
    env = env(context={**env.context, "allowed_company_ids": company.ids})
    accounts = env["account.account"].create(
        [
            {"code": f"69{n:04}", "name": f"Cost {n}", "account_type": "expense"}
            for n in range(size.positions)
        ]
    )
    centres = make_centres(
        env, company.id, [f"Centre {n}" for n in range(size.centres)]
    )
    slots = [[account, centre, None] for account in accounts.ids for centre in centres]
    return {"company": company.id, "slots": slots}


def make_centres(env: api.Environment, company_id: int, names: list[str]) -> list[int]:
    """Make analytic accounts in the plan that every database has."""
    plan, _others = env["account.analytic.plan"]._get_all_plans()
    values = {"plan_id": plan.id, "company_id": company_id}
    return (
        env["account.analytic.account"]
        .create([{"name": n, **values} for n in names])
        .ids
    )


def make_people(env: api.Environment, name: str) -> Field:
    """Make people who claim one product, and one who approves, posts and reads."""

    def make(login: str, groups: str) -> Any:
        values = {"password": login, "notification_type": "inbox"}
        values |= {"company_id": company.id, "company_ids": [Command.set(company.ids)]}
        return new_test_user(env, login, groups, **values)

    company = env.company
    boss = make(f"bench_{name}_boss", BOSS)
    users = [make(f"bench_{name}_{n}", "base.group_user") for n in range(PEOPLE)]
    employees = env["hr.employee"].create(
        [
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": company.id,
                "work_contact_id": user.partner_id.id,
                "expense_manager_id": boss.id,
            }
            for user in users
        ]
    )
    product = env["product.product"].create(
        {
            "name": f"Bench {name}",
            "can_be_expensed": True,
            "standard_price": 0.0,
            "company_id": company.id,
            "supplier_taxes_id": [Command.clear()],
        }
    )
    return {
        "boss": boss.id,
        "product": product.id,
        "people": [
            {"login": user.login, "uid": user.id, "employee": employee.id}
            for user, employee in zip(users, employees, strict=True)
        ],
    }


def approve_budget(env: api.Environment, field: Field, size: Size) -> None:
    """Put a budget into force with a line for each slot, and some with little money."""
    position_of = {}
    for account in dict.fromkeys(slot[0] for slot in field["slots"]):
        position_of[account] = env["performance.budget.position"].create(
            {"name": f"Cost {account}", "account_ids": [Command.set([account])]}
        )
    centres = make_centres(
        env, field["company"], [f"Scarce {n}" for n in range(size.rounds)]
    )
    field["scarce"] = [[field["slots"][0][0], centre, None] for centre in centres]
    year = date.today().year
    budget = env["performance.budget"].create(
        {"name": "Bench", "date_from": date(year, 1, 1), "date_to": date(year, 12, 31)}
    )
    for slots, planned in ((field["slots"], AMPLE), (field["scarce"], SCARCE)):
        for start in range(0, len(slots), BATCH):
            part = slots[start : start + BATCH]
            lines = env["performance.budget.line"].create(
                [
                    {
                        "budget_id": budget.id,
                        "position_id": position_of[account].id,
                        "analytic_account_ids": [Command.set([centre])],
                        "amount_planned": planned,
                    }
                    for account, centre, _line in part
                ]
            )
            for slot, line in zip(part, lines, strict=True):
                slot[2] = line.id
            env.flush_all()
            env.invalidate_all()
    budget.action_submit()
    budget.action_approve()
