"""Payslips: what raises and bonuses add to a payslip that is computed."""

from __future__ import annotations

from calendar import monthrange
from contextlib import nullcontext
from datetime import date
from typing import Any
from unittest.mock import patch

from odoo import Command, api
from odoo.modules.registry import Registry

from .bench_checks import UnsoundError
from .bench_odoo import measure, open_registry, transaction
from .bench_raises import steps_of
from .bench_raises_scene import NAME, Scene, create_batch, create_scene

PEOPLE, FEW_PEOPLE = 30, 4
BONUS = 500.0
# By case, the month of the slip; everybody's raise is of July, his bonus as well.
CASES = {"nothing due": 6, "raise and bonus": 7}
GROSS = "GROSS"
RULES = (("BASIC", 1, "contract.wage"), (GROSS, 100, "categories.BASIC"))


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Return samples of computing slips, in pairs without and with the addon.

    :raise UnsoundError: a slip shows another wage or bonus than what was decided
    """
    registry = open_registry(request)
    pairs = request["size"]["pairs"]
    people = FEW_PEOPLE if pairs == 1 else PEOPLE
    scene = create_scene(registry, people)
    structure = _give_everybody(registry, scene)
    found: dict[str, dict[str, list[list[float]]]] = {}
    for case, month in CASES.items():
        found[case] = {"alone": [], "with": []}
        for number in range(-1, pairs):  # the first pair warms up
            for name in sorted(found[case], reverse=bool(number % 2)):
                sample = _compute(registry, scene, structure, month, name == "with")
                if number >= 0:
                    found[case][name].append([one / people for one in sample])
    return {"people": people, "slips": found}


def _give_everybody(registry: Registry, scene: Scene) -> int:
    """Apply a raise and make a bonus due to each; return the salary structure."""
    batch = create_batch(registry, scene)
    for _name, uid, act in steps_of(scene, batch)[:-1]:
        with transaction(registry, scene.company, uid) as env:
            act(env)
    with transaction(registry, scene.company) as env:
        raises = env["bsc.raise"].search([("batch_id", "=", batch)])
        if set(raises.mapped("state")) != {"applied"}:
            raise UnsoundError("not everybody got his raise")
        env["bsc.bonus"].create(
            [
                {
                    "raise_id": one.id,
                    "company_id": scene.company,
                    "employee_id": one.employee_id.id,
                    "kind": "bonus",
                    "amount": BONUS,
                    "date": one.date_effective,
                }
                for one in raises
            ]
        )
        structure = _create_structure(env, scene.company)
        versions = env["hr.version"].search([("company_id", "=", scene.company)])
        versions.struct_id = structure
        return structure


def _create_structure(env: api.Environment, company: int) -> int:
    own = {"company_id": company}
    rules = [
        {
            "name": code,
            "code": code,
            "sequence": sequence,
            "category_id": env["hr.salary.rule.category"]
            .create({"name": code, "code": code, **own})
            .id,
            "amount_select": "code",
            "amount_python_compute": f"result = {formula}",
            **own,
        }
        for code, sequence, formula in RULES
    ]
    structure = env["hr.payroll.structure"].create(
        {
            "name": NAME,
            "code": "BENCH",
            "parent_id": False,
            "rule_ids": [Command.create(rule) for rule in rules],
            **own,
        }
    )
    return int(structure.id)


def _compute(
    registry: Registry, scene: Scene, structure: int, month: int, is_ours: bool
) -> tuple[float, ...]:
    """Draft slips on the wage in force, measure how they are computed."""
    year = date.today().year + 1
    first, last = (date(year, month, day) for day in (1, monthrange(year, month)[1]))
    with transaction(registry, scene.company) as env:
        Slip = env["hr.payslip"]
        earlier = Slip.search([("company_id", "=", scene.company)])
        earlier.action_payslip_cancel()
        earlier.unlink()
        people = env["hr.employee"].search([("company_id", "=", scene.company)])
        slips = Slip.create(
            [
                {
                    "employee_id": one.id,
                    "company_id": scene.company,
                    "date_from": first,
                    "date_to": last,
                    "contract_id": one._get_version(last).id,
                    "struct_id": structure,
                }
                for one in people
            ]
        ).ids
    act = lambda env: env["hr.payslip"].browse(slips).compute_sheet()
    Slip = registry["hr.payslip"]
    without = patch.object(Slip, "_take_awards", lambda slips: None)
    with nullcontext() if is_ours else without:
        sample, _answer = measure(registry, scene.company, api.SUPERUSER_ID, act)
    with transaction(registry, scene.company) as env:
        has_awards = month == CASES["raise and bonus"]
        _check(env["hr.payslip"].browse(slips), has_awards, has_awards and is_ours)
    return sample


def _check(slips: Any, is_raised: bool, has_bonus: bool) -> None:
    for slip in slips:
        wages = slip.employee_id.version_ids.sorted("date_version").mapped("wage")
        bonus = {"BSC_BONUS": BONUS} if has_bonus else {}
        wanted = {"BASIC": wages[-1 if is_raised else 0]} | bonus
        # The rule of the gross adds up whatever else the structure has.
        shown = {line.code: line.total for line in slip.line_ids if line.code != GROSS}
        if shown != wanted:
            raise UnsoundError(f"{slip.employee_id.name}: {shown}, not {wanted}")
