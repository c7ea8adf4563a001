"""Workers and PostgreSQL die in the middle of the work, and no money is lost by it."""

from __future__ import annotations

import contextlib
import itertools
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest

from .live import LiveServer, serve
from .load import (
    BEFORE_BOOKING,
    BEFORE_COMMIT,
    LOST,
    PASSED,
    REFUSED,
    Person,
    Plan,
    Scene,
    execute,
    gate,
    meanwhile,
    together,
)
from .own_postgres import Crashable, crashable
from .rpc import LostAnswerError, RpcError

WORKERS = 3
PEOPLE, CLAIMS = 6, 6
KILL_EVERY, MOST_KILLS, ENOUGH_LOST = 4, 100, 3  # every so many answers
COME_BACK_SECONDS = 40
BEFORE_TAKING = (
    "TRIGGER BEFORE INSERT ON performance_budget_pending FOR EACH ROW"
    " WHEN (NEW.amount_taken > 0)"
)
BEFORE_SETTLING = "TRIGGER BEFORE DELETE ON performance_budget_pending"

T = TypeVar("T")


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with serve("crash", WORKERS) as server:
        yield Scene(server, PEOPLE)


@pytest.mark.parametrize(
    ("where", "is_done"),
    [
        pytest.param(BEFORE_TAKING, False, id="while it takes the money"),
        pytest.param(BEFORE_BOOKING, False, id="between taking and booking"),
        pytest.param(BEFORE_COMMIT, True, id="in the commit"),
        pytest.param(BEFORE_SETTLING, True, id="between commit and settling"),
    ],
)
def test_a_worker_dies_at_a_known_place(
    scene: Scene, where: str, is_done: bool
) -> None:
    """The claim is held or it is not, and the next one finds the money or not."""
    plan = scene.plan(1000.0)
    shares = {plan.projects[0]: 100.0}
    author, colleague = scene.people[:2]
    draft = author.draft(shares, 300.0)
    with (
        gate(scene.server, where) as barrier,
        meanwhile(partial(author.submit, draft)) as answer,
    ):
        sessions = barrier.await_sessions()
        if where in (BEFORE_BOOKING, BEFORE_COMMIT):  # it has taken
            assert colleague.spend(shares, 550.0).startswith(REFUSED)
        _kill(scene.server, *_http_workers(scene.server))
        assert answer() == LOST
        barrier.open()
        _await_end(scene.server, sessions)
    assert scene.claims("submitted", draft) == ([draft] if is_done else [])
    assert scene.problems(plan, settled=False) == []
    # 300 and 550 would use more than 80 %.
    assert colleague.spend(shares, 550.0).startswith(REFUSED if is_done else PASSED)
    scene.settle()
    assert scene.used(plan) == [300.0 if is_done else 550.0]
    assert scene.problems(plan) == []


def test_what_a_dead_worker_left_is_settled_by_the_next_who_comes(
    scene: Scene,
) -> None:
    plan = scene.plan(1000.0)
    shares = {plan.projects[0]: 100.0}
    author, colleague = scene.people[:2]
    submit = partial(author.submit, author.draft(shares, 300.0))
    with (
        gate(scene.server, BEFORE_SETTLING) as barrier,
        meanwhile(submit) as answer,
    ):
        sessions = barrier.await_sessions()
        _kill(scene.server, *_http_workers(scene.server))
        assert answer() == LOST
        # Else PostgreSQL would finish the statement of a client that is gone.
        query = "SELECT pg_terminate_backend(pid) FROM unnest(%s) AS pid"
        execute(scene.server, query, sessions)
        barrier.open()
        _await_end(scene.server, sessions)
    assert scene.used(plan) == [0.0]  # on its way, but not forgotten
    assert colleague.spend(shares, 200.0) == PASSED
    assert scene.used(plan) == [500.0]
    assert scene.problems(plan) == []


def test_workers_are_killed_again_and_again(scene: Scene) -> None:
    """Everything that was acknowledged is there once, the rest whole or not at all."""
    plan = scene.plan(100_000.0, 100_000.0)
    submitted = dict[int, str]()
    lost_enough, dice = threading.Event(), random.Random(1)

    def kill() -> None:
        """Go by the answers, not by the clock: a fast machine is soon done."""
        try:
            for done in range(KILL_EVERY, KILL_EVERY * MOST_KILLS, KILL_EVERY):
                _await(lambda done=done: len(submitted) >= done, "no claims come")
                if [*submitted.values()].count(LOST) >= ENOUGH_LOST:
                    return
                if workers := _http_workers(scene.server):
                    _kill(scene.server, dice.choice(workers))
        finally:
            lost_enough.set()

    with meanwhile(kill) as killed:
        _everybody_spends(scene, plan, submitted, until=lost_enough)
        killed()
    answers = Counter(submitted.values())
    # All of them would use half of the lines: nobody was refused, however many died.
    assert set(answers) == {PASSED, LOST}, answers
    assert answers[LOST] >= ENOUGH_LOST
    _wait_until_idle(scene.server)
    _assert_nothing_lost(scene, plan, submitted)


@pytest.fixture(scope="module")
def crash() -> Iterator[tuple[Crashable, Scene]]:
    with crashable("crash-postgres", WORKERS) as made:
        yield made, Scene(made.server, PEOPLE)


