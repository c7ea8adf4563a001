from datetime import date

from odoo import Command

from .common import BudgetCommon


class RoundCommon(BudgetCommon):
    """A round for 2027 compared with the budget of 2026, and two finance people.

    Sales lies below Head; the owner leads Sales, the officer leads Make.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls.env["hr.department"].create(
            {"name": "Head", "company_id": cls.company.id}
        )
        cls.sales.parent_id = cls.head
        cls.making.parent_id = cls.head
        cls.user_second = cls._create_user(
            "second", "budget_performance.group_budget_officer", cls.company
        )
        cls.round = cls._create_round()
        cls.proposal_sales = cls._proposal(cls.sales)
        cls.proposal_making = cls._proposal(cls.making)
        cls._flush()

    @classmethod
    def _create_round(cls, **values):
        return (
            cls.env["performance.budget.round"]
            .with_user(cls.user_officer)
            .create(
                {
                    "name": "Budget 2027",
                    "company_id": cls.company.id,
                    "date_from": date(2027, 1, 1),
                    "date_to": date(2027, 12, 31),
                    "department_ids": [Command.set((cls.sales | cls.making).ids)],
                    **values,
                }
            )
        )

    @classmethod
    def _proposal(cls, department, budget_round=None):
        return (budget_round or cls.round).proposal_ids.filtered(
            lambda p: p.is_current and p.department_id == department
        )

    @classmethod
    def _propose(cls, proposal, position, amount, user=None, **values):
        """Create a line as somebody, the head of sales by default."""
        return (
            cls.env["performance.budget.proposal.line"]
            .with_user(user or cls.user_owner)
            .create(
                {
                    "proposal_id": proposal.id,
                    "position_id": getattr(cls, f"position_{position}").id,
                    "amount": amount,
                    "justification": "Needed",
                    **values,
                }
            )
        )

    @classmethod
    def _frame(cls, amount, department=None, position=None, budget_round=None):
        return (
            cls.env["performance.budget.round.frame"]
            .with_user(cls.user_manager)
            .create(
                {
                    "round_id": (budget_round or cls.round).id,
                    "department_id": department.id if department else False,
                    "position_id": position.id if position else False,
                    "amount": amount,
                }
            )
        )

    @classmethod
    def _accept_all(cls):
        """Have both departments propose and finance accept."""
        cls.round.action_open()
        cls._propose(cls.proposal_sales, "hotel", 5000)
        cls._propose(cls.proposal_making, "hotel", 4000, user=cls.user_officer)
        cls.proposal_sales.with_user(cls.user_owner).action_submit()
        cls.proposal_making.with_user(cls.user_officer).action_submit()
        (cls.proposal_sales | cls.proposal_making).with_user(
            cls.user_officer
        ).action_accept()
        cls.round.action_consolidate()

    @classmethod
    def _agree(cls):
        """Take the round through both levels."""
        cls._accept_all()
        cls.round.action_request()
        cls.round.with_user(cls.user_second).action_approve()
        cls.round.with_user(cls.user_manager).action_approve()
