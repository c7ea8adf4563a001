from odoo.tests import tagged

from .claim_states import COMMITTED, NOTHING, RESERVED, SPENT_IN_MAY, ClaimStates


@tagged("post_install", "-at_install")
class TestClaimTransitions(ClaimStates):
    """The life of a claim of 100.00 in March, and what its budget line holds then.

    Numbers are the rows of the table of transitions in the design of the ledger.
    """

    def _pay(self, share):
        """Return the act of paying a share of a posted claim."""

        def act(claim):
            wizard = self.env["account.payment.register"].with_context(
                active_model="account.move", active_ids=claim.account_move_id.ids
            )
            wizard.create({"amount": 100.0 * share}).action_create_payments()
            self.assertEqual(claim.state, "paid")

        return act

    def _expense_item(self, claim):
        return claim.account_move_id.line_ids.filtered("expense_id").filtered(
            lambda item: item.account_id.account_type == "expense"
        )

    def _walk_rows(self, rows):
        """Rows of ``(what happens, start, action on the claim, holdings after)``."""
        for what, start, act, expected in rows:
            with self.subTest(what), self.env.cr.savepoint() as savepoint:
                act(start())
                self.assertHeld(self.line_hotel_sales, expected)
                savepoint.rollback()

    def test_a_claim_is_followed_until_it_is_approved(self):
        """#1–#8, B3, B8: every door, not the buttons only."""

        def do(method):
            return lambda claim: getattr(claim, method)()

        def write(user=None, **vals):
            return lambda claim: claim.with_user(user or self.user_manager).write(vals)

        def nobody_approves(claim):
            self.emp_employee.sudo().expense_manager_id = False
            self.sales.sudo().manager_id = False
            claim.manager_id = False
            claim.action_submit()
            self.assertEqual(claim.approval_state, "approved")

        def own(claim):
            claim.unlink()
            self._create_claim(employee_id=self.emp_owner.id).copy()
            Claim = self.env["hr.expense"].with_user(self.user_owner)
            Claim.with_context(default_approval_state="approved").create(
                {
                    "name": "Own",
                    "employee_id": self.emp_owner.id,
                    "product_id": self.product_hotel.id,
                    "total_amount_currency": 100.0,
                    "date": "2026-03-10",
                }
            )

        def duplicates(claim):
            twin = claim.copy()
            twin.date = claim.date
            action = claim.action_approve()
            self.assertEqual(action["res_model"], "hr.expense.approve.duplicate")
            wizard = self.env[action["res_model"]].with_context(**action["context"])
            wizard.create({"expense_ids": claim.ids}).action_approve()

        def hijack(claim):
            entry = self._create_entry(30.0, self.account_gift)
            write(account_move_id=entry.id)(claim)

        self._walk_rows(
            (
                ("#1 create", self._draft, lambda claim: None, NOTHING),
                ("#2 submit", self._draft, do("action_submit"), RESERVED),
                ("#2 nobody approves", self._draft, nobody_approves, COMMITTED),
                (
                    "#3 submitted by RPC",
                    self._draft,
                    write(self.user_employee, approval_state="submitted"),
                    RESERVED,
                ),
                (
                    "#4 paid by RPC",
                    self._draft,
                    write(self.user_employee, state="paid"),
                    NOTHING,
                ),
                ("#5 linked to a strange entry", self._draft, hijack, NOTHING),
                ("#5 linked, approved", self._approved, hijack, COMMITTED),
                ("#6 created approved", self._draft, own, COMMITTED),
                ("#7 approve", self._submitted, do("action_approve"), COMMITTED),
                ("#7 _do_approve", self._submitted, do("_do_approve"), COMMITTED),
                ("#7 duplicates", self._submitted, duplicates, COMMITTED),
                (
                    "#7 approved by RPC",
                    self._submitted,
                    write(approval_state="approved"),
                    COMMITTED,
                ),
                ("#8 submit twice", self._submitted, do("action_submit"), RESERVED),
                ("#8 approve twice", self._approved, do("_do_approve"), COMMITTED),
                ("#8 submit approved", self._approved, do("action_submit"), RESERVED),
                ("#19 copy", self._approved, do("copy"), COMMITTED),
                (
                    "#20 refuse",
                    self._approved,
                    lambda claim: claim._do_refuse("no"),
                    NOTHING,
                ),
                ("#22 reset", self._submitted, do("action_reset"), NOTHING),
                ("#33 delete", self._submitted, do("unlink"), NOTHING),
            )
        )

    def test_refuse_reset_and_resubmit_hold_once(self):
        """#21."""
        claim = self._submitted()
        claim._do_refuse("no")
        self.assertHeld(self.line_hotel_sales, NOTHING)
        claim.action_reset()
        claim.action_submit()
        self.assertHeld(self.line_hotel_sales, RESERVED)
        self.assertEqual(len(self.line_hotel_sales.entry_ids), 3)

    def test_an_open_claim_that_is_edited_moves_what_it_holds(self):
        """#9–#15, #17, B3."""

        def write(**vals):
            return lambda claim: claim.with_user(self.user_manager).write(vals)

        def rate(claim):
            claim.currency_id = self.other_currency
            self._flush()
            self.other_currency.rate_ids.rate = 5.0

        def move_person(_claim):
            self.emp_employee.sudo().department_id = self.making

        self._walk_rows(
            (
                (
                    "#9 amount",
                    self._approved,
                    write(total_amount_currency=150.0),
                    {(3, "committed"): 150.0},
                ),
                (
                    "#9 posted",
                    self._posted,
                    write(total_amount_currency=999.0),
                    SPENT_IN_MAY,
                ),
                (
                    "#10 currency",
                    self._submitted,
                    write(currency_id=self.other_currency.id),
                    {(3, "reserved"): 50.0},
                ),
                ("#11 later rate", self._submitted, rate, {(3, "reserved"): 50.0}),
                (
                    "#12 date",
                    self._approved,
                    write(date="2026-04-02"),
                    {(4, "committed"): 100.0},
                ),
                (
                    "#13 account",
                    self._approved,
                    write(account_id=self.account_taxi.id),
                    NOTHING,
                ),
                (
                    "#13 distribution",
                    self._approved,
                    write(
                        analytic_distribution={
                            str(self.centre_sales.id): 33.33,
                            str(self.centre_making.id): 66.67,
                        }
                    ),
                    {(3, "committed"): 33.33},
                ),
                (
                    "#14 employee",
                    self._approved,
                    write(employee_id=self.emp_colleague.id),
                    COMMITTED,
                ),
                ("#15 department", self._approved, move_person, COMMITTED),
                ("#15 department, posted", self._posted, move_person, SPENT_IN_MAY),
                (
                    "#17 payer",
                    self._approved,
                    write(payment_mode="company_account"),
                    COMMITTED,
                ),
            )
        )

    def test_a_claim_is_spent_where_and_when_its_entry_says(self):
        """#23–#32, B8, B19: committed becomes actual, and back."""

        def move(method):
            return lambda claim: getattr(claim.account_move_id, method)()

        def item(**vals):
            return lambda claim: self._expense_item(claim).write(vals)

        def edit_and_repost(claim):
            claim.account_move_id.button_draft()
            self._expense_item(claim).price_unit = 150.0
            claim.account_move_id.action_post()

        def cancel(claim):
            entry = claim.account_move_id
            entry.button_draft()
            entry.button_cancel()

        def reverse(claim):
            claim.account_move_id._reverse_moves(
                [{"invoice_date": "2026-06-01", "date": "2026-06-01"}], cancel=True
            )

        def repost(claim):
            reverse(claim)
            self._flush()
            self._post(claim, "2026-04-20")

        def delete_entry(claim):
            claim.account_move_id.button_draft()
            claim.account_move_id.unlink()

        def disown(claim):
            self._expense_item(claim).expense_id = False

        def take_payment_back(claim):
            claim.account_move_id.origin_payment_id.action_draft()

        reversed_ = {(3, "committed"): 100.0, (5, "actual"): 100.0}
        reversed_[6, "actual"] = -100.0
        self._walk_rows(
            (
                ("#23 post", self._posted, lambda claim: None, SPENT_IN_MAY),
                (
                    "#24 paid by the company",
                    self._paid_by_company,
                    lambda claim: None,
                    {(3, "actual"): 100.0},
                ),
                ("#25 entry to draft", self._posted, move("button_draft"), COMMITTED),
                (
                    "#26 edited and posted again",
                    self._posted,
                    edit_and_repost,
                    {(5, "actual"): 150.0},
                ),
                (
                    "#27 posted item to another account",
                    self._posted,
                    item(account_id=self.account_taxi.id),
                    NOTHING,
                ),
                (
                    "#27 posted item to another department",
                    self._posted,
                    item(analytic_distribution={str(self.centre_making.id): 100}),
                    NOTHING,
                ),
                (
                    "posted item without its claim",
                    self._posted,
                    disown,
                    {**SPENT_IN_MAY, **COMMITTED},
                ),
                ("#28 cancel", self._posted, cancel, COMMITTED),
                ("#29 reverse", self._posted, reverse, reversed_),
                (
                    "#29 reverse and post again",
                    self._posted,
                    repost,
                    {(4, "actual"): 100.0, (5, "actual"): 100.0, (6, "actual"): -100.0},
                ),
                ("#30 delete the entry", self._posted, delete_entry, COMMITTED),
                ("#31 pay", self._posted, self._pay(1), SPENT_IN_MAY),
                ("#31 pay a part", self._posted, self._pay(0.4), SPENT_IN_MAY),
                (
                    "#32 payment of the company taken back",
                    self._paid_by_company,
                    take_payment_back,
                    COMMITTED,
                ),
            )
        )

    def test_an_entry_is_cancelled_even_when_the_line_is_full_since(self):
        """#28, I7: the claim comes back, the plan may be short then."""
        claim = self._create_approved(total_amount_currency=2700.0)
        self._post(claim, "2026-05-20")
        self._expense_item(claim).analytic_distribution = {
            str(self.centre_making.id): 100
        }
        self._create_approved(total_amount_currency=2700.0)
        claim.account_move_id.button_draft()
        self.assertHeld(self.line_hotel_sales, {(3, "committed"): 5400.0})
        self.assertLess(self.line_hotel_sales.amount_available, 0)

    def test_a_claim_that_grew_while_it_was_posted_asks_for_the_rest(self):
        """#9, #28: an edit behind the budget's back is not what comes back."""
        claim = self._posted()
        claim.with_user(self.user_manager).total_amount_currency = 9000.0
        self._flush()
        with self._refused("Hotel"):
            claim.account_move_id.button_draft()
        claim.with_user(self.user_manager).total_amount_currency = 90.0
        claim.account_move_id.button_draft()
        self.assertHeld(self.line_hotel_sales, {(3, "committed"): 90.0})

    def test_a_state_written_by_rpc_does_not_spare_the_question(self):
        """#4: released under a false name, the claim asks like any other."""
        claim = self._create_approved(total_amount_currency=3000.0)
        claim.write({"approval_state": False, "state": "posted"})
        self._create_approved(total_amount_currency=3000.0)
        with self._refused("Hotel"):
            claim.approval_state = "approved"

    def test_a_claim_keeps_its_company(self):
        """#16."""
        claim = self._submitted()
        with self._refused("counted in the budget of its company"):
            claim.write({"company_id": self.company_other.id})