def test_postgres_dies_between_taking_and_booking(
    crash: tuple[Crashable, Scene],
) -> None:
    """What was taken for nobody is still written there, and does not count."""
    made, scene = crash
    plan = scene.plan(1000.0)
    shares = {plan.projects[0]: 100.0}
    draft = scene.people[0].draft(shares, 600.0)
    with (
        gate(made.server, BEFORE_BOOKING) as barrier,
        meanwhile(partial(scene.people[0].submit, draft)) as answer,
    ):
        barrier.await_sessions()
        time.sleep(1)  # so that the taking, which waits for no disk, is in the log
        made.crash()
        assert answer() != PASSED
        made.recover()
        _await_recovery(scene)
    taken = execute(made.server, "SELECT amount_taken FROM performance_budget_pending")
    assert [float(amount) for (amount,) in taken] == [600.0]
    assert scene.claims("submitted", draft) == []
    assert scene.people[1].spend(shares, 500.0) == PASSED
    assert scene.used(plan) == [500.0]
    assert scene.problems(plan) == []


def test_postgres_dies_under_load(crash: tuple[Crashable, Scene]) -> None:
    """Clients come back, and every acknowledged claim is there exactly once."""
    made, scene = crash
    plan = scene.plan(12_500.0, 12_500.0)
    submitted = dict[int, str]()

    def break_down() -> None:
        for done in (PEOPLE, 3 * PEOPLE):
            _await(lambda done=done: len(submitted) >= done, "no claims come")
            made.crash()
            made.recover()

    with meanwhile(break_down) as broken:
        _everybody_spends(scene, plan, submitted)
        broken()
    answers = Counter(answer.partition(":")[0] for answer in submitted.values())
    assert len(submitted) == PEOPLE * CLAIMS
    assert answers[PASSED] >= PEOPLE, answers
    _await_recovery(scene)
    _wait_until_idle(made.server)
    _assert_nothing_lost(scene, plan, submitted)


def _everybody_spends(
    scene: Scene,
    plan: Plan,
    answers: dict[int, str],
    until: threading.Event | None = None,
) -> None:
    """Let everybody submit claims on both lines; write down the answer to each.

    Nothing is submitted twice: what was not acknowledged stays unknown.

    :param until: go on until this is set, but at least CLAIMS times
    """

    def work(person: Person, projects: list[int]) -> None:
        shares = dict.fromkeys(projects, 50.0)
        for turn in itertools.count():
            if turn >= CLAIMS and (until is None or until.is_set()):
                return
            draft = _insist(partial(person.draft, shares, 200.0 + turn / 100))
            answers[draft] = person.submit(draft)

    ways = [plan.projects, plan.projects[::-1]]
    together(
        [
            partial(work, person, ways[number % 2])
            for number, person in enumerate(scene.people)
        ]
    )


def _await_recovery(scene: Scene) -> None:
    """Wait until all workers have noticed that their old connections are dead.

    Odoo answers one request on each with an error.
    """
    for _time in range(10 * WORKERS):
        _insist(partial(scene.claims, "draft"))


def _insist(call: Callable[[], T]) -> T:
    """Call again as long as no answer comes; for what does no harm twice."""
    deadline = time.monotonic() + COME_BACK_SECONDS
    while True:
        try:
            return call()
        except (LostAnswerError, RpcError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _assert_nothing_lost(scene: Scene, plan: Plan, submitted: dict[int, str]) -> None:
    """Check claims, ledger and balances after people got these answers."""
    there = scene.claims("submitted", *submitted)
    passed = {claim for claim, answer in submitted.items() if answer == PASSED}
    assert passed <= set(there)
    # Sums and documents agree before anything is settled, too.
    assert scene.problems(plan, settled=False) == []
    scene.settle()
    assert scene.problems(plan) == []
    held = execute(
        scene.server,
        """SELECT res_id, line_id, COUNT(*), SUM(amount), MIN(total_amount)
             FROM performance_budget_entry entry
             JOIN hr_expense claim ON claim.id = res_id
            WHERE res_model = 'hr.expense' AND budget_id = %s GROUP BY 1, 2""",
        plan.id,
    )
    expected = {(claim, line) for claim in there for line in plan.lines}
    assert {(claim, line) for claim, line, *_rest in held} == expected
    for *_place, count, amount, total in held:
        assert count == 1
        assert float(amount) == pytest.approx(float(total) / 2, abs=0.0051)
    sums = Counter[int]()
    for _claim, line, _count, amount, _total in held:
        sums[line] += amount
    used = [float(sums[line]) for line in plan.lines]
    assert scene.used(plan) == pytest.approx(used, abs=1e-6)


def _http_workers(server: LiveServer) -> list[int]:
    """Return the processes that answer requests, without the one for the bus."""
    workers = []
    for pid in server.children():
        with contextlib.suppress(OSError):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if b"gevent" not in words:
                workers.append(pid)
    return workers


def _kill(server: LiveServer, *workers: int) -> None:
    """End workers of the server at once; the server starts others."""
    for worker in set(workers) & set(server.children()):  # nobody else's process
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker, signal.SIGKILL)


def _await_end(server: LiveServer, sessions: list[int]) -> None:
    """Wait until PostgreSQL has noticed that nobody listens to these any more."""
    query = "SELECT FROM pg_stat_activity WHERE pid = ANY(%s)"
    _await(lambda: not execute(server, query, sessions), "the sessions go on")


def _wait_until_idle(server: LiveServer) -> None:
    """Wait until no transaction runs any more but the one that asks."""
    query = """SELECT FROM pg_stat_activity WHERE datname = current_database()
                  AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"""
    _await(lambda: not execute(server, query), "transactions go on")


def _await(condition: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + COME_BACK_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(otherwise)
        time.sleep(0.05)
