"""Many people after the money of few lines, through real server processes."""

from __future__ import annotations

import itertools
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TypeVar

import pytest

from .live import serve
from .load import (
    BEFORE_BOOKING,
    BEFORE_COMMIT,
    PASSED,
    REFUSED,
    Person,
    Scene,
    attempt,
    gate,
    meanwhile,
    together,
)

WORKERS = 4
ROUNDS = 3
BEFORE_STATE = "TRIGGER BEFORE UPDATE OF state ON performance_budget"
DENIED = "odoo.exceptions.AccessError"
T = TypeVar("T")


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with serve("hot-line", WORKERS) as server:
        yield Scene(server)


def _everybody(scene: Scene, work: Callable[[int, Person], T]) -> list[T]:
    people = enumerate(scene.people)
    return together([partial(work, number, person) for number, person in people])


def _outcomes(answers: Iterable[str]) -> Counter[str]:
    return Counter(answer.partition(":")[0] for answer in answers)


def test_scarce_money_is_spent_to_the_last_claim_that_fits(scene: Scene) -> None:
    """Ten ask for 100 each of 1,000, which are held from 800 on (B20)."""
    plan = scene.plan(1000.0)
    shares = {plan.projects[0]: 100.0}
    drafts = [person.draft(shares, 100.0) for person in scene.people]
    answers = _everybody(scene, lambda n, person: person.submit(drafts[n]))
    assert _outcomes(answers) == {PASSED: 7, REFUSED: 3}, answers
    assert scene.used(plan) == [700.0]
    assert len(scene.claims("submitted", *drafts)) == 7
    assert scene.problems(plan) == []


def test_ample_money_stops_nobody_and_makes_nobody_wait(scene: Scene) -> None:
    plan = scene.plan(1_000_000.0)
    shares = {plan.projects[0]: 100.0}
    amounts = [10.01, 20.02, 30.03]

    def work(_number: int, person: Person) -> list[str]:
        return [person.spend(shares, amount) for amount in amounts]

    retries = scene.server.retries()
    answers = _everybody(scene, work)
    assert answers == [[PASSED] * len(amounts)] * len(scene.people)
    assert scene.server.retries() == retries
    assert scene.used(plan) == [pytest.approx(10 * sum(amounts), abs=1e-6)]
    assert scene.problems(plan) == []


@pytest.mark.parametrize(("planned", "passing"), [(1_000_000.0, 10), (1000.0, 7)])
def test_claims_that_cross_do_not_block_each_other(
    scene: Scene, planned: float, passing: int
) -> None:
    """Half of them name the lines in one order, half in the other."""
    plan = scene.plan(planned, planned)
    ways = [plan.projects, plan.projects[::-1]]

    def work(number: int, person: Person) -> str:
        return person.spend(dict.fromkeys(ways[number % 2], 50.0), 200.0)

    retries = scene.server.retries()
    answers = _everybody(scene, work)
    expected = {PASSED: passing, REFUSED: 10 - passing}
    assert _outcomes(answers) == +Counter(expected), answers
    assert scene.server.retries() == retries
    assert scene.used(plan) == [100.0 * passing] * 2
    assert scene.problems(plan) == []


def test_batches_that_cross_do_not_block_each_other(scene: Scene) -> None:
    """Each submits a claim on each of three lines, in an order of his own."""
    plan = scene.plan(*[1_000_000.0] * 3)
    orders = list(itertools.permutations(plan.projects))

    def work(number: int, person: Person) -> str:
        order = orders[number % len(orders)]
        drafts = [person.draft({project: 100.0}, 100.0) for project in order]
        return person.submit(*drafts)

    retries = scene.server.retries()
    assert _everybody(scene, work) == [PASSED] * 10
    assert scene.server.retries() == retries
    assert scene.used(plan) == [1000.0] * 3
    assert scene.problems(plan) == []


def test_many_hands_on_one_claim(scene: Scene) -> None:
    """Approving, refusing, editing and submitting the same claim at once."""
    plan = scene.plan(10_000.0, 10_000.0)
    author = scene.people[0]
    hands = [scene.server.login("cfo") for _hand in range(4)]
    other = {"analytic_distribution": {str(plan.projects[1]): 100}}
    for turn in range(ROUNDS):
        claim = author.draft({plan.projects[0]: 100.0}, 100.0 + turn)
        assert author.submit(claim) == PASSED
        answers = together(
            [
                partial(attempt, hands[0], "hr.expense", "action_approve", [claim]),
                partial(attempt, hands[1], "hr.expense", "action_reset", [claim]),
                partial(attempt, hands[2], "hr.expense", "write", [claim], other),
                partial(
                    attempt,
                    hands[3],
                    "hr.expense",
                    "write",
                    [claim],
                    {"total_amount_currency": 200.0 + turn},
                ),
                partial(author.submit, claim),
            ]
        )
        assert set(_outcomes(answers)) <= {PASSED, REFUSED, DENIED}, answers
        assert scene.problems(plan) == []


def test_the_entry_is_reset_while_the_claim_is_edited(scene: Scene) -> None:
    """Two transactions that move one claim by different rows."""
    plan = scene.plan(10_000.0)
    claim = _post(scene, scene.people[0].draft({plan.projects[0]: 100.0}, 123.45))
    assert scene.problems(plan) == []
    editor, change = scene.server.login("cfo"), {"total_amount_currency": 300.0}
    (read,) = scene.manager.call_kw("hr.expense", "read", [claim], ["account_move_id"])
    move = read["account_move_id"][0]
    reset = partial(attempt, scene.manager, "account.move", "button_draft", [move])
    with gate(scene.server, BEFORE_BOOKING) as barrier, meanwhile(reset) as answer:
        barrier.await_sessions()
        edited = attempt(editor, "hr.expense", "write", [claim], change)
        barrier.open()
        assert [edited, answer()] == [PASSED, PASSED]
    assert scene.used(plan) == [300.0]
    assert scene.problems(plan) == []


