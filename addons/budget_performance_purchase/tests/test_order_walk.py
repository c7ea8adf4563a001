from odoo.tests import tagged

from odoo.addons.budget_performance.tests import test_ledger_property, test_ledger_walk

from .order_oracle import OrderOracle
from .order_walk import OrderWalk


class OrderWalkCommon(test_ledger_walk.WalkCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("purchase.group_purchase_manager")
        cls.company.write(
            {"po_double_validation": "one_step", "budget_uncovered_order": "block"}
        )
        for name in ("hotel", "flight", "taxi", "training", "gift", "mileage"):
            getattr(cls, f"product_{name}").purchase_method = "purchase"

    @classmethod
    def _oracle(cls):
        return OrderOracle(cls.env.cr, (cls.company | cls.company_other).ids)


@tagged("post_install", "-at_install")
class TestOrderWalk(OrderWalkCommon):
    """B8, B19, B20 with orders: see ``test_ledger_walk`` for the variables."""

    def test_invariants_hold_on_a_random_walk_with_orders(self):
        self.assertWalks(
            OrderWalk, "order_new done", "order_bill done", "refused by the budget"
        )


@tagged("post_install", "-at_install")
class TestOrderProperty(OrderWalkCommon, test_ledger_property.TestLedgerProperty):
    """Short walks with orders, and when one fails the shortest that fails."""

    walk_class = OrderWalk
