from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon

# How rows of a model tell whom they are about.
SUBJECT = {
    "bsc.scorecard": "name",
    "bsc.scorecard.line": "scorecard_id",
    "bsc.measurement": "name",
    "bsc.target": "scorecard_id",
}


@tagged("post_install", "-at_install")
class TestScorecardRights(ScorecardCommon):
    """Every role by every door: search, group-by, export, order, hidden fields."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cards = {}
        for name in ("anna", "bert", "lead", "chief"):
            card = cls._create_card([(cls.income, 100, None)], employee=name)
            card.line_ids._set_target(100, "agreed")
            cls._measure(card, cls.income, 70)
            cls.cards[name] = card
        export = cls.env.ref("base.group_allow_export")
        for user in (*cls.users.values(), cls.officer, cls.manager, cls.auditor):
            user.group_ids |= export

    def _roles(self):
        everybody = {"Anna", "Bert", "Lead", "Chief"}
        return [
            (self.users["anna"], {"Anna"}),
            (self.users["bert"], {"Bert"}),
            (self.users["lead"], {"Lead", "Anna", "Bert"}),
            (self.users["chief"], everybody),
            (self.users["stranger"], set()),
            (self.officer, everybody),
            (self.manager, everybody),
            (self.auditor, everybody),
        ]

    def _subjects(self, labels):
        return {str(label).split(" · ", maxsplit=1)[0] for label in labels if label}

    def _doors(self, Model, domain):
        """Return what each door gives away, as the names of the subjects."""
        field = SUBJECT[Model._name]
        found = Model.search(domain)
        everything = Model.sudo().search(domain).sudo(False)

        def export_all():
            try:
                rows = everything.export_data([f"{field}"])["datas"]
            except AccessError:
                return None  # refused as a whole
            return self._subjects(row[0] for row in rows)

        grouped = Model.formatted_read_group(domain, [field], ["__count"])
        labels = [
            row[field][1] if isinstance(row[field], tuple) else row[field]
            for row in grouped
        ]
        exported = found._export_rows([[field]]) if found else []
        return {
            "search": self._subjects(
                found.mapped(field if field == "name" else f"{field}.name")
            ),
            "group": self._subjects(labels),
            "export": self._subjects(row[0] for row in exported),
            "export_all": export_all(),
            "count": Model.search_count(domain),
            "by_name": self._subjects(
                name for _id, name in Model.name_search("", domain=domain, limit=100)
            )
            if field == "name" and Model._name == "bsc.scorecard"
            else None,
        }

    def test_every_door_shows_each_role_its_subjects(self):
        for model in SUBJECT:
            domain = [("company_id", "=", self.company.id)]
            for user, names in self._roles():
                Model = self.env[model].with_user(user)
                doors = self._doors(Model, domain)
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(doors["search"], names)
                    self.assertEqual(doors["group"], names)
                    self.assertEqual(doors["export"], names)
                    self.assertIn(doors["by_name"], (None, names))
                    self.assertEqual(doors["count"], len(names))
                    if len(names) < 4:
                        self.assertIsNone(doors["export_all"])

    def test_ratings_are_hidden_from_every_door_before_they_are_published(self):
        """Searching, ordering, grouping or exporting a hidden field tells it, too."""
        self.cards["anna"].sudo().rating_id = self.env["bsc.grade"].search([], limit=1)
        for name in ("anna", "lead", "chief"):
            Card = self.env["bsc.scorecard"].with_user(self.users[name])
            Line = self.env["bsc.scorecard.line"].with_user(self.users[name])
            own = Card.browse(self.cards["anna"].id)
            doors = {
                "read": lambda own=own: own.read(["rating_id"]),
                "search": lambda Card=Card: Card.search([("rating_id", "!=", False)]),
                "dotted": lambda Line=Line: Line.search(
                    [("scorecard_id.rating_id", "!=", False)]
                ),
                "any": lambda Line=Line: Line.search(
                    [("scorecard_id", "any", [("rating_id", "!=", False)])]
                ),
                "order": lambda Card=Card: Card.search([], order="rating_id"),
                "group": lambda Card=Card: Card.formatted_read_group(
                    [], ["rating_id"], ["__count"]
                ),
                "aggregate": lambda Card=Card: Card.formatted_read_group(
                    [], ["state"], ["rating_id:count_distinct"]
                ),
                "export": lambda own=own: own.export_data(["rating_id"]),
                "web_read": lambda own=own: own.web_read({"rating_id": {}}),
            }
            for door, attempt in doors.items():
                with (
                    self.subTest(user=name, door=door),
                    self.assertRaises(AccessError),
                ):
                    attempt()

    def test_the_map_shows_what_is_published(self):
        published, draft = self.env["bsc.objective"].create(
            [
                {
                    "name": name,
                    "company_id": self.company.id,
                    "perspective_id": self.perspective.id,
                }
                for name in ("Shown", "Prepared")
            ]
        )
        published.action_publish()
        both = published | draft
        domain = [("id", "in", both.ids)]
        rows = [
            (self.users["anna"], {"Shown"}),
            (self.users["lead"], {"Shown"}),
            (self.officer, {"Shown", "Prepared"}),
            (self.auditor, {"Shown", "Prepared"}),
        ]
        for user, names in rows:
            Objective = self.env["bsc.objective"].with_user(user)
            grouped = Objective.formatted_read_group(domain, ["name"], ["__count"])
            found = Objective.search(domain)
            with self.subTest(user.login):
                self.assertEqual(set(found.mapped("name")), names)
                self.assertEqual({row["name"] for row in grouped}, names)
                self.assertEqual(
                    {row[0] for row in found._export_rows([["name"]])}, names
                )
        with self.assertRaises(AccessError):
            draft.with_user(self.users["anna"]).export_data(["name"])

    def _seen(self, name):
        found = (
            self.env["bsc.scorecard"]
            .with_user(self.users[name])
            .search([("company_id", "=", self.company.id)])
        )
        return set(found.mapped("name"))

    def test_a_leaver_who_comes_back_finds_his_cards_and_nobody_new_does(self):
        anna = self.employees["anna"]
        anna.active = False
        self.assertEqual(self._seen("anna"), {"Anna"})
        self.assertIn("Anna", self._seen("lead"))
        # back in another place, as another employee record of the same person
        anna.user_id = False
        self.env.flush_all()
        again = self.env["hr.employee"].create(
            {
                "name": "Anna again",
                "company_id": self.company.id,
                "user_id": self.users["anna"].id,
                "parent_id": self.employees["bert"].id,
            }
        )
        self.assertEqual(self._seen("anna"), {"Anna"})
        self.assertIn("Anna", self._seen("lead"))
        again.active = False
        again.user_id = False
        self.env.flush_all()
        anna.write({"active": True, "user_id": self.users["anna"].id})
        self.assertEqual(self._seen("anna"), {"Anna"})
        self.assertEqual(self._seen("bert"), {"Bert"})

    def test_managers_of_each_other_neither_loop_nor_gain_a_say(self):
        """Employees may manage each other: reading ends, writing stays shut."""
        self.employees["chief"].parent_id = self.employees["lead"]
        self.assertIn("Lead", self._seen("lead"))
        chief_card = self.cards["chief"].with_user(self.users["lead"])
        for attempt in (
            lambda: chief_card.write({"note": "Mine"}),
            lambda: chief_card.line_ids.write({"weight": 1}),
            chief_card.action_agree,
        ):
            with self.assertRaises(AccessError):
                attempt()
        # and now a card is made for neither of them
        cycle = self._create_cycle(name="Second", previous_id=False)
        for name in ("chief", "lead"):
            with self.assertRaisesRegex(UserError, "circle: Chief, Lead"):
                self.env["bsc.scorecard"].create(
                    {
                        "cycle_id": cycle.id,
                        "subject_kind": "employee",
                        "employee_id": self.employees[name].id,
                        "line_ids": [Command.create({"indicator_id": self.income.id})],
                    }
                )

    def test_hr_of_another_company_sees_nothing_of_this_one(self):
        hill = self.env["res.company"].create({"name": "Hill Farms"})
        foreign = self._create_user(
            "hill_hr", "bsc_appraisal.group_appraisal_officer", hill
        )
        for model, subject in SUBJECT.items():
            Model = self.env[model].with_user(foreign)
            domain = [("company_id", "=", self.company.id)]
            with self.subTest(model):
                self.assertFalse(Model.search(domain))
                self.assertFalse(
                    Model.formatted_read_group(domain, [subject], ["__count"])
                )
        both = self._create_user("both", "bsc_appraisal.group_appraisal_officer", hill)
        both.company_ids |= self.company
        Card = self.env["bsc.scorecard"].with_user(both)
        domain = [("company_id", "=", self.company.id)]
        self.assertFalse(Card.with_context(allowed_company_ids=hill.ids).search(domain))
        all_ids = (hill | self.company).ids
        self.assertEqual(
            len(Card.with_context(allowed_company_ids=all_ids).search(domain)), 4
        )