@pytest.mark.parametrize("where", [BEFORE_BOOKING, BEFORE_COMMIT])
def test_a_budget_is_reset_while_somebody_submits(scene: Scene, where: str) -> None:
    """Who comes first wins: no entry is left on a draft."""
    plan = scene.plan(1000.0)
    author = scene.people[0]
    draft = author.draft({plan.projects[0]: 100.0}, 100.0)
    submit = partial(author.submit, draft)
    reset = partial(
        attempt, scene.manager, "performance.budget", "action_reset", [plan.id]
    )
    with gate(scene.server, where) as barrier, meanwhile(submit) as submitted:
        barrier.await_sessions()
        with meanwhile(reset) as answer:
            time.sleep(1)  # it may have to wait for the one at the gate
            barrier.open()
            answers = [submitted(), answer()]
    assert _outcomes(answers) == {PASSED: 1, REFUSED: 1}, answers
    assert (answers[0] == PASSED) == (where == BEFORE_COMMIT)
    assert scene.problems(plan) == []


def test_a_budget_is_closed_after_somebody_has_taken(scene: Scene) -> None:
    plan = scene.plan(1000.0)
    author = scene.people[0]
    submit = partial(author.submit, author.draft({plan.projects[0]: 100.0}, 100.0))
    with gate(scene.server, BEFORE_BOOKING) as barrier, meanwhile(submit) as answer:
        barrier.await_sessions()
        closed = attempt(scene.manager, "performance.budget", "action_close", [plan.id])
        barrier.open()
        assert [closed, answer()] == [PASSED, PASSED]
    assert scene.used(plan) == [100.0]
    assert scene.problems() == []


def test_a_budget_is_closed_before_somebody_takes(scene: Scene) -> None:
    """He waits for the answer instead of taking from what is about to be closed."""
    plan = scene.plan(1000.0)
    author = scene.people[0]
    draft = author.draft({plan.projects[0]: 100.0}, 100.0)
    close = partial(
        attempt, scene.manager, "performance.budget", "action_close", [plan.id]
    )
    with gate(scene.server, BEFORE_STATE) as barrier, meanwhile(close) as closed:
        barrier.await_sessions()
        with meanwhile(partial(author.submit, draft)) as answer:
            time.sleep(0.5)
            barrier.open()
            assert closed() == PASSED
            assert answer().startswith(REFUSED)
            assert "closed" in answer()
    assert scene.used(plan) == [0.0]
    assert scene.problems() == []


def test_what_a_new_budget_overlooked_is_found_and_repaired(scene: Scene) -> None:
    """A claim that began before the approval and ends after it is seen by neither.

    The claim's transaction does not know the new budget, the approval not the claim.
    That cannot pass unnoticed: the audit names it, and a repair books it.
    """
    plan = scene.plan(1000.0)
    later = scene.plan(1000.0, approve=False, dimension=scene.second_dimension)
    author = scene.people[0]
    draft = author.draft({f"{plan.projects[0]},{later.projects[0]}": 100.0}, 100.0)
    with (
        gate(scene.server, BEFORE_BOOKING) as barrier,
        meanwhile(partial(author.submit, draft)) as answer,
    ):
        barrier.await_sessions()
        scene.manager.call_kw("performance.budget", "action_approve", [later.id])
        barrier.open()
        assert answer() == PASSED
    assert scene.used(plan) + scene.used(later) == [100.0, 0.0]
    assert any(problem.startswith("audit") for problem in scene.problems(later))
    scene.manager.call_kw("performance.budget", "action_repair", [later.id])
    assert scene.used(plan) + scene.used(later) == [100.0, 100.0]
    assert scene.problems(plan, later) == []


def test_audit_and_repair_disturb_nobody(scene: Scene) -> None:
    plan = scene.plan(100_000.0, 100_000.0)
    ways = [plan.projects, plan.projects[::-1]]
    auditor = scene.server.login("cfo")

    def work(number: int, person: Person) -> list[str]:
        shares = dict.fromkeys(ways[number % 2], 50.0)
        return [person.spend(shares, 100.0 + turn) for turn in range(ROUNDS)]

    def repair() -> list[str]:
        actions = ["action_audit", "action_repair"] * ROUNDS
        return [
            attempt(auditor, "performance.budget", action, [plan.id])
            for action in actions
        ]

    with meanwhile(repair) as repaired:
        answers = _everybody(scene, work)
        assert answers == [[PASSED] * ROUNDS] * 10
        assert set(repaired()) == {PASSED}, repaired()
    assert scene.used(plan) == [1515.0] * 2
    assert scene.problems(plan) == []


def test_no_deadlock_was_logged(scene: Scene) -> None:
    log = scene.server.log.read_text(encoding="utf-8")
    for trouble in ("deadlock detected", "lock timeout", "Traceback"):
        assert trouble not in log


def _post(scene: Scene, draft: int) -> int:
    call = scene.manager.call_kw
    call("hr.expense", "action_submit", [draft])
    call("hr.expense", "action_approve", [draft])
    action = call("hr.expense", "action_post", [draft])
    call(
        action["res_model"],
        "action_post_entry",
        [action["res_id"]],
        context=action["context"],
    )
    return draft
