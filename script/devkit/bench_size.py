"""How much data script/bench makes, and how often it measures."""

from __future__ import annotations

from dataclasses import dataclass

ITEMS_PER_MOVE = 10
COMPANIES = ("vanilla", "controlled")


@dataclass(frozen=True)
class Size:
    """The amount of data and of measuring; a line is a position × a cost centre."""

    positions: int
    centres: int
    items: int
    pairs: int = 9
    batch: int = 100
    rounds: int = 5
    slices: int = 12  # a multiple of six: the three kinds in every order
    seconds: float = 2.0
    clients: tuple[int, ...] = (1, 2, 4, 10)

    @property
    def lines(self) -> int:
        return self.positions * self.centres

    @property
    def moves(self) -> int:
        return self.items // ITEMS_PER_MOVE


SIZES = {
    "T": Size(
        2, 6, 200, pairs=1, batch=5, rounds=1, slices=1, seconds=0.5, clients=(2,)
    ),
    "S": Size(10, 10, 10_000, pairs=15),
    "M": Size(20, 50, 100_000),
    "L": Size(50, 100, 1_000_000),
}
