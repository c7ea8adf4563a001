"""Real server processes under load, on a copy of the data, over the loopback."""

from __future__ import annotations

import contextlib
import functools
import itertools
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import psycopg2

from tests import live, rpc

from . import bench_checks
from .bench_documents import claim_values

WORKERS = 2
SPREAD = 10
RETRY = b"try again in"
KINDS = ("vanilla", "spread", "hot")
Requests = Callable[["Person"], list["Answer"]]


class Answer(NamedTuple):
    """One request: when it came back, how long it took, what was refused."""

    seconds: float
    error: str = ""


class Person:
    """Somebody with a session of their own, who claims on one line."""

    def __init__(
        self, client: rpc.Client, field: dict[str, Any], number: int, kind: str
    ) -> None:
        self.client = client
        self.field = field
        self.facts = field["people"][number]
        self.slot = field["slots"][number % SPREAD if kind == "spread" else 0]
        # Each claim has an amount of its own: nothing to take for a duplicate.
        self.numbers = itertools.count(1)

    def create(self, amount: float | None = None) -> int:
        """Make a draft."""
        values = claim_values(self.field, self.facts, self.slot, next(self.numbers))
        if amount:
            values["total_amount_currency"] = amount
        return self.client.call_kw("hr.expense", "create", values)

    def submit(self, claim: int) -> Answer:
        """Submit a draft."""
        start = time.perf_counter()
        error = ""
        try:
            self.client.call_kw("hr.expense", "action_submit", [claim])
        except rpc.RpcError as refusal:
            error = f"{refusal.name}: {refusal.message}"
        return Answer(time.perf_counter() - start, error)


class Stage:
    """A server with its data, and the people of each company at work on it."""

    def __init__(self, server: live.LiveServer, request: dict[str, Any]) -> None:
        self.server = server
        self.fields = request["fields"]
        self._people: dict[str, list[Person]] = {}
        self._login = functools.cache(server.login)  # one session for all kinds

    def people(self, kind: str, count: int | None = None) -> list[Person]:
        """Return so many, or all, who claim on lines of a kind.

        The vanilla ones claim on ten slots.
        """
        field = self.fields["vanilla" if kind == "vanilla" else "controlled"]
        shape = "spread" if kind == "vanilla" else kind
        count = len(field["people"]) if count is None else count
        made = self._people.setdefault(kind, [])
        made += [
            Person(self._login(facts["login"]), field, number, shape)
            for number, facts in enumerate(field["people"][:count])
            if number >= len(made)
        ]
        return made[:count]

    def retries(self) -> int:
        """Return how often the server ran a request again since it started."""
        return Path(self.server.log).read_bytes().count(RETRY)

    def check(self) -> None:
        """:raise UnsoundError: what the load left behind breaks an invariant"""
        with (
            contextlib.closing(psycopg2.connect(dbname=self.server.db)) as connection,
            connection.cursor() as cr,
        ):
            bench_checks.refuse_unsound(cr)


@contextlib.contextmanager
def stage(request: dict[str, Any]) -> Iterator[Stage]:
    """Serve a copy of the database that a request names; check it at the end."""
    os.environ["BUDGET_TEST_TEMPLATE"] = request["database"]
    os.environ["BUDGET_TEST_PREFIX"] = request["prefix"]
    os.environ["BUDGET_TEST_RUN"] = request["run"]
    with live.serve("bench", WORKERS) as server:
        made = Stage(server, request)
        yield made
        made.check()


def together(people: list[Person], work: Requests) -> tuple[float, list[list[Answer]]]:
    """Let people work at the same time; return seconds in all, and their answers."""
    with ThreadPoolExecutor(len(people)) as pool:
        start = time.perf_counter()
        answers = list(pool.map(work, people, timeout=300))
        return time.perf_counter() - start, answers
