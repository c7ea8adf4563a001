from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon


class ConsequenceCommon(ScorecardCommon):
    """Published results: anna is poor (40), bert good (90), lead excellent (110).

    The company has grades of its own: A from 100 and B from 85 allow a promotion, C
    from 60 does not, E is poor.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grades = {}
        for code, lowest, promotes, poor in (
            ("A", 100, True, False),
            ("B", 85, True, False),
            ("C", 60, False, False),
            ("E", 0, False, True),
        ):
            cls.grades[code] = cls.env["bsc.grade"].create(
                {
                    "name": f"Grade {code}",
                    "code": code,
                    "company_id": cls.company.id,
                    "score_min": lowest,
                    "allows_promotion": promotes,
                    "is_poor": poor,
                }
            )
        cls.cfo = cls._create_user("cfo", "budget_performance.group_budget_manager")
        cls.cards = cls._publish_first()

    @classmethod
    def _publish_first(cls):
        """Give the cycle its results; who plays them himself returns none."""
        return cls._publish(cls.cycle, {"anna": 40, "bert": 90, "lead": 110})

    @classmethod
    def _publish(cls, cycle, results):
        """Publish results of people: income weighs 80 and brings the result, waste is
        on target.
        """
        cards = {}
        for name in results:
            card = cls._create_card(
                [(cls.income, 80.0, 100.0), (cls.waste, 20.0, 10.0)],
                employee=name,
                cycle_id=cycle.id,
            )
            card.action_agree()
            cards[name] = card
        cycle.sudo().state = "coach"
        for name, points in results.items():
            cls._measure(cards[name], cls.income, (points - 20) / 0.8)
            cls._measure(cards[name], cls.waste, 10.0)
            cards[name].action_score()
        cycle.sudo().state = "assess"
        cycle.with_user(cls.manager).action_advance()
        cycle.with_user(cls.manager).action_publish()
        return cards

    @classmethod
    def _publish_next(cls, results, year=2027):
        cycle = cls._create_cycle(
            name=f"Half year {year}",
            date_from=f"{year}-01-01",
            date_to=f"{year}-06-30",
        )
        return cls._publish(cycle, results)

    @classmethod
    def _create_plan(cls, name="anna", steps=("Course",)):
        plan = (
            cls.env["bsc.development.plan"]
            .with_user(cls.officer)
            .create({"scorecard_id": cls.cards[name].id})
        )
        plan.action_ids = [
            (0, 0, {"name": step, "kind": "course", "date_deadline": "2026-09-30"})
            for step in steps
        ]
        return plan

    @classmethod
    def _finish_plan(cls, plan):
        plan.with_user(plan.user_id).action_agree()
        plan.with_user(cls.officer).action_agree()
        for step in plan.action_ids.with_user(plan.user_id):
            step.evidence = "Certificate"
            step.action_complete()
        plan.with_user(cls.officer).action_finish()

    def _check_public(self, expected):
        """Compare the methods that RPC can call with those named on purpose."""
        base = dir(self.env.registry["mail.thread"]) + dir(
            self.env.registry["mail.activity.mixin"]
        )
        for model, names in expected.items():
            public = {
                name
                for name in set(dir(self.env.registry[model])) - set(base)
                if not name.startswith("_") and name not in self.env[model]._fields
            }
            with self.subTest(model):
                self.assertEqual(public, names)
