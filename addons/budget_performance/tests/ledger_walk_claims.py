"""Steps of a random walk: what people do to claims."""

from odoo import Command
from odoo.exceptions import UserError

from odoo.addons.hr_expense.models.hr_expense import EXPENSE_APPROVAL_STATE

from .ledger_walk_drawing import WalkDrawing

STATES = tuple(state for state, _label in EXPENSE_APPROVAL_STATE)
OPEN = ("submitted", "approved")


class ClaimSteps(WalkDrawing):
    """Each operation returns its line of the script and what it does."""

    # The buttons, and ways around them

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

    # Plain writes, in every state

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
