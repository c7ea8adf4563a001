from datetime import date

from freezegun import freeze_time

from odoo import Command

from odoo.addons.bsc_appraisal.tests.common import AppraisalCommon

TODAY = "2026-07-20"


class ScorecardCommon(AppraisalCommon):
    """A small company in a running half-year, seen from mid-July.

    ::

        chief (head of Mill)
        └── lead (head of Spinning, inside Mill)
            ├── anna   (spinner)
            └── bert   (spinner)

    The collector delivers, the officer verifies. The cycle runs from January to June
    2026; ``income`` is measured by the half-year, ``waste`` (lower is better) too.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.startClassPatcher(freeze_time(TODAY))
        cls.env["bsc.indicator"].search(
            [("company_id", "=", cls.company.id), ("state", "=", "active")]
        ).action_retire()
        cls.users = {
            name: cls._create_user(name, "base.group_user")
            for name in ("chief", "lead", "anna", "bert", "stranger")
        }
        cls._create_people()
        cls.customer = cls._create_perspective(code="TC", name="Customer", weight=40.0)
        cls.income = cls._create_measured(code="INC", name="Income")
        cls.waste = cls._create_measured(
            code="WST",
            name="Waste",
            direction="lower",
            perspective_id=cls.customer.id,
        )
        cls.cycle = cls._create_cycle()

    @classmethod
    def _create_people(cls):
        cls.job = cls.env["hr.job"].create(
            {"name": "Spinner", "company_id": cls.company.id}
        )
        cls.employees = {}
        for name, boss in (
            ("chief", None),
            ("lead", "chief"),
            ("anna", "lead"),
            ("bert", "lead"),
        ):
            cls.employees[name] = cls.env["hr.employee"].create(
                {
                    "name": name.title(),
                    "company_id": cls.company.id,
                    "user_id": cls.users[name].id,
                    "parent_id": boss and cls.employees[boss].id,
                    "job_id": cls.job.id if boss == "lead" else False,
                }
            )
        cls.mill, cls.spinning = cls.env["hr.department"].create(
            [
                {
                    "name": name,
                    "company_id": cls.company.id,
                    "manager_id": cls.employees[head].id,
                }
                for name, head in (("Mill", "chief"), ("Spinning", "lead"))
            ]
        )
        cls.spinning.parent_id = cls.mill
        for name in ("anna", "bert"):
            cls.employees[name].department_id = cls.spinning
        cls.employees["lead"].parent_id = cls.employees["chief"]
        for name in ("anna", "bert"):
            cls.employees[name].parent_id = cls.employees["lead"]

    @classmethod
    def _create_measured(cls, **values):
        defaults = {
            "frequency": "half_year",
            "verifier_id": cls.officer.id,
            "weight": 100.0,
            "has_cap": False,
            "has_floor": False,
            "aggregation": "last",
        }
        return cls._create_active(**{**defaults, **values})

    @classmethod
    def _create_cycle(cls, **values):
        defaults = {
            "name": "First half 2026",
            "company_id": cls.company.id,
            "date_from": date(2026, 1, 1),
            "date_to": date(2026, 6, 30),
            "responsible_id": cls.manager.id,
        }
        return cls.env["bsc.cycle"].create({**defaults, **values})

    @classmethod
    def _create_card(cls, lines, **values):
        """Create a card; lines are (indicator, weight, target or None)."""
        defaults = {"cycle_id": cls.cycle.id, "subject_kind": "company"}
        for name in ("anna", "bert", "lead", "chief"):
            if values.get("employee") == name:
                defaults |= {
                    "subject_kind": "employee",
                    "employee_id": cls.employees[name].id,
                }
        values.pop("employee", None)
        return cls.env["bsc.scorecard"].create(
            {
                **defaults,
                **values,
                "line_ids": [
                    Command.create(
                        {
                            "indicator_id": indicator.id,
                            "weight": weight,
                            **(
                                {}
                                if target is None
                                else {"target": target, "target_status": "agreed"}
                            ),
                        }
                    )
                    for indicator, weight, target in lines
                ],
            }
        )

    @classmethod
    def _run(cls, *cards):
        """Put cards in force and start the cycle."""
        for card in cards:
            card.action_agree()
        cls.cycle.sudo().state = "coach"

    @classmethod
    def _measure(cls, card, indicator, value, **values):
        """Create a verified figure of the card's subject for the whole cycle."""
        defaults = {
            "indicator_id": indicator.id,
            "company_id": cls.company.id,
            "subject_kind": card.subject_kind,
            "department_id": card.department_id.id,
            "employee_id": card.employee_id.id,
            "date_from": card.cycle_id.date_from,
            "date_to": card.cycle_id.date_to,
            "value": value,
            "answer": "value" if value else "zero",
            "state": "verified",
        }
        return cls.env["bsc.measurement"].create({**defaults, **values})

    @classmethod
    def _set_rule(cls, indicator, **values):
        """Change how an active indicator is scored, the way a manager has to."""
        indicator.sudo().action_reset()
        indicator.sudo().write(values)
        indicator.sudo().action_activate()
