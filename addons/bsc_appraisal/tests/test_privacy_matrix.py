from odoo import Command, models
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .feedback_common import FeedbackCommon
from .raise_common import RaiseCommon

# Models that nobody but these roles gets anything from: every field, every road.
CLOSED = {
    "bsc.bonus": {"hr"},
    "bsc.pay.check": {"hr"},
    "bsc.pay.check.line": {"hr"},
    "bsc.pay.range": {"hr"},
    "bsc.raise": {"hr"},
    "bsc.raise.batch": {"hr"},
    "bsc.raise.decision": {"hr"},
    "bsc.raise.level": {"hr"},
    "bsc.raise.policy": {"hr"},
    "bsc.raise.policy.cell": {"hr"},
    "bsc.raise.refuse": {"hr"},
    "bsc.feedback.answer": set(),
    "bsc.feedback.invitation": {"appraisal manager", "rater"},
    "bsc.rating.change": {"officer", "appraisal manager", "auditor"},
    "bsc.calibration.line": {"officer", "appraisal manager", "auditor", "lead"},
}
# What else is pay, a rating or leads to them, and to whom it is open where records are
# open to more. A field of these kinds that stands nowhere fails the test.
OFFICERS = "officers and auditors, nobody on himself before it is published"
DECLARED = {
    "bsc.appeal.vote.current_rating_id": "the committee; officers once it has voted",
    "bsc.appeal.vote.rating_id": "the committee; officers once it has voted",
    "bsc.promotion.wage": "hr",
    "bsc.promotion.version_id": "hr application",
    "bsc.scorecard.rating_id": OFFICERS,
    "bsc.scorecard.rating_change_ids": OFFICERS,
}
# Published ratings and settings: shown to whoever sees the record.
SHOWN = {
    "bsc.appeal.decide.current_rating_id",
    "bsc.appeal.decide.rating_id",
    "bsc.appeal.rating_after_id",
    "bsc.appeal.rating_before_id",
    "bsc.calibration.guideline.grade_id",
    "bsc.calibration.rate.grade_id",
    "bsc.calibration.rate.rating_id",
    "bsc.development.plan.rating_id",
    "bsc.development.plan.reassessment_rating_id",
    "bsc.interview.published_rating_id",
    "bsc.nomination.make.grade_id",
    "bsc.nomination.rating_id",
    "bsc.promotion.candidate.rating_id",
    "bsc.promotion.rule.grade_id",
    "bsc.scorecard.grade_id",
    "bsc.scorecard.line.grade_id",
    "bsc.scorecard.published_rating_id",
}
PAY_MODELS = {name for name, roles in CLOSED.items() if roles == {"hr"}}
LEADING = {"bsc.grade", "bsc.rating.change", "hr.version", *PAY_MODELS}


