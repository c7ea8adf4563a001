from odoo import Command, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import OFFICER
from .feedback_common import FeedbackCommon

HR = {"officer", "appraisal manager", "auditor", "voter"}  # a voter is an officer
PAIR = {"subject", "lead"}
ABOUT = {"bsc.about.scorecard.mixin", "bsc.confidential.mixin"}
# Shown to the whole line above: its own tests say who sees which result.
OPEN_MODELS = {"bsc.scorecard"}
# How a client asks for one field that is closed to him on a row that is not.
ASKED = ("read", "export", "domain", "order", "group", "aggregate")
PAY_GROUP = "hr.group_hr_manager"
WAGES = {"wage", "contract_wage", "hourly_wage"}
# Money that is nobody's pay.
NO_PAY = {
    "bsc.budget.recommendation.amount": "the budget of a department",
    "bsc.budget.recommendation.line.amount": "the budget of a department",
    "bsc.budget.recommendation.line.planned": "the budget of a department",
    "bsc.objective.amount_planned": "the budget of an objective",
    "bsc.objective.amount_used": "the budget of an objective",
    "bsc.promotion.level.amount_from": "from which raise on a level decides",
    "bsc.raise.level.amount_from": "from which sum on a level decides",
    "bsc.target.proposal.resource_amount": "what a target needs",
}
# What other models tell of the rows of a person, and why it may be told.
TOLD = {
    "bsc.appeal.decide.appeal_reason": "to the committee",
    "bsc.appeal.decide.vote_summary": "to the chair, once the vote is closed",
    "bsc.scorecard.can_appeal": "whether the user may",
    "bsc.scorecard.can_plan_development": "whether the user may",
    "bsc.scorecard.development_plan_count": "of those the user reads",
    "bsc.scorecard.feedback_id": "that there is a round, not what it found",
    "bsc.scorecard.feedback_score": "to whom the round is shown",
}


