"""How many claims a second people can make and submit, and what a claim costs."""

from __future__ import annotations

import itertools
import time
from typing import Any

from .bench_cpu import Meter, metered, spent
from .bench_live import KINDS, Answer, Person, Stage, stage, together
from .bench_size import Size

MOST = 500
# Each kind comes as often first as last, and as often after each of the others.
ORDERS = tuple(itertools.permutations(KINDS))


def run(request: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each number of clients, round and kind of line."""
    size = Size(**request["size"])
    with stage(request) as made, metered(made.server) as meter:
        for kind in KINDS:  # warms both workers up
            _slice(made, meter, kind, 2, size.seconds)
        return [
            {
                "clients": count,
                "kind": kind,
                **_slice(made, meter, kind, count, size.seconds),
            }
            for count in size.clients
            for number in range(size.slices)
            for kind in ORDERS[number % len(ORDERS)]
        ]


def _slice(
    made: Stage, meter: Meter, kind: str, count: int, seconds: float
) -> dict[str, Any]:
    """Let people create and submit for some seconds, to the end of the last claim."""
    people = made.people(kind, count)
    retries, before = made.retries(), meter.reading()
    deadline = time.perf_counter() + seconds

    def work(person: Person) -> list[Answer]:
        answers: list[Answer] = []
        while time.perf_counter() < deadline and len(answers) < MOST:
            answers.append(person.submit(person.create()))
        return answers

    wall, answers = together(people, work)
    odoo, postgres = spent(before, meter.reading())
    claims = sum(map(len, answers))
    refused = sum(bool(answer.error) for row in answers for answer in row)
    return {
        "rate": (claims - refused) / wall,
        "refused": refused,
        "retries": made.retries() - retries,
        "odoo": odoo / claims,
        "postgres": None if postgres is None else postgres / claims,
    }
