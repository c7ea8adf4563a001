"""A company whose people all get a raise, for measuring and for killing."""

from __future__ import annotations

from datetime import date
from typing import Any, NamedTuple

from odoo import Command, api
from odoo.modules.registry import Registry
from odoo.tools import SQL

from .bench_odoo import copy_rows, transaction

PLANNED, POOL = 10_000_000_000.0, 9_000_000_000.0
NAME = "Bench raise"


class Scene(NamedTuple):
    """A company whose people all get a raise, and the two who prepare and decide."""

    company: int
    maker: int
    checker: int
    cycle: int
    policy: int
    line: int
    department: int


def create_scene(registry: Registry, count: int) -> Scene:
    """Make a company of ``count`` people with published results, and a budget line."""
    with transaction(registry, 1) as env:
        company = env["res.company"].create({"name": f"{NAME} {count}"})
    with transaction(registry, company.id) as env:
        people = [_create_user(env, company.id, f"{count}_{who}") for who in "mc"]
        department = env["hr.department"].create({"name": NAME}).id
        cycle = env["bsc.cycle"].create(
            {
                "name": f"{NAME} {count}",
                "company_id": company.id,
                "date_from": "2024-01-01",
                "date_to": "2024-12-31",
            }
        )
        cycle.published_date = "2025-02-01 08:00:00"
        scene = Scene(
            company.id,
            *people,
            cycle.id,
            _create_policy(env, company.id),
            _create_pool(env, company.id),
            department,
        )
        _create_people(env, scene, count)
    return scene


def create_batch(registry: Registry, scene: Scene) -> int:
    """Make a batch for everybody of the scene, effective on the first day of July."""
    with transaction(registry, scene.company, scene.maker) as env:
        batch = env["bsc.raise.batch"].create(
            {
                "name": NAME,
                "company_id": scene.company,
                "cycle_id": scene.cycle,
                "policy_id": scene.policy,
                "date_effective": date(date.today().year + 1, 7, 1),
                "budget_line_id": scene.line,
                "pool_amount": POOL,
            }
        )
        return int(batch.id)


def _create_user(env: api.Environment, company: int, name: str) -> int:
    user = env["res.users"].create(
        {
            "name": f"{NAME} {name}",
            "login": f"bench_raise_{name}",
            "password": f"bench_raise_{name}",
            "company_id": company,
            "company_ids": [Command.set([company])],
            "group_ids": [Command.link(env.ref("hr.group_hr_manager").id)],
        }
    )
    return int(user.id)


def _create_policy(env: api.Environment, company: int) -> int:
    grades = env["bsc.grade"].search([("company_id", "=", False)])
    policy = env["bsc.raise.policy"].create(
        {
            "name": NAME,
            "company_id": company,
            "method": "factor",
            "months_employed": 0,
            "cell_ids": [
                Command.create(
                    {
                        "grade_id": grade.id,
                        "ratio_from": 0,
                        "percent_default": 5,
                        "percent_max": 10,
                    }
                )
                for grade in grades
            ],
        }
    )
    return int(policy.id)


def _create_pool(env: api.Environment, company: int) -> int:
    account = env["account.account"].create(
        {"code": "691234", "name": NAME, "account_type": "expense"}
    )
    position = env["performance.budget.position"].create(
        {"name": NAME, "code": "BENCHPAY", "account_ids": [Command.set(account.ids)]}
    )
    year = date.today().year + 1
    budget = env["performance.budget"].create(
        {
            "name": NAME,
            "company_id": company,
            "date_from": date(year, 1, 1),
            "date_to": date(year, 12, 31),
            "line_ids": [
                Command.create(
                    {
                        "position_id": position.id,
                        "amount_planned": PLANNED,
                        "is_pay_pool": True,
                    }
                )
            ],
        }
    )
    budget.action_submit()
    budget.action_approve()
    return int(budget.line_ids.id)


def _create_people(env: api.Environment, scene: Scene, count: int) -> None:
    """Make one employee with his result by the ORM, the others as copies of him."""
    person = env["hr.employee"].create(
        {
            "name": NAME,
            "company_id": scene.company,
            "department_id": scene.department,
            "date_version": "2020-01-01",
            "contract_date_start": "2020-01-01",
            "wage": 300,
        }
    )
    card = env["bsc.scorecard"].create(
        {
            "cycle_id": scene.cycle,
            "subject_kind": "employee",
            "employee_id": person.id,
        }
    )
    card.write(
        {
            "state": "final",
            "score": 90.0,
            "rating_id": env["bsc.raise.policy"]
            .browse(scene.policy)
            .cell_ids[:1]
            .grade_id.id,
            "published_date": "2025-02-01 08:00:00",
        }
    )
    env.flush_all()
    _copy_people(env, scene, person, count)
    copy_rows(
        env,
        "bsc_scorecard",
        {
            "employee_id": SQL("copy.id"),
            "subject_key": SQL("'employee:' || copy.id"),
            "name": SQL("copy.name"),
        },
        SQL("row.id = %s", card.id),
        _others(scene, person),
    )
    env.invalidate_all()
    env.cr.execute("ANALYZE hr_employee, hr_version, bsc_scorecard, resource_resource")


def _others(scene: Scene, person: Any) -> SQL:
    return SQL(
        "(SELECT id, name FROM hr_employee WHERE company_id = %s AND id <> %s) copy",
        scene.company,
        person.id,
    )


def _copy_people(env: api.Environment, scene: Scene, person: Any, count: int) -> None:
    resource, version = person.resource_id, person.version_ids
    copy_rows(
        env,
        "resource_resource",
        {"name": SQL("%s || ' ' || copy.number", NAME)},
        SQL("row.id = %s", resource.id),
        SQL("generate_series(2, %s) copy(number)", count),
    )
    copy_rows(
        env,
        "hr_employee",
        {"resource_id": SQL("copy.id"), "name": SQL("copy.name")},
        SQL("row.id = %s", person.id),
        SQL(
            "(SELECT id, name FROM resource_resource WHERE company_id = %s"
            " AND name LIKE %s) copy",
            scene.company,
            f"{NAME} %",
        ),
    )
    copy_rows(
        env,
        "hr_version",
        {"employee_id": SQL("copy.id"), "wage": SQL("200 + copy.id %% 79")},
        SQL("row.id = %s", version.id),
        _others(scene, person),
    )
    env.cr.execute(
        """UPDATE hr_employee SET current_version_id = hr_version.id FROM hr_version
            WHERE hr_version.employee_id = hr_employee.id
              AND hr_employee.company_id = %s""",
        [scene.company],
    )
