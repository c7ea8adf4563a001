from datetime import date

from odoo import fields, models
from odoo.orm.model_classes import add_to_registry
from odoo.tests import tagged

from .common import BudgetCommon


class Lease(models.Model):
    """A document of somebody else: it is signed once and costs rent for months."""

    _name = "x.budget.lease"
    _description = "Lease"
    _inherit = ["performance.budget.document"]
    _module = None  # of no addon: it is there while its test runs
    _budget_document_type = "lease"

    name = fields.Char()
    state = fields.Char(default="draft")
    company_id = fields.Many2one("res.company")
    account_id = fields.Many2one("account.account")
    analytic_distribution = fields.Json()
    date = fields.Date()
    months = fields.Integer(default=1)
    rent = fields.Float()

    def _get_budget_fields(self):
        names = ["state", "account_id", "analytic_distribution", "date", "months"]
        return [*names, "rent", "company_id"]

    def _get_budget_spendings(self):
        signed = self.filtered(lambda lease: lease.state == "signed")
        return signed._get_budget_spendings_ahead()

    def _get_budget_spendings_ahead(self):
        return [
            lease._prepare_spending(
                "committed",
                lease.account_id,
                fields.Date.add(lease.date, months=number),
                lease.rent,
                lease.analytic_distribution,
            )
            for lease in self
            for number in range(lease.months)
        ]

    def _get_budget_stage(self):
        return "ahead" if self.state == "draft" else "taken"

    def action_sign(self):
        return self._ask_budget_ahead() or self.write({"state": "signed"})

    def _continue_authorized(self):
        self.action_sign()

    # pylint: disable-next=unused-argument
    def _find_for_backfill(self, budget, accounts):
        domain = [("state", "=", "signed"), ("account_id", "in", accounts.ids)]
        return self.search(domain)


@tagged("post_install", "-at_install")
class TestDocumentHook(BudgetCommon):
    """The hook is all that a third party needs: docs/architecture.md shows it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._add_model(Lease)

    @classmethod
    def _add_model(cls, definition):
        """Have the model in the registry as long as the class runs."""
        name, registry = definition._name, cls.registry
        mixin = registry["performance.budget.document"]
        add_to_registry(registry, definition)

        def forget():
            del registry.models[name]
            for parent in (mixin, registry["base"]):
                parent._inherit_children.discard(name)
            registry._setup_models__(cls.cr)

        cls.addClassCleanup(forget)
        registry._setup_models__(cls.cr, [name])
        registry.init_models(cls.cr, [name], {"module": "budget_performance"})
        cls.env["ir.model.access"].create(
            {
                "name": name,
                "model_id": cls.env["ir.model"]._get_id(name),
                "group_id": cls.env.ref("base.group_user").id,
                **dict.fromkeys(
                    ("perm_read", "perm_write", "perm_create", "perm_unlink"), True
                ),
            }
        )
        cls._flush()
        registry.clear_all_caches()

    def _lease(self, **values):
        return self.env["x.budget.lease"].create(
            {
                "name": "Flat for guests",
                "company_id": self.company.id,
                "account_id": self.account_hotel.id,
                "analytic_distribution": {str(self.centre_sales.id): 100},
                "date": date(2026, 3, 10),
                "months": 3,
                "rent": 200.0,
                **values,
            }
        )

    def _held_now(self, lease):
        self._flush()
        return self._held(self.line_hotel_sales, lease)

    def test_it_holds_and_gives_back_by_month(self):
        lease = self._lease()
        self.assertEqual(self._held_now(lease), {})
        lease.action_sign()
        held = {(month, "committed"): 200.0 for month in (3, 4, 5)}
        self.assertEqual(self._held_now(lease), held)
        lease.months = 2
        self.assertEqual(self._held_now(lease), dict(list(held.items())[:2]))
        lease.unlink()
        self.assertEqual(self._held_now(self._lease()), {})
        self._flush()
        self.assertFalse(self._held(self.line_hotel_sales))

    def test_it_is_refused_and_hinted_like_any_document(self):
        lease = self._lease(rent=1700.0)
        self.assertEqual(
            lease.budget_alerts[f"budget_line_{self.line_hotel_sales.id}"]["level"],
            "danger",
        )
        for act in (lease.action_sign, lambda: lease.write({"state": "signed"})):
            with self._refused("Hotel"):
                act()

    def test_an_authorisation_is_for_each_of_its_months(self):
        lease = self._lease(rent=1300.0)
        action = lease.with_context(budget_performance_dialog=True).action_sign()
        check = self.env[action["res_model"]].browse(action["res_id"])
        check.reason = "Guests all spring"
        check.action_request()
        request = self.env["performance.budget.authorization"].search(
            [("res_model", "=", lease._name), ("res_id", "=", lease.id)]
        )
        self.assertEqual(
            [(line.month.month, line.amount) for line in request.line_ids],
            [(3, 1300.0), (4, 1300.0), (5, 1300.0)],
        )
        while request.state == "requested":
            request.with_user(request._get_deciders()[0]).action_grant()
        self.assertEqual(lease.state, "signed")
        self.assertEqual(sum(self._held_now(lease).values()), 3900.0)
        with self._refused("Hotel"):
            lease.rent = 1301.0

    def test_a_later_budget_learns_of_it(self):
        lease = self._lease(account_id=self.account_gift.id)
        lease.action_sign()
        self._flush()
        position = self.position_flight.copy(
            {"name": "Gifts", "parent_id": False, "account_ids": False}
        )
        position.account_ids = self.account_gift
        budget = self._create_budget(name="Gifts 2026")
        line = self.env["performance.budget.line"].create(
            {
                "budget_id": budget.id,
                "position_id": position.id,
                "amount_planned": 100.0,
            }
        )
        self._approve_budget(budget)
        self._flush()
        self.assertEqual(sum(self._held(line, lease).values()), 600.0)