@tagged("post_install", "-at_install")
class TestPrivacyMatrix(RaiseCommon, FeedbackCommon):
    """Role × field × road: the database is asked for what people must not know."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles = {
            "subject": cls.users["anna"],
            "lead": cls.users["lead"],
            "colleague": cls.users["stranger"],
            "rater": cls.users["carl"],
            "officer": cls.officer,
            "appraisal manager": cls.manager,
            "auditor": cls.auditor,
            "hr": cls.maker,
            "hr user": cls._create_user("hr_user", "hr.group_hr_user"),
            "finance": cls._create_user(
                "finance", "budget_performance.group_budget_manager"
            ),
            "owner": cls._create_user("owner", "budget_performance.group_budget_owner"),
            "foreign hr": cls._create_user(
                "foreign_hr",
                "hr.group_hr_manager,bsc_appraisal.group_appraisal_manager",
                cls.env["res.company"].create({"name": "Elsewhere"}),
            ),
            "portal": cls.portal,
        }
        cls.pool.sudo().owner_id = cls.roles["owner"]
        cls._create_secrets()
        cls._flush()

    @classmethod
    def _create_secrets(cls):
        """Make a record of every closed model."""
        batch = cls._create_approved()
        batch.action_apply()
        feedback = cls._create_round()
        feedback.with_user(cls.officer).action_start()
        cls._answer(feedback, "carl", 4, 4, 3)
        cls.unpublished = cls._create_unpublished()
        cards = cls.unpublished
        session = cls.env["bsc.calibration"].create(
            {
                "name": "Round",
                "cycle_id": cards["anna"].cycle_id.id,
                "company_id": cls.company.id,
                "facilitator_id": cls.manager.id,
                "participant_ids": [Command.set(cls.users["lead"].ids)],
            }
        )
        cls.env["bsc.calibration.line"].create(
            [
                {"calibration_id": session.id, "scorecard_id": card.id}
                for card in cards.values()
            ]
        )
        worst = cls.grades[1]
        cards["anna"]._change_rating(worst, "for the matrix", "calibration")
        check = cls.env["bsc.pay.check"].with_user(cls.maker).create({})
        cls.env["bsc.pay.check.line"].with_user(cls.maker).create(
            {"check_id": check.id, "department_id": cls.spinning.id}
        )
        cls.env["bsc.raise.refuse"].with_user(cls.maker).create(
            {"batch_id": batch.id, "comment": "secret"}
        )
        cls.env["bsc.raise.level"].create(
            {
                "name": "Board",
                "company_id": cls.company.id,
                "group_id": cls.env.ref("hr.group_hr_manager").id,
            }
        )

    @classmethod
    def _create_unpublished(cls):
        """Let the officers, the auditor and anna have a result that nobody was told."""
        cycle = cls._create_cycle(
            name="Second half 2026", date_from="2026-07-01", date_to="2026-12-31"
        )
        people = {"anna": cls.employees["anna"]}
        for user in (cls.officer, cls.manager, cls.auditor):
            people[user.login] = cls.env["hr.employee"].create(
                {"name": user.name, "company_id": cls.company.id, "user_id": user.id}
            )
        cards = {}
        for name, person in people.items():
            cards[name] = cls.env["bsc.scorecard"].create(
                {
                    "cycle_id": cycle.id,
                    "subject_kind": "employee",
                    "employee_id": person.id,
                }
            )
            cards[name].write({"state": "final", "rating_id": cls.grades[3].id})
        return cards

    def _get_fields(self, name):
        return [
            field
            for field in self.env[name]._fields.values()
            if field.name not in (*models.MAGIC_COLUMNS, "display_name")
        ]

    def _get_secret(self, name):
        """Return a record about Anna where there is one."""
        domain = []
        if name in ("bsc.rating.change", "bsc.calibration.line"):
            domain = [("scorecard_id", "=", self.unpublished["anna"].id)]
        elif name == "bsc.feedback.invitation":
            domain = [("user_id", "=", self.users["carl"].id)]
        Model_sudo = self.env[name].sudo()
        if "company_id" in Model_sudo._fields:
            domain.append(("company_id", "=", self.company.id))
        record = Model_sudo.search(domain, order="id desc", limit=1)
        self.assertTrue(record, name)
        return record

    def _get_roads(self, record, field):
        """Return how a client gets at a field of one record, by name of the road."""
        model, name, this = record.browse(), field.name, [("id", "=", record.id)]
        roads = {
            "read": lambda: record.read([name]),
            "web read": lambda: record.web_read({name: {}}),
            "export": lambda: record._export_rows([[name]]),
            "onchange": lambda: record.onchange({}, [], {name: {}}),
        }
        if field.store and field.column_type:
            group = f"{name}:month" if field.type in ("date", "datetime") else name
            roads |= {
                "domain": lambda: model.search([(name, "!=", False), *this]),
                "order": lambda: model.search(this, order=name),
                "group": lambda: model.formatted_read_group(this, [group], ["__count"]),
                "aggregate": lambda: [
                    row
                    for row in model.formatted_read_group(
                        this, [], [f"{name}:count_distinct"]
                    )
                    if row[f"{name}:count_distinct"]
                ],
            }
        return roads

    def _follow(self, road):
        """Return what comes of a road; nothing when it is closed."""
        try:
            return road()
        except (AccessError, UserError):
            return None

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_closed_models_are_closed_on_every_road(self):
        for name, open_to in CLOSED.items():
            record = self._get_secret(name)
            for role, user in self.roles.items():
                if role in open_to:
                    continue
                theirs = record.with_user(user).sudo(False)
                fields = self._get_fields(name)
                if not theirs.browse().has_access("read"):
                    fields = fields[:2]  # the model is closed, whatever the field
                for field in fields:
                    for road, call in self._get_roads(theirs, field).items():
                        found = self._follow(call)
                        self.assertFalse(found, f"{role}: {field} by {road}")

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_no_dotted_road_leads_into_closed_models(self):
        """From every model that people read, through every field that points here."""
        for name in sorted(self.env.registry.models):
            if name in CLOSED or self.env[name]._abstract:
                continue
            for field in self.env[name]._fields.values():
                if (
                    field.comodel_name not in CLOSED
                    or not field._description_searchable
                ):
                    continue
                path = f"{field.name}.id"
                secret = self._get_secret(field.comodel_name)
                for role, user in self.roles.items():
                    if role in CLOSED[field.comodel_name]:
                        continue
                    model = self.env[name].with_user(user)
                    found = self._follow(
                        lambda m=model, d=[(path, "=", secret.id)]: m.search(d)
                    )
                    self.assertFalse(found, f"{role}: {field}")

    def test_the_ledger_tells_totals_and_no_names(self):
        """One entry a batch and month: finance and the owner divide it by nobody."""
        for role in ("finance", "owner"):
            entries = (
                self.env["performance.budget.entry"]
                .with_user(self.roles[role])
                .search([("res_model", "=", "bsc.raise.batch")])
                .filtered(lambda entry: entry.kind == "committed")
            )
            self.assertEqual(entries.mapped("amount"), [12450.0], role)
            shown = str(entries.read())
            for name in self.people:
                self.assertNotIn(name, shown)

    def test_every_field_that_leads_to_pay_or_ratings_is_declared(self):
        found = set()
        for name, model in self.env.registry.models.items():
            if not name.startswith("bsc.") or name in CLOSED or model._abstract:
                continue
            if not any("bsc_appraisal" in cls.__module__ for cls in model.__mro__):
                continue
            for field in self.env[name]._fields.values():
                is_pay = field.name in ("wage", "salary")
                if field.comodel_name in LEADING or is_pay:
                    found.add(str(field))
        self.assertEqual(found - set(DECLARED) - SHOWN, set(), "say who sees them")
        self.assertEqual((set(DECLARED) | SHOWN) - found, set(), "gone")

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_nobody_sees_his_own_rating_before_it_is_published(self):
        """Whatever groups he has; with what others have read in the transaction."""
        for user in (self.officer, self.manager, self.auditor):
            card = self.unpublished[user.login]
            self.assertTrue(card.sudo().rating_id)
            self._assert_rating(card.with_user(user), False)
            card.published_date = "2027-01-20 08:00:00"
            self._assert_rating(card.with_user(user), self.grades[3])
            card.published_date = False
            other = self.unpublished["anna"].with_user(user)
            self._assert_rating(other, self.grades[1])

    def _assert_rating(self, card, grade):
        self.env.flush_all()
        self.env.invalidate_all()
        Card, this = card.browse(), [("id", "=", card.id)]
        seen = [
            card.read(["rating_id"], load=None)[0]["rating_id"],
            card.web_read({"rating_id": {}})[0]["rating_id"],
            card.search_read(this, ["rating_id"], load=None)[0]["rating_id"],
        ]
        self.assertEqual(set(seen), {grade.id if grade else False})
        shown = grade.display_name if grade else ""
        self.assertEqual(card._export_rows([["rating_id"]]), [[shown]])
        for domain in ([("rating_id", "!=", False)], [("rating_id.code", "!=", "-")]):
            self.assertEqual(bool(Card.search(domain + this)), bool(grade))
        groups = Card.formatted_read_group(this, ["rating_id"], ["__count"])
        self.assertEqual(bool(groups[0]["rating_id"]), bool(grade))
        (total,) = Card.formatted_read_group(this, [], ["rating_id:count_distinct"])
        self.assertEqual(total["rating_id:count_distinct"], 1 if grade else 0)
        pair = Card.search(
            [("id", "in", [card.id, self.unpublished["anna"].id])], order="rating_id"
        )
        self.assertEqual(len(pair), 1 if card == self.unpublished["anna"] else 2)
        self.assertTrue(card.sudo().rating_id)
