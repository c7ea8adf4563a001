"""How many claims a second people can make and submit."""

from __future__ import annotations

import time
from typing import Any

from .bench_live import KINDS, Answer, Person, Stage, stage, together
from .bench_size import Size

MOST = 500


def run(request: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a row for each number of clients, kind of line and round."""
    size = Size(**request["size"])
    with stage(request) as made:
        for kind in KINDS:  # warms both workers up
            _rate(made, kind, 2, size.seconds)
        return [
            {"clients": count, "kind": kind, **_rate(made, kind, count, size.seconds)}
            for count in size.clients
            for _number in range(min(3, size.rounds))
            for kind in KINDS
        ]


def _rate(made: Stage, kind: str, count: int, seconds: float) -> dict[str, Any]:
    """Let people create and submit for some seconds, to the end of the last claim."""
    before = made.retries()
    deadline = time.perf_counter() + seconds

    def work(person: Person) -> list[Answer]:
        answers: list[Answer] = []
        while time.perf_counter() < deadline and len(answers) < MOST:
            answers.append(person.submit(person.create()))
        return answers

    wall, answers = together(made.people(kind)[:count], work)
    done = [answer for row in answers for answer in row if not answer.error]
    refused = sum(map(len, answers)) - len(done)
    return {
        "rate": len(done) / wall,
        "refused": refused,
        "retries": made.retries() - before,
    }
