"""Ten people submit one claim each at the same moment."""

from __future__ import annotations

from typing import Any

from .bench_data import SCARCE
from .bench_live import KINDS, Answer, Stage, stage, together
from .bench_size import Size

CLAIM = SCARCE / 10


def run(request: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Return ``{kind of line: [round, …]}``; the kinds take turns."""
    size = Size(**request["size"])
    with stage(request) as made:
        for kind in KINDS:  # warms both workers up
            _round(made, kind)
        figures: dict[str, list[dict[str, Any]]] = {}
        for number in range(size.rounds):
            for kind in KINDS:
                figures.setdefault(kind, []).append(_round(made, kind))
            scarce = made.fields["controlled"]["scarce"][number]
            figures.setdefault("scarce", []).append(_round(made, "scarce", scarce))
    return figures


def _round(made: Stage, kind: str, slot: list[int] | None = None) -> dict[str, Any]:
    """Make drafts, then submit them all at once; a scarce line has money for some."""
    people = made.people(kind)
    if slot:
        for person in people:
            person.slot = slot
    drafts = {p: p.create(CLAIM if slot else None) for p in people}
    before = made.retries()

    def work(person: Any) -> list[Answer]:
        return [person.submit(drafts[person])]

    wall, answers = together(people, work)
    return {
        "wall": wall,
        "seconds": [answer.seconds for (answer,) in answers],
        "errors": [answer.error for (answer,) in answers if answer.error],
        "retries": made.retries() - before,
    }
