"""A random walk over everything that happens to claims and their journal entries.

Each step is drawn from a seeded generator, carried out in a savepoint and flushed as a
commit would. Whenever the ledger is about to be synchronised, the oracle says first
whether that must be refused; afterwards every invariant is checked, whether the step
passed or not. A failing walk prints its steps as a short script.
"""

from collections import Counter
from datetime import date
from random import Random
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command
from odoo.exceptions import UserError
from odoo.tools import mute_logger

from odoo.addons.hr_expense.models.hr_expense import EXPENSE_APPROVAL_STATE

STATES = tuple(state for state, _label in EXPENSE_APPROVAL_STATE)
OPEN = ("submitted", "approved")
# Refusals that leave everything as it was; all else is a bug.
REFUSALS = (UserError, IntegrityError)
DAYS = (
    date(2026, 3, 10),
    date(2026, 3, 31),
    date(2026, 4, 1),
    date(2026, 6, 15),
    date(2026, 12, 31),
    date(2027, 2, 1),
    date(2025, 11, 5),
    date(2028, 1, 1),
)


class LedgerWalk:
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

    # Drawing

    def _claim(self, *states):
        """A claim, mostly one in these approval states."""
        fitting = [claim for claim in self.claims if claim.approval_state in states]
        if self.rng.random() < 0.75:  # and mostly one without a journal entry
            fitting = [c for c in fitting if not c.account_move_id] or fitting
        if self.rng.random() < 0.6:
            fitting = fitting[-4:]
        if fitting and self.rng.random() < 0.85:
            return self.rng.choice(fitting)
        return self.rng.choice(self.claims) if self.claims else self._spare_claim()

    def _spare_claim(self):
        self.claims.append(self.case._create_claim())
        return self.claims[-1]

    def _spent(self):
        linked = [claim for claim in self.claims if claim.account_move_id]
        return self.rng.choice(linked) if linked else self._claim("approved")

    def _move(self):
        moves = [*self.moves, *(c.account_move_id for c in self.claims)]
        moves = [move for move in moves if move and move.exists()]
        return self.rng.choice(moves) if moves else self.env["account.move"]

    def _item(self, move):
        items = move.line_ids.filtered(lambda i: i.account_id.account_type == "expense")
        return self.rng.choice(items) if items else move.line_ids[:1]

    def _user(self, *logins):
        """A user, mostly one who may."""
        if logins and self.rng.random() < 0.8:
            return getattr(self.case, f"user_{self.rng.choice(logins)}")
        everyone = ("employee", "owner", "officer", "manager", "auditor", "stranger")
        return getattr(self.case, f"user_{self.rng.choice(everyone)}")

    def _amount(self):
        if self.rng.random() < 0.1:
            odd = (0, -100.0, 0.01, 0.05, 9999.0, 7001.0, 1e300, True, "1e3", 33333.33)
            return self.rng.choice(odd)
        return self.rng.randrange(1, 150000) / 100

    def _day(self):
        if self.rng.random() < 0.8:
            return date(2026, self.rng.randrange(1, 13), self.rng.randrange(1, 29))
        return self.rng.choice(DAYS)

    def _distribution(self):
        case = self.case
        sales, making = case.centre_sales.id, case.centre_making.id
        alpha, beta = case.project_alpha.id, case.project_beta.id
        return self.rng.choice(
            (
                {f"{sales}": 100},
                {f"{making}": 100},
                {f"{sales}": 100},
                {f"{making}": 100},
                {f"{sales}": 33.33, f"{making}": 66.67},
                {f"{making}": 33.335, f"{sales}": 66.665},
                {f"{making}": 50, f"{sales}": 50},
                {f"{sales},{alpha}": 60, f"{making},{beta}": 40},
                {f"{alpha},{sales}": 12.5, f"{sales},{beta}": 87.5},
                {f"{sales}": 100, f"{alpha}": 30.3, f"{beta}": 69.7},
                {f"{sales}": 60},
                {f"{sales}": 80, f"{making}": 40},
                {f"{sales}": 150, f"{making}": -50},
                {f"{alpha}": 100},
                False,
            )
        )

    def _product(self):
        names = ("hotel", "hotel", "flight", "taxi", "training", "gift", "mileage")
        return getattr(self.case, f"product_{self.rng.choice(names)}")

    def _account(self):
        names = ("hotel", "hotel", "flight", "taxi", "training", "gift")
        return getattr(self.case, f"account_{self.rng.choice(names)}")

    def _name(self, record):
        """The name of a record in the script: ids differ from run to run."""
        for letter, known in (("claim", self.claims), ("move", self.moves)):
            if record in known:
                return f"{letter}[{known.index(record)}]"
        if record._name == "account.move":
            owner = [c for c in self.claims if c.account_move_id == record]
            return f"{self._name(owner[0])}.move" if owner else "move[-]"
        return f"{record._name}[-]"

    def _as(self, record, user):
        return record.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    def _write(self, record, user, vals):
        shown = {k: self._show(v, k) for k, v in vals.items()}
        return (
            f"{self._name(record)}.write({shown}) as {user.login}",
            lambda: self._as(record, user).write(vals),
        )

    def _show(self, value, field=None):
        case = self.case
        if value and field in ("product_id", "account_id", "employee_id"):
            model = self.env["hr.expense"]._fields[field].comodel_name
            return self.env[model].sudo().browse(value).name
        names = {
            str(getattr(case, name).id): name.rpartition("_")[2]
            for name in ("centre_sales", "centre_making", "project_alpha")
            + ("project_beta",)
        }
        if isinstance(value, dict):
            return {
                "+".join(names[part] for part in key.split(",")): share
                for key, share in value.items()
            }
        return str(value)

    # Operations of people on claims

    def _op_new(self):
        vals = {
            "product_id": self._product().id,
            "total_amount_currency": self._amount(),
            "date": self._day(),
            "name": f"Claim {len(self.claims)}",
        }
        who = self.rng.choice(("employee", "colleague", "owner"))
        vals["employee_id"] = getattr(self.case, f"emp_{who}").id
        if self.rng.random() < 0.25:
            vals["payment_mode"] = "company_account"
        if self.rng.random() < 0.4:
            vals["analytic_distribution"] = self._distribution()
        if self.rng.random() < 0.15:
            vals["currency_id"] = self.case.other_currency.id
        shown = {name: self._show(value, name) for name, value in vals.items()}
        return (
            f"claim[{len(self.claims)}] = create({shown})",
            lambda: self.claims.append(self.case._create_claim(**vals)),
        )

    def _op_new_already_approved(self):
        """#6: by create, by default_ context, by import."""
        user = self._user("owner", "manager")
        vals = {
            "name": "Own",
            "employee_id": user.employee_id.id,
            "product_id": self._product().id,
            "total_amount_currency": self._amount(),
            "date": self._day(),
        }
        state = self.rng.choice(STATES)
        door = self.rng.choice(("create", "default", "load"))
        Claim = self._as(self.env["hr.expense"], user)

        def create():
            if door == "create":
                claim = Claim.create({**vals, "approval_state": state})
            elif door == "default":
                claim = Claim.with_context(default_approval_state=state).create(vals)
            else:
                result = Claim.load(
                    ["name", "employee_id/.id", "product_id/.id", "approval_state"]
                    + ["total_amount_currency", "date"],
                    [
                        [
                            vals["name"],
                            str(vals["employee_id"]),
                            str(vals["product_id"]),
                            dict(EXPENSE_APPROVAL_STATE)[state],
                            str(vals["total_amount_currency"]),
                            str(vals["date"]),
                        ]
                    ],
                )
                if not result["ids"]:
                    raise UserError(str(result["messages"]))
                claim = Claim.browse(result["ids"])
            self.claims += claim.with_env(self.env)

        return f"{door}({vals}, approval_state={state}) as {user.login}", create

    def _op_submit(self):
        claim = self._claim(False)
        own = claim.employee_id.user_id
        user = own if self.rng.random() < 0.5 else self._user("manager")
        press = self._as(claim, user).action_submit
        return f"{self._name(claim)}.action_submit() as {user.login}", press

    def _op_resubmit(self):
        """#8: the button has no state check."""
        return self._press("action_submit", OPEN, "manager", "officer")

    def _op_approve(self):
        claim, user = self._claim("submitted"), self._user("officer", "manager")

        def approve():
            action = self._as(claim, user).action_approve()
            if action:
                self._as(self.env["hr.expense.approve.duplicate"], user).create(
                    {"expense_ids": [Command.set((claim | self._twins(claim)).ids)]}
                ).action_approve()

        return f"{self._name(claim)} approve as {user.login}", approve

    def _twins(self, claim):
        return claim.duplicate_expense_ids

    def _op_do_approve(self):
        return self._press("_do_approve", ("submitted", False), "manager", "owner")

    def _op_reset(self):
        return self._press("action_reset", OPEN, "manager", "employee")

    def _op_refuse(self):
        claim, user = self._claim(*OPEN), self._user("manager", "officer")

        def refuse():
            self._as(claim, user).action_refuse()
            self._as(self.env["hr.expense.refuse.wizard"], user).create(
                {"reason": "no", "expense_ids": [Command.set(claim.ids)]}
            ).action_refuse()

        return f"{self._name(claim)} refuse as {user.login}", refuse

    def _op_delete(self):
        return self._press("unlink", (False, "submitted", "refused"), "manager")

    def _op_copy(self):
        claim, user = self._claim(*OPEN), self._user("manager")
        return (
            f"{self._name(claim)}.copy() as {user.login}",
            lambda: self.claims.append(self._as(claim, user).copy().with_env(self.env)),
        )

    def _op_split(self):
        """#18: the server does not check the sum of the parts."""
        claim, user = self._claim(False, "submitted"), self._user("manager")
        shares = self.rng.choice(((0.5, 0.5), (0.2, 0.3, 0.5), (0.9, 0.9), (5, 1)))
        others = self.rng.random() < 0.3 and self._distribution()

        def split():
            expense = self._as(claim, user)
            action = expense.action_split_wizard()
            wizard = expense.env[action["res_model"]].browse(action["res_id"])
            parts = wizard.expense_split_line_ids
            while len(parts) < len(shares):
                parts |= parts[0].copy({"wizard_id": wizard.id})
            total = expense.total_amount_currency
            for part, share in zip(parts, shares, strict=True):
                part.total_amount_currency = expense.currency_id.round(total * share)
            if others:
                parts[0].analytic_distribution = others
            known = {c.id for c in self.claims}
            found = expense.search(wizard.action_split_expense()["domain"] or [])
            self.claims += [c for c in found.with_env(self.env) if c.id not in known]

        return f"{self._name(claim)} split {shares} as {user.login}", split

    def _op_mass(self):
        """Several claims at a time, in whatever state they are."""
        method = self.rng.choice(("action_submit", "_do_approve", "action_reset"))
        count = min(len(self.claims), self.rng.randrange(2, 5))
        chosen = self.env["hr.expense"].union(*self.rng.sample(self.claims, count))
        user = self._user("manager")
        names = [self._name(claim) for claim in chosen]
        press = getattr(self._as(chosen, user), method)
        return f"{names}.{method}() as {user.login}", press

    def _op_swap(self):
        """One claim makes room for another in the same transaction."""
        leaving, coming = self._claim(*OPEN), self._claim(False)

        def swap():
            leaving.approval_state = "refused"
            coming.approval_state = "submitted"

        return f"refuse {self._name(leaving)}, submit {self._name(coming)}", swap

    def _op_swallowed(self):
        """A caller that catches the refusal and carries on."""
        claim, other = self._claim(False), self._claim(False)
        amount = self.rng.choice((50.0, 99999.0))
        flush = self.rng.random() < 0.5

        def write():
            vals = {"total_amount_currency": amount, "approval_state": "submitted"}
            claim.write(vals)
            self.case._flush()

        def swallow():
            other.approval_state = "submitted"
            try:
                if flush:
                    with self.env.cr.savepoint():
                        write()
                else:  # without a savepoint the refusal must come back at the commit
                    write()
            except UserError:
                other.name = "went on"

        return (
            f"submit {self._name(other)}, try {amount} of {self._name(claim)}"
            f" (savepoint={flush})"
        ), swallow

    def _op_lost_work(self):
        """A savepoint that does not flush is rolled back under the marks."""

        def lose():
            try:
                with self.env.cr.savepoint(flush=False):
                    claim = self.case._create_claim(total_amount_currency=10.0)
                    claim.approval_state = "submitted"
                    self.env.flush_all()
                    raise ZeroDivisionError
            except ZeroDivisionError:
                self.env.invalidate_all(flush=False)

        return "create, submit and roll back without a flush", lose

    # Plain writes on claims, in every state

    def _op_state_hack(self):
        """#3, #4, #6, #7: the human decision, written."""
        claim = self._claim(*STATES, False)
        field = self.rng.choice(("approval_state", "approval_state", "state"))
        states = (*STATES, False) if field == "approval_state" else ("paid", "posted")
        user = self._user("employee", "owner", "manager")
        return self._write(claim, user, {field: self.rng.choice(states)})

    def _op_both_states(self):
        claim = self._claim(*OPEN)
        vals = {"approval_state": False, "state": "posted"}
        return self._write(claim, self._user("manager"), vals)

    def _op_move_hack(self):
        """#5: claim somebody's posted entry, or let go of one's own."""
        claim, user = self._claim(False, *OPEN), self._user("manager", "employee")
        move = self._move() if self.rng.random() < 0.5 else self.env["account.move"]
        return self._write(claim, user, {"account_move_id": move.id})

    def _op_amount(self):
        claim, user = self._claim(*OPEN), self._user("manager", "owner")
        field = self.rng.choice(
            ("total_amount_currency", "total_amount_currency", "total_amount")
            + ("quantity", "price_unit")
        )
        amount = self.rng.randrange(9) if field == "quantity" else self._amount()
        return self._write(claim, user, {field: amount})

    def _op_date(self):
        claim, user = self._claim(*OPEN), self._user("manager", "owner")
        odd = (False, "0001-01-01", "2099-12-31")
        day = self.rng.choice(odd) if self.rng.random() < 0.15 else str(self._day())
        return self._write(claim, user, {"date": day})

    def _op_product(self):
        claim = self._claim(*OPEN)
        return self._write(
            claim, self._user("manager"), {"product_id": self._product().id}
        )

    def _op_account(self):
        claim = self._claim(*OPEN)
        return self._write(
            claim, self._user("manager"), {"account_id": self._account().id}
        )

    def _op_distribution(self):
        claim = self._claim(*OPEN)
        vals = {"analytic_distribution": self._distribution()}
        return self._write(claim, self._user("manager", "officer"), vals)

    def _op_taxes(self):
        case = self.case
        taxes = self.rng.choice(
            (
                case.tax_claimed,
                case.tax_borne,
                case.tax_claimed | case.tax_borne,
                case.tax_claimed.browse(),
            )
        )
        vals = {"tax_ids": [Command.set(taxes.ids)]}
        return self._write(self._claim(*OPEN), self._user("manager"), vals)

    def _op_currency(self):
        currency = self.rng.choice((self.case.other_currency, self.case.currency))
        vals = {"currency_id": currency.id}
        return self._write(self._claim(*OPEN), self._user("manager"), vals)

    def _op_employee(self):
        who = self.rng.choice(("employee", "colleague", "owner", "stranger"))
        vals = {"employee_id": getattr(self.case, f"emp_{who}").id}
        return self._write(self._claim(*OPEN), self._user("manager"), vals)

    def _op_payer(self):
        mode = self.rng.choice(("own_account", "company_account"))
        vals = {"payment_mode": mode}
        return self._write(self._claim(*OPEN), self._user("manager"), vals)

    def _op_company(self):
        """#16: from one company to another, with or without its employee."""
        claim, user = self._claim(False, *OPEN), self.env.user
        vals = {"company_id": self.case.company_other.id}
        if self.rng.random() < 0.5:
            vals["employee_id"] = self.case.emp_stranger.id
            vals["product_id"] = False
        return self._write(claim, user, vals)

    def _op_many_fields(self):
        claim = self._claim(*OPEN)
        vals = {
            "date": str(self._day()),
            "total_amount_currency": self._amount(),
            "product_id": self._product().id,
            "analytic_distribution": self._distribution(),
        }
        return self._write(claim, self._user("manager"), vals)

    # Journal entries

    def _op_post(self):
        """#23, #24, several claims of one employee in one entry."""
        claim, user = self._claim("approved"), self._user("manager", "officer")
        day = self._day()
        claims = claim
        if self.rng.random() < 0.3:
            claims |= self._claim("approved")

        def post():
            self.case._post(self._as(claims, user), day, user)

        return f"post {[self._name(c) for c in claims]} on {day} as {user.login}", post

    def _op_entry(self):
        """A plain entry on the same accounts: only a rule for entries stops it."""
        amount = self.rng.randrange(-50000, 120000) / 100
        account, day, keys = self._account(), self._day(), self._distribution()
        return f"entry of {amount} on {account.name}, {day}, {self._show(keys)}", (
            lambda: self.moves.append(
                self.case._create_entry(
                    amount, account, day, analytic_distribution=keys
                )
            )
        )

    def _op_bill(self):
        """A bill, receipt or refund, posted by its button, by hand or not at all."""
        kind = self.rng.choice(("in_invoice", "in_invoice", "in_receipt", "in_refund"))
        price, account = self.rng.randrange(1, 700000) / 100, self._account()
        day, keys = self._day(), self._distribution()
        taxes = self.rng.choice((self.case.tax_borne, self.case.tax_claimed, None))
        door = self.rng.choice(("action_post", "action_post", "_post", "write", ""))

        def create():
            move = self.case._create_bill(
                price,
                move_type=kind,
                account=account,
                day=day,
                analytic_distribution=keys,
                tax_ids=[Command.set(taxes.ids if taxes else [])],
            )
            self.moves.append(move)
            if door == "write":
                move.write({"state": "posted"})
            elif door:
                getattr(move, door)()

        return (
            f"{kind} of {price} on {account.name}, {day}, {self._show(keys)},"
            f" {taxes and taxes.name}, {door or 'draft'}",
            create,
        )

    def _op_draft(self):
        return self._book("button_draft")

    def _op_cancel(self):
        return self._book("button_cancel", "button_draft")

    def _op_repost(self):
        return self._book("action_post")

    def _op_move_delete(self):
        return self._book("unlink", "button_draft")

    def _op_cancel_raw(self):
        return self._write_move({"state": "cancel"})

    def _op_posted_raw(self):
        """Bills take a state from RPC and never see ``_post``."""
        return self._write_move({"state": self.rng.choice(("posted", "draft"))})

    def _op_reverse(self):
        """#29, as the wizard does it."""
        move, day = self._move(), self._day()
        cancel = self.rng.random() < 0.7

        def reverse():
            if move.state == "posted":
                self.moves += move._reverse_moves(
                    [{"date": day, "invoice_date": day}], cancel=cancel
                )

        return f"reverse {self._name(move)} on {day}, cancel={cancel}", reverse

    def _op_edit_entry(self):
        """#26, #27: draft or posted, its items are written."""
        move = self._move()
        item = self._item(move)
        vals = self.rng.choice(
            (
                {"account_id": self._account().id},
                {"analytic_distribution": self._distribution()},
                {"price_unit": self.rng.randrange(1, 500000) / 100},
                {"price_unit": 5000.0},
                {"name": "text"},
            )
        )
        shown = {k: self._show(v, k) for k, v in vals.items()}
        return f"item of {self._name(move)}.write({shown})", lambda: item.write(vals)

    def _op_edit_draft(self):
        """#26: to draft, edit, post again, in one go."""
        move = self._move()
        price = self.rng.randrange(1, 200000) / 100
        account = self._account()

        def edit():
            item = self._item(move)
            if move.state == "posted":
                move.button_draft()
            if "price_unit" in item and move.move_type != "entry":
                item.price_unit = price
            item.account_id = account
            move.action_post()

        return f"{self._name(move)}: draft, {price} on {account.name}, post", edit

    def _op_owner_of_item(self):
        """A posted item is given to another claim, or to none."""
        item = self._item(self._move())
        claim = self._claim("approved")
        to = claim if self.rng.random() < 0.5 else claim.browse()
        name = self._name(to) if to else "nobody"
        return (
            f"item of {self._name(item.move_id)} belongs to {name}",
            lambda: item.write({"expense_id": to.id}),
        )

    def _op_move_date(self):
        return self._write_move({"date": str(self._day())})

    def _op_pay(self):
        """#31: budgets do not care for cash."""
        claim = self._spent()
        part = self.rng.choice((1, 0.4))

        def pay():
            move = claim.account_move_id
            if not move or move.state != "posted" or move.move_type == "entry":
                return
            wizard = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=move.ids
            )
            amount = max(0.01, move.amount_residual * part)
            wizard.create({"amount": amount}).action_create_payments()

        return f"pay {part} of {self._name(claim)}", pay

    def _op_unreconcile(self):
        claim = self._spent()
        items = claim.account_move_id.line_ids
        return f"unreconcile {self._name(claim)}", items.remove_move_reconcile

    def _op_payment_back(self):
        """#32: the payment of a company-paid claim is taken back."""
        claim = self._spent()
        step = self.rng.choice(("action_draft", "action_cancel"))
        press = getattr(claim.account_move_id.origin_payment_id, step)
        return f"payment of {self._name(claim)}.{step}()", press

    # Master data

    def _op_department(self):
        """#15: money never moves because somebody did."""
        person = self.rng.choice((self.case.emp_employee, self.case.emp_colleague))
        to = self.rng.choice((self.case.sales, self.case.making))
        return f"{person.name} moves to {to.name}", lambda: person.sudo().write(
            {"department_id": to.id}
        )

    def _op_superior(self):
        person = self.rng.choice((self.case.emp_employee, self.case.emp_colleague))
        user = self.rng.choice(
            (self.case.user_owner, self.case.user_officer, person.user_id.browse())
        )
        return f"{person.name} reports to {user.login}", lambda: person.sudo().write(
            {"expense_manager_id": user.id}
        )

    def _op_rate(self):
        """#11: a new rate does not reach what was claimed."""
        day, rate = str(self._day()), self.rng.choice((1.5, 3.0))

        def change():
            currency = self.case.other_currency
            rates = currency.rate_ids.filtered(lambda r: str(r.name) == day)
            if rates:
                rates.rate = rate
            else:
                currency.rate_ids = [Command.create({"name": day, "rate": rate})]

        return f"rate of {day} is {rate}", change

    # Parts

    def _press(self, method, states, *logins):
        claim, user = self._claim(*states), self._user(*logins)
        press = getattr(self._as(claim, user), method)
        return f"{self._name(claim)}.{method}() as {user.login}", press

    def _book(self, method, first=None):
        move = self._move()

        def book():
            if first and move.state == "posted":
                getattr(move, first)()
            getattr(move, method)()

        return f"{self._name(move)}.{method}()", book

    def _write_move(self, vals):
        move = self._move()
        return f"{self._name(move)}.write({vals})", lambda: move.write(vals)
