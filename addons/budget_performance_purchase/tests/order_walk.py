"""The random walk of claims and entries, which meets purchase orders on its way."""

from odoo import Command

from odoo.addons.budget_performance.tests.ledger_walk import LedgerWalk

STATES = ("draft", "sent", "to approve", "purchase", "cancel")


class OrderWalk(LedgerWalk):
    """Orders are asked for, confirmed, changed, billed in parts, refunded, closed."""

    def __init__(self, case, seed, operations=None):
        self.orders = []
        super().__init__(case, seed, operations)

    def _draw(self):
        if self.rng.random() < 0.5:
            common = ("order_new", "order_state", "order_line", "order_bill")
            return self.rng.choice(common)
        return super()._draw()

    def _step(self, name, label, action):  # pylint: disable=missing-return
        known = len(self.orders)
        super()._step(name, label, action)
        if self.script[-1] != label:  # refused
            del self.orders[known:]
        self.orders = [order for order in self.orders if order.exists()]

    def _order(self, *states):
        fitting = [order for order in self.orders if order.state in states]
        if fitting and self.rng.random() < 0.85:
            return self.rng.choice(fitting)
        return self.rng.choice(self.orders) if self.orders else None

    def _name(self, record):
        if record in self.orders:
            return f"order[{self.orders.index(record)}]"
        return super()._name(record)

    def _order_line_values(self):
        case = self.case
        taxes = self.rng.choice((case.tax_borne, case.tax_claimed, None, None))
        return {
            "product_id": self._product().id,
            "product_qty": self.rng.choice((1.0, 3.0, 10.0, 2.5)),
            "price_unit": self.rng.randrange(1, 60000) / 100,
            "discount": self.rng.choice((0.0, 0.0, 0.0, 12.5)),
            "tax_ids": [Command.set(taxes.ids if taxes else [])],
            "analytic_distribution": self._distribution(),
        }

    def _op_order_new(self):
        vals = self._order_line_values()
        currency = self.case.other_currency if self.rng.random() < 0.15 else None
        if currency:  # taxes in two currencies are rounded in more than one way
            vals["tax_ids"] = [Command.clear()]
        door = self.rng.choice(("", "button_confirm", "button_confirm", "write"))

        def create():
            order = self.env["purchase.order"].create(
                {
                    "partner_id": self.case.partner_a.id,
                    "company_id": self.case.company.id,
                    "order_line": [Command.create(vals)],
                    **({"currency_id": currency.id} if currency else {}),
                }
            )
            self.orders.append(order)
            if door == "write":
                order.write({"state": "purchase"})
            elif door:
                order.button_confirm()

        shown = {name: self._show(value, name) for name, value in vals.items()}
        return (
            f"order[{len(self.orders)}] = create({shown},"
            f" {currency and currency.name}), {door or 'draft'}",
            create,
        )

    def _op_order_state(self):
        """RPC writes states; buttons take them one after the other."""
        order = self._order("draft", "purchase")
        if order is None:
            return self._op_order_new()
        step = self.rng.choice(
            ("button_confirm", "button_confirm", "button_approve", "button_cancel")
            + ("button_draft", "button_lock", "action_close_remainder", *STATES)
        )
        if step in STATES:
            return (
                f"{self._name(order)}.write(state={step})",
                lambda: order.write({"state": step}),
            )
        return f"{self._name(order)}.{step}()", getattr(order, step)

    def _op_order_line(self):
        order = self._order("purchase", "draft")
        if order is None or not order.order_line:
            return self._op_order_new()
        line = self.rng.choice(order.order_line)
        vals = self.rng.choice(
            (
                {"product_qty": self.rng.choice((0.0, 1.0, 4.0, 12.0, -2.0))},
                {"price_unit": self.rng.randrange(0, 90000) / 100},
                {"discount": self.rng.choice((0.0, 25.0, 100.0))},
                {"analytic_distribution": self._distribution()},
                {"price_unit": 20000.0},
            )
        )
        shown = {k: self._show(v, k) for k, v in vals.items()}
        return f"line of {self._name(order)}.write({shown})", lambda: line.write(vals)

    def _op_order_lines(self):
        """Lines are added and deleted."""
        order = self._order("purchase", "draft")
        if order is None:
            return self._op_order_new()
        if order.order_line and self.rng.random() < 0.4:
            line = self.rng.choice(order.order_line)
            return f"{self._name(order)}: delete a line", line.unlink
        vals = self._order_line_values()
        if order.currency_id != order.company_id.currency_id:
            vals["tax_ids"] = [Command.clear()]
        shown = {k: self._show(v, k) for k, v in vals.items()}
        return (
            f"{self._name(order)}: add {shown}",
            lambda: order.write({"order_line": [Command.create(vals)]}),
        )

    def _op_order_date(self):
        order = self._order("purchase")
        if order is None:
            return self._op_order_new()
        field = self.rng.choice(("date_approve", "date_order"))
        day = f"{self._day()} 10:00:00"
        return (
            f"{self._name(order)}.write({field}={day})",
            lambda: order.write({field: day}),
        )

    def _op_order_bill(self):
        """A part of the order is billed, at its price or another."""
        order = self._order("purchase")
        if order is None:
            return self._op_order_new()
        part = self.rng.choice((None, None, 1.0, 0.5, 20.0))
        price = self.rng.choice((None, None, self.rng.randrange(1, 90000) / 100))
        day = self._day()
        post = self.rng.random() < 0.8

        def bill():
            known = order.invoice_ids
            order.action_create_invoice()
            move = order.invoice_ids - known
            move.write({"invoice_date": day, "date": day})
            for item in move.invoice_line_ids:
                vals = {"quantity": part, "price_unit": price}
                item.write({k: v for k, v in vals.items() if v is not None})
            self.moves += list(move)
            if post:
                move.action_post()

        return (
            f"bill {part} of {self._name(order)} at {price} on {day}, post={post}",
            bill,
        )

    def _op_order_delete(self):
        order = self._order("cancel", "draft")
        if order is None:
            return self._op_order_new()
        return f"{self._name(order)}.unlink()", order.unlink

    def _op_order_of_item(self):
        """A billed item is given to another order, or to none."""
        item = self._item(self._move())
        order = self._order("purchase")
        line = order.order_line[:1] if order else self.env["purchase.order.line"]
        to = line if self.rng.random() < 0.5 else line.browse()
        name = self._name(to.order_id) if to else "nobody"
        return (
            f"item of {self._name(item.move_id)} bills {name}",
            lambda: item.write({"purchase_line_id": to.id}),
        )
