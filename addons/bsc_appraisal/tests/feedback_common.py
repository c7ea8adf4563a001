from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon

PEERS = ("bert", "carl", "dora", "emil")


class FeedbackCommon(ScorecardCommon):
    """A round about Anna: her manager Lead, four colleagues, two customers.

    Three questions with the weights of the published example: 0.40, 0.35, 0.25.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name in ("carl", "dora", "emil", "rosa", "rita", "rolf"):
            cls.users[name] = cls._create_user(name, "base.group_user")
            cls.users[name].partner_id.name = name.title()
        cls.competencies = cls.env["bsc.competency"].create(
            [
                {"name": name, "company_id": cls.company.id, "weight": weight}
                for name, weight in (("Care", 40), ("Speed", 35), ("Tone", 25))
            ]
        )
        cls.card = cls._create_card([(cls.income, 100, 100)], employee="anna")

    @classmethod
    def _create_round(cls, customers=("Kim", "Lou"), **values):
        """Create a round as the officer does, with everybody named."""
        feedback = (
            cls.env["bsc.feedback"]
            .with_user(cls.officer)
            .create({"scorecard_id": cls.card.id, **values})
            .sudo(False)
        )
        cls._name(feedback, "peers", *PEERS)
        cls.env["bsc.feedback.invitation"].create(
            [
                {
                    "feedback_id": feedback.id,
                    "rater_group": "customers",
                    "name": name,
                    "email": f"{name.lower()}@buyer.example.com",
                }
                for name in customers
            ]
        )
        return feedback.with_user(cls.env.user)

    @classmethod
    def _name(cls, feedback, group, *names):
        return cls.env["bsc.feedback.invitation"].create(
            [
                {
                    "feedback_id": feedback.id,
                    "rater_group": group,
                    "user_id": cls.users[name].id,
                }
                for name in names
            ]
        )

    @classmethod
    def _find(cls, feedback, name):
        """Return the invitation of a rater, by login or by name."""
        user = cls.users.get(name)
        return (
            feedback.sudo()
            .invitation_ids.filtered(
                lambda one: one.user_id == user if user else one.name == name
            )
            .ensure_one()
        )

    @classmethod
    def _answer(cls, feedback, name, *marks, **texts):
        """Let a rater answer; 0 stands for a question he cannot judge."""
        given = {
            competency.id: mark
            for competency, mark in zip(cls.competencies, marks, strict=True)
            if mark
        }
        cls._find(feedback, name)._answer(given, **texts)

    @classmethod
    def _close(cls, feedback):
        """Close after the deadline, whoever has not answered."""
        feedback.date_deadline = "2026-07-01"
        feedback.with_user(cls.officer).action_close()

    @classmethod
    def _play_example(cls, feedback, without=None):
        """Give the answers of the published example, but for the reports."""
        cls._answer(feedback, "anna", 5, 4, 5)
        cls._answer(feedback, "lead", 4, 3, 5)
        rows = ((4, 4, 3), (3, 4, 4), (5, 4, 4), (4, 0, 4))
        for name, row in zip(PEERS, rows, strict=True):
            cls._answer(feedback, name, *row)
        for name, row in (("Kim", (2, 3, 3)), ("Lou", (3, 3, 2))):
            if name != without:
                cls._answer(feedback, name, *row)
