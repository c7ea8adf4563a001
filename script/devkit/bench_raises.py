"""Raises of many people: simulated, reserved, decided and applied, step by step."""

from __future__ import annotations

from typing import Any

from odoo import api
from odoo.modules.registry import Registry

from .bench_checks import UnsoundError
from .bench_odoo import Act, measure, open_registry, transaction
from .bench_raises_scene import Scene, create_batch, create_scene

# As many as are asked for, and fewer to see that the queries do not grow by themselves.
PEOPLE = (5000, 500)
FEW_PEOPLE = (200, 120)
APPLY = "apply, all steps"
# For each person more, by step. What a version costs Odoo itself is nearly all of it.
MOST_QUERIES = {"": 0.25, APPLY: 14.0}


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Return what each step of a batch costs.

    :raise UnsoundError: somebody was paid twice or not at all, or a raise of many costs
        more queries than a raise of few
    """
    registry = open_registry(request)
    few = request["size"]["pairs"] == 1
    many, less = (
        _measure(registry, count) for count in (FEW_PEOPLE if few else PEOPLE)
    )
    for name, (queries, *_times) in many["steps"].items():
        more = (queries - less["steps"][name][0]) / (many["people"] - less["people"])
        if more > MOST_QUERIES.get(name, MOST_QUERIES[""]):
            raise UnsoundError(f"{name}: {more:.1f} queries for each raise more")
    return {"batches": [many, less]}


def _measure(registry: Registry, count: int) -> dict[str, Any]:
    scene = create_scene(registry, count)
    batch = create_batch(registry, scene)
    steps = {
        name: list(measure(registry, scene.company, uid, act)[0])
        for name, uid, act in steps_of(scene, batch)
    }
    problems = find_problems(registry, scene, batch, count)
    if problems:
        raise UnsoundError("; ".join(problems))
    return {"people": count, "steps": steps}


def steps_of(scene: Scene, batch: int) -> list[tuple[str, int, Act]]:
    """Return what is done with a batch: its name, who does it, and how."""

    def call(method: str) -> Act:
        return lambda env: getattr(env["bsc.raise.batch"].browse(batch), method)()

    return [
        ("simulate", scene.maker, call("action_simulate")),
        ("simulate again", scene.maker, call("action_simulate")),
        ("submit and reserve", scene.maker, call("action_submit")),
        ("approve", scene.checker, call("action_approve")),
        ("start", scene.maker, call("action_apply")),
        (APPLY, api.SUPERUSER_ID, lambda env: env["bsc.raise.batch"]._cron_apply()),
    ]


def find_problems(
    registry: Registry, scene: Scene, batch: int, count: int
) -> list[str]:
    """Return what is wrong after a batch was applied: people, wages, the pool."""
    with transaction(registry, scene.company) as env:
        env.cr.execute(
            """SELECT (SELECT state FROM bsc_raise_batch WHERE id = %(batch)s),
                      count(*) FILTER (WHERE state = 'applied'),
                      count(DISTINCT version_id),
                      count(*) FILTER (WHERE wage = wage_new AND base > 0),
                      SUM(cost)
                 FROM bsc_raise line
                 LEFT JOIN (SELECT id AS key, wage FROM hr_version) version
                   ON key = version_id
                WHERE batch_id = %(batch)s""",
            {"batch": batch},
        )
        state, applied, versions, right, cost = env.cr.fetchone()
        env.cr.execute(
            "SELECT count(*) FROM hr_version WHERE company_id = %s", [scene.company]
        )
        (in_all,) = env.cr.fetchone()
        env.cr.execute(
            """SELECT SUM(amount) FILTER (WHERE kind = 'committed'), SUM(amount)
                 FROM performance_budget_entry WHERE line_id = %s""",
            [scene.line],
        )
        committed, held = (round(float(one or 0), 2) for one in env.cr.fetchone())
    seen = {
        "state": (state, "applied"),
        "people applied": (applied, count),
        "versions of raises": (versions, count),
        "wages as decided": (right, count),
        "versions in all": (in_all, 2 * count),
        "committed on the line": (committed, round(float(cost or 0), 2)),
        "on the line in all": (held, committed),
    }
    return [
        f"{name}: {found}, not {wanted}"
        for name, (found, wanted) in seen.items()
        if found != wanted
    ]
