from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.bsc_appraisal.tests.scorecard_common import ScorecardCommon


@tagged("post_install", "-at_install")
class TestBadInput(ScorecardCommon):
    """What somebody gets wrong in a form, an import or over RPC is named, and kept out.

    An import that fails imports nothing: the rows that were right do not slip in.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rate = cls._create_measured(code="RATE", name="Rate")
        cls.skills, cls.profit = cls.env["bsc.objective"].create(
            [
                {
                    "name": name,
                    "perspective_id": cls.perspective.id,
                    "company_id": cls.company.id,
                }
                for name in ("Skills", "Profit")
            ]
        )
        cls.profit.cause_ids = [Command.link(cls.skills.id)]
        cls.card = cls._create_card([(cls.income, 100, 100)], employee="anna")
        cls._run(cls.card)
        cls.figure = cls._measure(cls.card, cls.income, 0, state="due", answer="value")

    def _load(self, user, model, names, *rows):
        return self.env[model].with_user(user).load(names, [list(row) for row in rows])

    def _assert_refused(self, outcome, pattern):
        self.assertFalse(outcome["ids"])
        self.assertRegex(
            "\n".join(message["message"] for message in outcome["messages"]), pattern
        )

    @mute_logger("odoo.models")
    def test_an_import_names_what_is_wrong(self):
        formula = ["indicator_id/.id", "kind", "formula"]
        source, rate = "bsc.measurement.source", str(self.rate.id)
        rows = [
            (source, formula, [rate, "formula", "INC +"], "not complete"),
            (source, formula, [rate, "formula", "INC._name"], "Only numbers"),
            (source, formula, [rate, "formula", "self.env"], "Only numbers"),
            (source, formula, [rate, "formula", "NOPE * 2"], "NOPE"),
            (source, formula, [rate, "formula", "RATE + 1"], "RATE → RATE"),
            (source, formula, [rate, "formula", "9**9**9**9"], "no number"),
            (source, formula, [rate, "formula", "RATE+" * 150 + "1"], "too long"),
            (
                "bsc.objective",
                [".id", "cause_ids/.id"],
                [str(self.skills.id), str(self.profit.id)],
                "lead back to itself",
            ),
            (
                "bsc.measurement",
                [".id", "value"],
                [str(self.figure.id), "a lot"],
                "a lot",
            ),
            (
                "bsc.measurement",
                [".id", "value"],
                [str(self.figure.id), "nan"],
                "reasonable size",
            ),
            (
                "bsc.indicator",
                [".id", "score_cap"],
                [rate, "inf"],
                "is in use",
            ),
        ]
        for model, names, row, pattern in rows:
            with self.subTest(model=model, value=row[-1][:20]):
                self._assert_refused(
                    self._load(self.manager, model, names, row), pattern
                )
        self.assertFalse(
            self.env["bsc.measurement.source"].search(
                [("indicator_id", "=", self.rate.id)]
            )
        )
        self.assertFalse(self.skills.cause_ids)
        self.assertEqual((self.figure.state, self.figure.value), ("due", 0))

    @mute_logger("odoo.models")
    def test_one_bad_row_keeps_the_whole_import_out(self):
        other = self._measure(
            self.card,
            self.rate,
            0,
            state="due",
            answer="value",
            date_from="2026-01-01",
            date_to="2026-03-31",
        )
        outcome = self._load(
            self.officer,
            "bsc.measurement",
            [".id", "value"],
            (str(other.id), "7"),
            (str(self.figure.id), "inf"),
        )
        self._assert_refused(outcome, "reasonable size")
        other.invalidate_recordset()
        self.assertEqual(other.value, 0.0)

    @mute_logger("odoo.models")
    def test_a_locked_period_takes_no_import(self):
        self.figure.sudo().date_lock = "2026-01-01"
        outcome = self._load(
            self.collector,
            "bsc.measurement",
            [".id", "value"],
            (str(self.figure.id), "5"),
        )
        self._assert_refused(outcome, "It is locked")
        self.assertEqual(self.figure.value, 0.0)

    def test_a_ratio_to_nothing_is_not_put_in_force(self):
        """P9: target 0 with a ratio, by RPC and typed, is named with its line."""
        card = self._create_card([(self.income, 100, None)], employee="bert")
        lead = self.users["lead"]
        card.with_user(lead).line_ids.write({"target": 0})
        line = card.line_ids
        if line.target_status == "superior":
            line.with_user(self.users["bert"]).action_accept_target()
        with self.assertRaisesRegex(UserError, "a ratio to zero says nothing"):
            card.with_user(lead).action_agree()
        self.assertEqual(card.state, "draft")