@tagged("post_install", "-at_install")
class TestPrivacyPeople(FeedbackCommon):
    """Role × row × road: what is said about a person is read by those it is for.

    Which models are asked about follows from the registry, not from a list.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.voter = cls._create_user("voter", OFFICER)
        cls.roles = {
            "subject": cls.users["anna"],
            "lead": cls.users["lead"],
            "above": cls.users["chief"],
            "colleague": cls.users["stranger"],
            "rater": cls.users["carl"],
            "voter": cls.voter,
            "officer": cls.officer,
            "appraisal manager": cls.manager,
            "auditor": cls.auditor,
            "hr": cls._create_user("hr", PAY_GROUP),
            "hr user": cls._create_user("hr_user", "hr.group_hr_user"),
            "finance": cls._create_user(
                "finance", "budget_performance.group_budget_manager"
            ),
            "foreign hr": cls._create_user(
                "foreign_hr",
                f"{PAY_GROUP},bsc_appraisal.group_appraisal_manager",
                cls.env["res.company"].create({"name": "Elsewhere"}),
            ),
            "portal": cls.portal,
        }
        cls.cycle.self_shown_when = "both"
        cls.card.published_date = "2026-07-15 08:00:00"
        cls.secrets = [
            *cls._create_conversations(),
            *cls._create_feedback_rows(),
            *cls._create_development(),
        ]
        cls.card.published_date = False  # what is shown then is shown no more
        cls.env.flush_all()

    @classmethod
    def _create_conversations(cls):
        """Return (record, who reads it): nothing is shared, no vote is closed."""
        cls.card._prepare_assessments()
        own, judged = cls.card.assessment_ids.sorted("side", reverse=True)
        own.write({"achievements": "secret", "state": "handed_in"})
        own.line_ids.write({"value": "5", "comment": "secret"})
        judged.line_ids.write({"value": "1", "comment": "secret"})
        about = {"scorecard_id": cls.card.id}
        interview = cls.env["bsc.interview"].create({**about, "missing": "secret"})
        step = cls.env["bsc.interview.step"].create(
            {
                "interview_id": interview.id,
                "name": "secret",
                "side": "employee",
                "date_deadline": "2026-09-01",
            }
        )
        confirmation = cls.env["bsc.interview.confirmation"].create(
            {
                "interview_id": interview.id,
                "company_id": cls.company.id,
                "user_id": cls.users["lead"].id,
                "side": "appraiser",
                "digest": "secret",
                "content": "secret",
            }
        )
        note = (
            cls.env["bsc.note"]
            .with_user(cls.users["lead"])
            .create({**about, "text": "secret"})
        )
        return [
            (own, {"subject"} | HR),
            (own.line_ids[:1], {"subject"} | HR),
            (judged, {"lead"}),
            (judged.line_ids[:1], {"lead"}),
            *((one, PAIR | HR) for one in (interview, step, confirmation)),
            (note.sudo(), {"lead"}),
            *cls._create_appeal(),
        ]

    @classmethod
    def _create_appeal(cls):
        """Let Anna appeal against a result, and the first of two members vote."""
        appeal = cls.env["bsc.appeal"].create(
            {"scorecard_id": cls.card.id, "reason": "secret"}
        )
        appeal.write(
            {
                "decider_id": cls.officer.id,
                "member_ids": [Command.set(cls.voter.ids)],
            }
        )
        vote = (
            cls.env["bsc.appeal.vote"]
            .with_user(cls.voter)
            .create({"appeal_id": appeal.id, "outcome": "refused", "reason": "secret"})
        )
        return [(appeal, {"subject"} | HR), (vote.sudo(), {"voter"})]

    @classmethod
    def _create_feedback_rows(cls):
        """A round that has started: results as if it were closed, but not shown."""
        feedback = cls._create_round()
        feedback.with_user(cls.officer).action_start()
        cls._answer(feedback, "carl", 4, 4, 3, strength="secret")
        answer = cls.env["bsc.feedback.answer"].search(
            [("feedback_id", "=", feedback.id)]
        )
        of_round = {"feedback_id": feedback.id}
        result = cls.env["bsc.feedback.result"].create(
            {**of_round, "rater_group": "peers", "value": 1.5}
        )
        comment = cls.env["bsc.feedback.comment"].create(
            {**of_round, "kind": "improve", "source": "others", "text": "secret"}
        )
        flag = cls.env["bsc.feedback.flag"].create(
            {**of_round, "kind": "leniency", "rater_group": "manager", "value": 1}
        )
        return [
            (feedback.sudo(), PAIR | HR),
            (cls._find(feedback, "carl"), {"rater", "appraisal manager"}),
            (answer, set()),
            *((one, HR) for one in (result, comment, flag)),
        ]

    @classmethod
    def _create_development(cls):
        about = {"scorecard_id": cls.card.id}
        plan = cls.env["bsc.development.plan"].create(about)
        action = cls.env["bsc.development.action"].create(
            {
                "plan_id": plan.id,
                "name": "secret",
                "kind": "course",
                "date_deadline": "2026-09-30",
            }
        )
        focus = plan.focus_ids[:1] or cls.env["bsc.development.focus"].create(
            {"plan_id": plan.id, "line_id": cls.card.line_ids[:1].id}
        )
        nomination = cls.env["bsc.nomination"].create(
            {**about, "name": "secret", "kind": "award", "scope": "company"}
        )
        return [
            *((one, PAIR | HR | {"above"}) for one in (plan, action, focus)),
            (nomination, {"lead", "above"} | HR),
        ]

    def _find_models(self):
        """Return the models that are about one person, and their rows."""
        own = {
            name: model
            for name, model in self.env.registry.models.items()
            if name.startswith("bsc.") and not (model._abstract or model._transient)
        }
        found = {
            name
            for name, model in own.items()
            if ABOUT & {getattr(cls, "_name", None) for cls in model.__mro__}
        } - OPEN_MODELS
        while more := {
            name
            for name in own.keys() - found
            for field in self.env[name]._fields.values()
            if field.type == "many2one"
            and field.required
            and field.comodel_name in found
        }:
            found |= more
        return found

    def _get_roads(self, record, names):
        """Return how a client gets at fields of a record, by name of the road."""
        model, this = record.browse(), [("id", "=", record.id)]
        stored = [
            field
            for field in map(record._fields.get, names)
            if field.store and field.column_type and field.type != "json"
        ]
        groups = [
            f"{field.name}:month" if field.type in ("date", "datetime") else field.name
            for field in stored
        ]
        counts = [f"{field.name}:count_distinct" for field in stored]
        order = ",".join(field.name for field in stored)
        either = fields.Domain.OR(
            fields.Domain(field.name, "!=", False) for field in stored
        )
        roads = {
            "read": lambda: record.read(names),
            "web read": lambda: record.web_read({name: {} for name in names}),
            "export": lambda: record._export_rows([[name] for name in names]),
            "onchange": lambda: record.onchange({}, [], {name: {} for name in names}),
        }
        if stored:
            roads |= {
                "domain": lambda: model.search(either & fields.Domain(this)),
                "order": lambda: model.search(this, order=order),
                "group": lambda: model.formatted_read_group(this, groups, ["__count"]),
                "aggregate": lambda: [
                    row
                    for row in model.formatted_read_group(this, [], counts)
                    if any(row[count] for count in counts)
                ],
            }
        return roads

    def _assert_closed(self, record, names, what, roads=None):
        for road, call in self._get_roads(record, names).items():
            if roads and road not in roads:
                continue
            try:
                found = call()
            except (AccessError, UserError):
                continue
            self.assertFalse(found, f"{what} by {road}")

    def _split_fields(self, record):
        """Return the names a user may read, and those his groups close to him."""
        is_open, closed = [], []
        for name, field in record._fields.items():
            if name in models.MAGIC_COLUMNS:
                continue
            mine = record._has_field_access(field, "read")
            (is_open if mine else closed).append(name)
        return is_open, closed

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_rows_about_a_person_are_closed_on_every_road(self):
        for secret, readers in self.secrets:
            for role, user in self.roles.items():
                record = secret.with_user(user).sudo(False)
                is_open, closed = self._split_fields(record)
                what = f"{role}: {secret._name}"
                is_found = record.browse().has_access("read") and record.search(
                    [("id", "=", secret.id)]
                )
                with self.subTest(what):
                    self.assertEqual(bool(is_found), role in readers)
                    if role not in readers:
                        self._assert_closed(record, is_open, what)
                    for name in closed:
                        self._assert_closed(record, [name], f"{what}.{name}", ASKED)

    def test_every_model_about_a_person_is_in_the_matrix(self):
        asked = {secret._name for secret, _readers in self.secrets}
        self.assertEqual(self._find_models(), asked, "say who reads its rows")
        for secret, _readers in self.secrets:
            self.assertTrue(secret.exists(), secret._name)

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_no_dotted_road_leads_to_a_row(self):
        """From every model, through every field that points to such a row."""
        for secret, readers in self.secrets:
            roads = [
                (field.model_name, f"{field.name}.id")
                for model in self.env.registry.models.values()
                if not (model._abstract or model._transient)
                for field in self.env[model._name]._fields.values()
                if field.comodel_name == secret._name and field._description_searchable
            ]
            for role in self.roles.keys() - readers:
                for name, path in roads:
                    model = self.env[name].with_user(self.roles[role])
                    domain = [(path, "=", secret.id)]
                    found = self._try(lambda m=model, d=domain: m.search(d))
                    self.assertFalse(found, f"{role}: {name} by {path}")

    def _try(self, call):
        try:
            return call()
        except (AccessError, UserError, ValueError):
            return None

    def _find_sources(self, field):
        """Return all fields that a field is computed from."""
        depends = self.env.registry.field_depends
        found, todo = set(), [field]
        while todo:
            one = todo.pop()
            for path in depends.get(one, ()):
                model = self.env[one.model_name]
                for name in path.split("."):
                    source = model._fields.get(name)
                    if source is None:
                        break
                    if source not in found:
                        found.add(source)
                        todo.append(source)
                    if source.comodel_name:
                        model = self.env[source.comodel_name]
        return found

    def _get_our_fields(self):
        """Return the fields that our addons have, on models of whomever."""
        for name, model in sorted(self.env.registry.models.items()):
            if model._abstract:
                continue
            for field in self.env[name]._fields.values():
                addons = field._modules
                if name.startswith("bsc.") or any(a[:4] == "bsc_" for a in addons):
                    yield field

    def test_money_in_appraisals_is_pay_and_closed(self):
        """A new amount, or anything computed from a wage, is for HR managers only."""
        found = set()
        for field in self._get_our_fields():
            is_pay = (field.type == "monetary" and field.model_name[:4] == "bsc.") or (
                field.name in WAGES
            )
            is_pay = is_pay or any(
                source.name in WAGES and source.model_name.startswith("hr.")
                for source in self._find_sources(field)
            )
            if is_pay and field.groups != PAY_GROUP:
                found.add(str(field))
        self.assertEqual(found - NO_PAY.keys(), set(), f"closed to {PAY_GROUP}?")
        self.assertEqual(NO_PAY.keys() - found, set(), "gone")

    def test_what_other_models_tell_of_a_person_is_declared(self):
        rows = self._find_models()
        found = set()
        for field in self._get_our_fields():
            if field.model_name in rows or field.groups:
                continue
            if any(
                source.model_name in rows and not source.relational
                for source in self._find_sources(field)
            ):
                found.add(str(field))
        self.assertEqual(found - TOLD.keys(), set(), "say who sees it")
        self.assertEqual(TOLD.keys() - found, set(), "gone")

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_no_record_of_ours_leads_to_a_wage(self):
        """Through an employee or a version: filter, group, export, nested read."""
        self.employees["anna"].version_id.wage = 4321
        self.assertTrue(self._follow_wages(self.card.with_user(self.roles["hr"]), None))
        for role, user in self.roles.items():
            if role == "hr":
                continue
            for secret, _readers in [(self.card, ()), *self.secrets]:
                record = secret.with_user(user).sudo(False)
                found = self._follow_wages(record, role)
                self.assertFalse(found, f"{role}: {secret._name} by {found}")

    def _follow_wages(self, record, role):
        """Return the first road from a record to the wage of its employee."""
        paths = []
        for field in record._fields.values():
            if field.type == "many2one" and field.comodel_name == "hr.employee":
                paths += [
                    f"{field.name}.wage",
                    f"{field.name}.version_id.wage",
                    f"{field.name}.current_version_id.wage",
                ]
            elif field.type == "many2one" and field.comodel_name == "hr.version":
                paths.append(f"{field.name}.wage")
        this = ("id", "=", record.id)
        for path in paths if role is None or record.has_access("read") else ():
            model = record.sudo(role is None).browse()
            parts = path.split(".")
            record = record.sudo(role is None)
            roads = {
                f"domain {path}": lambda p=path, m=model: m.search(
                    [this, (p, "=", 4321)]
                ),
                f"group {path}": lambda p=path, m=model: m.formatted_read_group(
                    [this], [p], ["__count"]
                ),
                f"export {path}": lambda p=parts, r=record: (
                    "4321" in str(r._export_rows([p]))
                ),
                f"mapped {path}": lambda p=path, r=record: 4321 in r.mapped(p),
            }
            for road, call in roads.items():
                if self._try(call):
                    return road
        return None
