"""A random walk over everything that happens to claims and their journal entries.

Each step is drawn from a seeded generator, carried out in a savepoint and flushed as a
commit would. Whenever the ledger is about to be synchronised, the oracle says first
whether that must be refused; afterwards every invariant is checked, whether the step
passed or not. A failing walk prints its steps as a short script.
"""

from collections import Counter
from random import Random
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.tools import mute_logger

from .ledger_walk_claims import ClaimSteps
from .ledger_walk_entries import EntrySteps

# Refusals that leave everything as it was; all else is a bug.
REFUSALS = (UserError, IntegrityError)


class LedgerWalk(ClaimSteps, EntrySteps):
    """One walk of a test case that has the fixtures of ``BudgetCommon``."""

    first_claims = 4

    def __init__(self, case, seed, operations=None):
        self.case = case
        self.env = case.env
        self.rng = seed if isinstance(seed, Random) else Random(seed)
        self.seed = seed
        self.claims = []
        self.moves = []
        self.script = []
        self.counts = Counter()
        self.before = None
        self.memory = {}
        self.memory_before = {}
        self.failure = None
        names = operations or [
            name.removeprefix("_op_") for name in dir(self) if name.startswith("_op_")
        ]
        self.operations = sorted(names)

    # Running

    def run(self, steps):
        """Walk; fail with the script when an invariant breaks."""
        with (
            self._watched(),
            # An import that fails would forget the plans that the fixtures made.
            patch.object(type(self.env.registry), "reset_changes", lambda _self: None),
            mute_logger("odoo.sql_db", "odoo.models.unlink"),
        ):
            for _claim in range(self.first_claims):
                self._start_claim()
            for _number in range(steps):
                name = self._draw()
                self._step(name, *getattr(self, f"_op_{name}")())
        return self.counts

    def _draw(self):
        """Return an operation; the ones that carry a claim on come more often."""
        if self.rng.random() < 0.45:
            common = ("new", "submit", "submit", "approve", "post", "post", "amount")
            common += ("distribution", "many_fields", "edit_draft", "bill")
            common = [name for name in common if name in self.operations]
            if common:
                return self._possible(self.rng.choice(common))
        return self.rng.choice(self.operations)

    def _possible(self, name):
        """Return what has to come first when no claim is ready for the operation."""
        waiting = {c.approval_state for c in self.claims if not c.account_move_id}
        for later, state, first in (
            ("post", "approved", "approve"),
            ("approve", "submitted", "submit"),
            ("submit", False, "new"),
        ):
            if name == later and state not in waiting and first in self.operations:
                name = first
        return name

    def _start_claim(self):
        self._step("new", *self._op_new())

    def _step(self, name, label, action):
        self.script.append(label)
        self.before = self.case._oracle()
        marks = len(self.claims), len(self.moves)
        outcome = "done"
        history = self._history()
        try:
            with self.env.cr.savepoint():
                action()
                self.case._flush()
        except REFUSALS as error:
            outcome = "refused"
            del self.claims[marks[0] :], self.moves[marks[1] :]
            self.script[-1] += f"  # refused: {str(error)[:70]!r}"
        except Exception as error:  # noqa: BLE001
            self._fail(f"{type(error).__name__}: {error}", error)
        if self.failure:
            self._fail(self.failure)
        self.counts[f"{name} {outcome}"] += 1
        after = self.case._oracle()
        if outcome == "refused" and (after.held, after.desired) != (
            self.before.held,
            self.before.desired,
        ):
            self._fail("a refused step changed something")
        try:
            self.case.assertLedgerSound(after)
        except AssertionError as error:
            self._fail(str(error))
        if self._history(history[1]) != history:
            self._fail("I6: an old entry changed or went")
        self._check_limits(history[1])
        self.memory_before = dict(self.memory)
        after.remember(self.before, self.memory)
        self._count(after)
        self.claims = [claim for claim in self.claims if claim.id in after.claims]
        self.moves = [move for move in self.moves if move.exists()]

    def _count(self, after):
        """Count what the ledger saw, to tell a walk that went nowhere."""
        for key, amount in after.held.items():
            if self.before.held.get(key, 0) < amount:
                self.counts[key.kind] += 1
                if self.memory_before.get(key):
                    self.counts["returned"] += 1

    def _fail(self, problem, error=None):
        script = "\n".join(f"  {n}. {text}" for n, text in enumerate(self.script, 1))
        seed = "" if self.seed is self.rng else f"seed {self.seed}, "
        raise AssertionError(
            f"{seed}step {len(self.script)}: {problem}\n{script}"
        ) from error

    def _watched(self):
        """Ask the oracle before each synchronisation and compare what happens."""
        walk = self
        Ledger = self.env.registry["performance.budget.ledger"]
        sync = Ledger._sync_marked

        def _sync_marked(ledger):
            expected = walk.case._oracle().get_refusal(walk.before, walk.memory)
            try:
                result = sync(ledger)
            except UserError as error:
                walk.counts["refused by the budget"] += 1
                if not expected and not walk.failure:
                    walk.failure = f"I7: refused without a reason: {error}"
                raise
            if expected and not walk.failure:
                walk.failure = f"I3: should have been refused: {expected}"
            return result

        return patch.object(Ledger, "_sync_marked", _sync_marked)

    def _history(self, last=None):
        """Return ``(fingerprint, last id)`` of the entries up to an id."""
        self.env.cr.execute(
            """SELECT COALESCE(md5(string_agg(entry::text, '|' ORDER BY id)), ''),
                      COALESCE(MAX(id), 0)
                 FROM performance_budget_entry entry
                WHERE id <= COALESCE(%s, id)""",
            [last],
        )
        return self.env.cr.fetchone()

    def _check_limits(self, last):
        """I3: a line to which claims were added in this step is within its plan.

        But what comes back because its journal entry went is never refused.
        """
        self.env.cr.execute(
            """SELECT line.id, balance.amount_used, balance.amount_planned
                 FROM performance_budget_entry entry
                 JOIN performance_budget_line line ON line.id = entry.line_id
                 JOIN performance_budget_balance balance
                   ON balance.id = line.balance_id
                WHERE entry.id > %s AND balance.amount_used > balance.amount_planned
             GROUP BY line.id, balance.id
               HAVING SUM(entry.amount) > 0
                  AND bool_or(entry.res_model = 'hr.expense' AND entry.amount > 0
                              AND entry.kind = 'reserved')""",
            [last],
        )
        over = self.env.cr.fetchall()
        if over:
            self._fail(f"I3: reserved beyond the plan: {over}")
