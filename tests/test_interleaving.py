"""Steps of several transactions in any order: no order spends money twice.

Odoo's cursors, the ORM and the ledger are the real ones. Each transaction lives in a
thread of its own, but only one moves at a time, so that a failing order of steps can be
repeated; Hypothesis prints it as a short script.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from odoo import api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import SQL, config, mute_logger

from odoo.addons.budget_performance.models import (
    performance_budget_balance_settlement as settlement,
)
from odoo.addons.budget_performance.models import (
    performance_budget_control_figures as figures,
)

from .live import known_databases
from .steps import CLAIMS, LINES, Actor, Field

BALANCE, ENTRY = "performance.budget.balance", "performance.budget.entry"
ACTORS = 3
STEPS, EXAMPLES, EXAMPLES_FOR_MUTANTS = 30, 15, 30
# Nobody waits for long: in one thread at a time he would wait for himself.
BRIEFLY = SQL("SET LOCAL synchronous_commit = off; SET LOCAL lock_timeout = '50ms';")


actors = st.integers(0, ACTORS - 1)
claims = st.integers(0, CLAIMS - 1)
changes = st.fixed_dictionaries(
    {},
    optional={
        "approval_state": st.sampled_from(
            ["submitted", "submitted", "submitted", "approved", "refused", False]
        ),
        "total_amount_currency": st.sampled_from([150, 260, 390, 510.55]),
        "shares": st.sampled_from([{0: 100}, {1: 100}, {0: 50, 1: 50}, {1: 33, 0: 67}]),
    },
)


class Interleaving(RuleBasedStateMachine):
    """Requests that change claims, in any order of their steps."""

    field: Field

    @initialize()
    def begin(self) -> None:
        self.field.clean()
        self.actors = [Actor(self.field) for _actor in range(ACTORS)]

    def _write(self, actor: Actor, claim: int, change: dict[str, Any]) -> None:
        env, vals = actor.begin(), dict(change)
        if shares := vals.pop("shares", None):
            vals["analytic_distribution"] = {
                str(self.field.projects[n]): share for n, share in shares.items()
            }
        env["hr.expense"].browse(self.field.claims[claim]).write(vals)
        env.flush_all()

    def _free(self, number: int) -> Actor:
        """Return an actor, who goes on first if he has halted."""
        actor = self.actors[number]
        if actor.is_halfway:
            actor.go_on()
        return actor

    @rule(number=actors, claim=claims, change=changes)
    def change(self, number: int, claim: int, change: dict[str, Any]) -> None:
        actor = self._free(number)
        actor.do(lambda: self._write(actor, claim, change))

    @rule(number=actors, claim=claims, change=changes)
    def change_and_sync(self, number: int, claim: int, change: dict[str, Any]) -> None:
        self.change(number, claim, change)
        self.sync(number)

    @rule(number=actors, some=st.lists(claims, min_size=1, max_size=2, unique=True))
    def fill(self, number: int, some: list[int]) -> None:
        """Ask for half of a line, once or twice in one request."""
        change = {"approval_state": "submitted", "total_amount_currency": 510.55}
        for claim in some:
            self.change_and_sync(number, claim, change)

    @rule(number=actors)
    def sync(self, number: int) -> None:
        """Take and book; what comes afterwards is a second time."""
        actor = self._free(number)
        actor.do(actor.begin().cr.flush)

    @rule(number=actors)
    def take(self, number: int) -> None:
        """Take, and halt before booking."""
        actor = self._free(number)
        actor.stops_halfway = True
        actor.do(actor.begin().cr.flush)
        actor.stops_halfway = False

    @rule(number=actors, claim=claims, change=changes)
    def give_up_a_part(self, number: int, claim: int, change: dict[str, Any]) -> None:
        """Take and book within a savepoint that is rolled back."""
        actor = self._free(number)

        def job() -> None:
            cr = actor.begin().cr
            savepoint = cr.savepoint()
            try:
                self._write(actor, claim, change)
                cr.flush()
            finally:
                savepoint.close(rollback=True)

        actor.do(job)

    @rule(number=actors, line=st.integers(0, LINES - 1))
    def own(self, number: int, line: int) -> None:
        """Write a balance in its own name, as who changes the budget does."""
        actor = self._free(number)
        lines = [self.field.lines[line]]
        actor.do(lambda: actor.begin()[BALANCE]._own(lines))

    @rule(number=actors)
    def commit(self, number: int) -> None:
        self._free(number).commit(settles=True)

    @rule(number=actors)
    def commit_and_die(self, number: int) -> None:
        self._free(number).commit(settles=False)

    @rule(number=actors)
    def roll_back(self, number: int) -> None:
        self._free(number).roll_back()

    @rule(number=actors)
    def die(self, number: int) -> None:
        self.actors[number].die()

    @rule()
    def settle(self) -> None:
        self.field.settle()

    @invariant()
    def is_sound(self) -> None:
        if hasattr(self, "actors"):
            with self.field.environment() as env:
                assert self.field.find_problems(env, self.actors, at_rest=False) == []

    def teardown(self) -> None:
        if hasattr(self, "actors"):
            for actor in self.actors:
                actor.end()
            self.field.settle()
            with self.field.environment() as env:
                assert self.field.find_problems(env, at_rest=True) == []


@pytest.fixture(scope="module")
def field() -> Iterator[Field]:
    databases = known_databases()
    name = databases.test_name("steps")
    with databases.copied(os.environ["BUDGET_TEST_TEMPLATE"], name):
        with patch.dict(config.options, {"test_enable": False}):
            registry = Registry(name)  # only loaded, without the tests of the addons
        append = registry[ENTRY]._append

        def _append(entry: Any, *args: Any) -> None:
            actor = Actor.by_thread.get(threading.get_ident())
            if actor:
                actor.halt()
            append(entry, *args)

        with (
            mute_logger("odoo.sql_db"),  # who waits too long is no surprise here
            patch.object(registry[ENTRY], "_append", _append),
            _stored(registry, patch.object(settlement, "_BRIEFLY", BRIEFLY)),
        ):
            yield Field(registry, name)
        sql_db.close_db(name)
        Registry.delete(name)


@contextmanager
def _stored(registry: Registry, change: AbstractContextManager[Any]) -> Iterator[None]:
    """Keep a change of the statements also in the functions of the database."""
    with change:
        _store(registry)
        yield
    _store(registry)


def _store(registry: Registry) -> None:
    with registry.cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        for model in (BALANCE, "performance.budget.control", ENTRY):
            env[model].init()


def _run(field: Field, examples: int, **options: Any) -> None:
    machine = type("Steps", (Interleaving,), {"field": field})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            **options,
        ),
    )


def test_no_order_of_steps_overspends_or_loses_money(field: Field) -> None:
    """Taking, booking, settling, giving up and dying, in any order (I1, I3, B20)."""
    _run(field, EXAMPLES)


MUTANTS = {
    "money is given back before the commit": lambda registry: _stored(
        registry, patch.object(settlement, "IN_PROGRESS", SQL("FALSE"))
    ),
    "what others have taken does not count": lambda registry: _stored(
        registry, patch.object(figures, "IN_PROGRESS", SQL("FALSE"))
    ),
    "a request forgets what it left before": lambda registry: patch.object(
        registry["performance.budget.pending"], "_get_left", lambda *_args: {}
    ),
    "nothing is left for the balances": lambda registry: _stored(
        registry,
        patch.object(
            registry["performance.budget.pending"],
            "_leave",
            lambda _self: SQL("SELECT"),
        ),
    ),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mutant_is_caught(field: Field, mutant: str) -> None:
    """Each way to get the order wrong is found by some order of steps."""
    with (
        MUTANTS[mutant](field.registry),
        pytest.raises(AssertionError, match=r"overspent|decides on|I1"),
    ):
        _run(field, EXAMPLES_FOR_MUTANTS, phases=[Phase.generate])
