"""Steps of a random walk: what people do to journal entries and to master data."""

from odoo import Command

from .ledger_walk_drawing import WalkDrawing


class EntrySteps(WalkDrawing):
    """Each operation returns its line of the script and what it does."""

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
