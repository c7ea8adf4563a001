import os
from collections import Counter
from datetime import date
from random import Random
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .raise_common import RaiseCommon

STEPS = int(os.environ.get("BUDGET_RAISE_WALK_STEPS", "55"))
SEEDS = os.environ.get("BUDGET_RAISE_WALK_SEEDS", "1,2")
PLANNED = 30000.0
STEP = "odoo.addons.bsc_appraisal.models.bsc_raise_batch_application.STEP"


@tagged("post_install", "-at_install")
class TestBscRaiseWalk(RaiseCommon):
    """O1: whatever else happens to the pool's line, nothing is spent that it has not.

    A random walk over batches in all their states, claims and journal entries on the
    same line, adjustments of its plan, and the end of the budget. After each step the
    tables are asked, past the code under test.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["performance.budget.control.rule"].create(
            [
                {
                    "name": f"No {kind or 'document'} above the pool",
                    "company_id": cls.company.id,
                    "position_id": cls.pool.position_id.id,
                    "document_type": kind,
                    "interval": "year",
                    "band_ids": [
                        Command.create(
                            {"comparison": "exceed", "usage_rate": 1, "action": "block"}
                        )
                    ],
                }
                for kind in (False, "entry")
            ]
        )
        cls.env.user.group_ids |= cls.env.ref("budget_performance.group_budget_reopen")
        cls.account = cls.pool.position_id.account_ids
        cls.other_account = cls.env["account.account"].create(
            {
                "code": "629978",
                "name": "Bank",
                "account_type": "asset_current",
                "company_ids": [Command.set(cls.company.ids)],
            }
        )
        cls.journal = cls.env["account.journal"].create(
            {
                "name": "Walk",
                "code": "WALK",
                "type": "general",
                "company_id": cls.company.id,
            }
        )
        cls.product = cls.env["product.product"].create(
            {
                "name": "Prize",
                "can_be_expensed": True,
                "standard_price": 0,
                "supplier_taxes_id": [Command.clear()],
            }
        )

    @classmethod
    def _create_pool(cls, planned=PLANNED):  # pylint: disable=missing-return
        super()._create_pool(planned)

    def test_no_interleaving_passes_the_line(self):
        counts = Counter()
        for seed in SEEDS.split(","):
            with self.subTest(seed=seed), self.env.cr.savepoint() as savepoint:
                counts += self._walk(Random(int(seed)), seed)
                savepoint.rollback()
                self.env.invalidate_all()
        for sight in (
            *("next done", "next refused", "apply done", "reverse done"),
            *("claim done", "entry done", "entry refused", "more done", "less done"),
        ):
            self.assertTrue(counts[sight], f"no walk met: {sight}; {counts}")

    def _walk(self, rng, seed):
        """Do random steps; what is refused must leave everything as it was."""
        self.batches = self.env["bsc.raise.batch"]
        self.claims = self.env["hr.expense"]
        self.moves = self.env["account.move"]
        counts, script = Counter(), []
        steps = [name[4:] for name in dir(self) if name.startswith("_do_")]
        with patch(STEP, 2), mute_logger("odoo.sql_db", "odoo.models.unlink"):
            while sum(counts.values()) < STEPS:
                name = rng.choice([*steps, *["next"] * len(steps)])
                before = self._get_ledger()
                try:
                    with self.env.cr.savepoint():
                        outcome = getattr(self, f"_do_{name}")(rng)
                        self._flush()
                except (UserError, IntegrityError) as error:
                    outcome = "refused"
                    self.env.invalidate_all()
                    self.assertEqual(self._get_ledger(), before, error)
                    for made in ("batches", "claims", "moves"):
                        setattr(self, made, getattr(self, made).exists())
                if outcome == "idle":
                    continue
                outcome = outcome or "done"
                counts[f"{name} {outcome}"] += 1
                script.append(f"{name} {outcome}")
                self._check(f"seed {seed}: {script}")
        return counts

    def _check(self, script):
        ledger = self._get_ledger()
        used = sum(amount for _model, _id, amount in ledger)
        self.env.cr.execute(
            """SELECT balance.amount_planned, balance.amount_used
                 FROM performance_budget_line line
                 JOIN performance_budget_balance balance ON balance.id = balance_id
                WHERE line.id = %s""",
            [self.pool.id],
        )
        planned, balance = self.env.cr.fetchone()
        self.assertAlmostEqual(float(balance), used, 2, script)
        self.assertLessEqual(used, float(planned) + 0.001, script)
        held = Counter()
        for model, res_id, amount in ledger:
            if model == "bsc.raise.batch":
                held[res_id] += amount
        self.env.cr.execute(
            """SELECT batch.id, SUM(line.cost) FILTER (WHERE line.state <> 'failed'),
                      SUM(line.cost)
                 FROM bsc_raise_batch batch JOIN bsc_raise line ON batch_id = batch.id
                WHERE batch.company_id = %s AND (
                      batch.state IN ('submitted', 'approved') OR
                      batch.state = 'applying' AND line.state <> 'draft' OR
                      batch.state IN ('applied', 'reversed')
                      AND line.state = 'applied')
             GROUP BY batch.id""",
            [self.company.id],
        )
        # What cannot be applied is held until the last step, or never was.
        for batch, least, most in self.env.cr.fetchall():
            amount = held.pop(batch, 0)
            self.assertGreaterEqual(amount, float(least or 0) - 0.001, script)
            self.assertLessEqual(amount, float(most or 0) + 0.001, script)
        self.assertFalse([one for one in held.values() if abs(one) > 0.001], script)
        self.env.cr.execute(
            """SELECT employee_id, COUNT(*) FROM bsc_raise
                WHERE state = 'applied' AND base > 0 GROUP BY employee_id"""
        )
        applied = dict(self.env.cr.fetchall())
        for person in self.people.values():
            count = 1 + applied.get(person.id, 0)
            self.assertEqual(len(person.version_ids), count, script)

    def _get_ledger(self):
        """Return what documents have on the line, sums of zero left out."""
        self._flush()
        self.env.cr.execute(
            """SELECT res_model, res_id, SUM(amount)::float
                 FROM performance_budget_entry WHERE line_id = %s
             GROUP BY 1, 2 HAVING ABS(SUM(amount)) > 0.001 ORDER BY 1, 2""",
            [self.pool.id],
        )
        return self.env.cr.fetchall()

    def _pick(self, rng, *states):
        found = self.batches.filtered(lambda batch: batch.state in states)
        return rng.choice(list(found)) if found else found

    def _do_new(self, rng):
        day = f"2026-{rng.choice((10, 11, 12))}-01"
        batch = self._create_batch(
            date_effective=day, pool_amount=rng.choice((4e3, 9e3, 2e4))
        )
        batch.action_simulate()
        self.batches |= batch

    def _do_next(self, rng):
        """Carry a batch on by a step."""
        batch = self._pick(rng, "simulated", "submitted", "approved", "applying")
        if not batch:
            return "idle"
        return {
            "simulated": self._do_submit,
            "submitted": self._do_decide,
        }.get(batch.state, self._do_apply)(rng)

    def _do_submit(self, rng):
        batch = self._pick(rng, "simulated")
        if not batch:
            return "idle"
        return "refused" if batch.action_submit() else "done"

    def _do_change(self, rng):
        batch = self._pick(rng, "draft", "simulated")
        if not batch:
            return "idle"
        batch.pool_amount = rng.choice((4e3, 9e3, 2e4))
        batch.action_simulate()
        return "done"

    def _do_decide(self, rng):
        batch = self._pick(rng, "submitted")
        if not batch:
            return "idle"
        batch.with_user(self.checker).action_approve()
        return "done"

    def _do_reset(self, rng):
        batch = self._pick(rng, "submitted", "approved")
        if not batch or rng.random() < 0.5:
            return "idle"
        batch.action_reset()
        return "done"

    def _do_apply(self, rng):
        """A step of the job, or somebody who presses the button, perhaps again."""
        batch = self._pick(rng, "approved", "applying", "applied")
        if not batch:
            return "idle"
        if batch.state == "approved":
            batch.sudo().state = "applying"
        if rng.random() < 0.3:
            batch.action_apply()
        else:
            batch.sudo()._work()
        return "done"

    def _do_reverse(self, rng):
        batch = self._pick(rng, "applied", "reversing")
        if not batch or rng.random() < 0.4:
            return "idle"
        batch.action_reverse()
        return "done"

    def _do_claim(self, rng):
        claim = self.env["hr.expense"].create(
            {
                "name": "Prize",
                "employee_id": self.people["Ada"].id,
                "product_id": self.product.id,
                "account_id": self.account.id,
                "total_amount_currency": rng.choice((500, 3000, 8000)),
                "date": date(2026, rng.choice((3, 11)), 10),
                "company_id": self.company.id,
                "tax_ids": [Command.clear()],
            }
        )
        claim.action_submit()
        self.claims |= claim

    def _do_withdraw(self, rng):
        if not self.claims:
            return "idle"
        claim = rng.choice(list(self.claims))
        claim.action_reset()
        claim.unlink()
        self.claims = self.claims.exists()
        return "done"

    def _do_entry(self, rng):
        amount = rng.choice((500, 3000, 9000))
        move = self.env["account.move"].create(
            {
                "journal_id": self.journal.id,
                "date": date(2026, rng.choice((3, 11)), 10),
                "line_ids": [
                    Command.create({"account_id": self.account.id, "debit": amount}),
                    Command.create(
                        {"account_id": self.other_account.id, "credit": amount}
                    ),
                ],
            }
        )
        move.action_post()
        self.moves |= move

    def _do_unpost(self, rng):
        posted = self.moves.filtered(lambda move: move.state == "posted")
        if not posted:
            return "idle"
        rng.choice(list(posted)).button_draft()
        return "done"

    def _adjust(self, kind, amount):
        adjustment = self.env["performance.budget.adjustment"].create(
            {
                "kind": kind,
                "company_id": self.company.id,
                "reason": "Walk",
                "line_ids": [
                    Command.create({"line_id": self.pool.id, "amount": amount})
                ],
            }
        )
        adjustment.sudo()._apply_effects()

    def _do_more(self, rng):
        self._adjust("supplement", rng.choice((1000, 3000)))

    def _do_less(self, rng):
        """Take half of what is left, or more than is left."""
        self.env.cr.execute(
            """SELECT amount_planned - amount_used FROM performance_budget_balance
                WHERE id = (SELECT balance_id FROM performance_budget_line
                             WHERE id = %s)""",
            [self.pool.id],
        )
        left = float(self.env.cr.fetchone()[0])
        too_much = rng.random() < 0.5
        self._adjust("reduction", -round(left + 1 if too_much else left / 2, 2))

    def _do_close(self, rng):
        """The budget ends for a while; with the next step it is open again."""
        if self.budget.state == "closed":
            self.budget._reopen("Walk")
            return "opened"
        if rng.random() < 0.3:
            self.budget.action_close()
            return "done"
        return "idle"
