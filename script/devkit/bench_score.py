"""The scorecards: how long all of them take to be scored, and with how many queries."""

from __future__ import annotations

from typing import Any

from odoo import Command, api
from odoo.modules.registry import Registry
from odoo.tools import SQL

from .bench_checks import UnsoundError
from .bench_odoo import copy_rows, measure, open_registry, transaction

LINES = 20
# As many as are asked for, and a few to see that the queries do not grow.
CARDS = (10_000, 100)
SMALL_CARDS = (200, 20)


def run(request: dict[str, Any]) -> dict[str, Any]:
    """Return what it costs to score many scorecards at once."""
    registry = open_registry(request)
    company = request["fields"]["controlled"]["company"]
    sizes = SMALL_CARDS if request["size"]["pairs"] == 1 else CARDS
    with transaction(registry, company) as env:
        cycle = _prepare(env, company, max(sizes))
        env.cr.commit()
        env.cr.execute("ANALYZE bsc_scorecard, bsc_scorecard_line, bsc_measurement")
    found = [_score(registry, company, cycle, count) for count in sizes]
    if len({one["sample"][0] for one in found}) > 1:
        raise UnsoundError("scoring more cards takes more queries")
    return {"lines": LINES, "scored": found}


def _score(registry: Registry, company: int, cycle: int, count: int) -> dict[str, Any]:
    def act(env: api.Environment) -> None:
        env["bsc.scorecard"].search([("cycle_id", "=", cycle)], limit=count)._score()

    sample, _answer = measure(registry, company, api.SUPERUSER_ID, act)
    with transaction(registry, company) as env:
        env.cr.execute(
            "SELECT count(*) FROM bsc_scorecard WHERE cycle_id = %s AND score = 120",
            [cycle],
        )
        if env.cr.fetchone()[0] < count:
            raise UnsoundError(f"{count} scorecards were not scored as they should be")
    return {"cards": count, "sample": list(sample)}


def _prepare(env: api.Environment, company: int, count: int) -> int:
    """Make one scorecard with its figures by the ORM, the others as copies of it."""
    indicators = _create_indicators(env, company)
    cycle = env["bsc.cycle"].create(
        {
            "name": "Bench",
            "company_id": company,
            "date_from": "2024-01-01",
            "date_to": "2024-12-31",
        }
    )
    lines = [
        {
            "indicator_id": indicator.id,
            "weight": 100 / LINES,
            "target": 100,
            "target_status": "agreed",
        }
        for indicator in indicators
    ]
    card = env["bsc.scorecard"].create(
        {
            "cycle_id": cycle.id,
            "subject_kind": "company",
            "line_ids": [Command.create(line) for line in lines],
        }
    )
    figures = env["bsc.measurement"].create(
        [
            {
                "indicator_id": indicator.id,
                "company_id": company,
                "date_from": cycle.date_from,
                "date_to": cycle.date_to,
                "value": 120,
                "state": "verified",
            }
            for indicator in indicators
        ]
    )
    card.state = "agreed"
    env.flush_all()
    _copy_many(env, card, figures, count)
    return int(cycle.id)


def _create_indicators(env: api.Environment, company: int) -> Any:
    perspective = env["bsc.perspective"].create({"name": "Bench", "code": "BENCH"})
    collector = env["res.users"].create(
        {
            "name": "Bench collector",
            "login": "bench.collector",
            "company_id": company,
            "company_ids": [Command.set([company])],
        }
    )
    indicators = env["bsc.indicator"].create(
        [
            {
                "name": f"Bench {number}",
                "code": f"BENCH{number}",
                "company_id": company,
                "perspective_id": perspective.id,
                "level": "post",
                "unit": "cases",
                "frequency": "year",
                "statistical_rule": f"Cases of kind {number} closed in the year.",
                "source": "Bench",
                "collector_id": collector.id,
            }
            for number in range(LINES)
        ]
    )
    indicators.action_activate()
    return indicators


def _copy_many(env: api.Environment, card: Any, figures: Any, count: int) -> None:
    """Copy rows as they are: what is scored is found by the key of the subject."""
    person = SQL("'employee:-' || copy.number")
    changes = {"subject_key": person, "subject_kind": SQL("'employee'")}
    numbers = SQL("generate_series(2, %s) copy(number)", count)
    copy_rows(env, "bsc_scorecard", changes, SQL("row.id = %s", card.id), numbers)
    cards = SQL(
        "(SELECT id FROM bsc_scorecard WHERE cycle_id = %s AND id <> %s) copy(number)",
        card.cycle_id.id,
        card.id,
    )
    copy_rows(
        env,
        "bsc_scorecard_line",
        {"scorecard_id": SQL("copy.number")},
        SQL("row.scorecard_id = %s", card.id),
        cards,
    )
    ids = tuple(figures.ids)
    copy_rows(env, "bsc_measurement", changes, SQL("row.id IN %s", ids), numbers)
    env.invalidate_all()
