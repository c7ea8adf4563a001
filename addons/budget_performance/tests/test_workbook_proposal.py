import base64
import io
from datetime import date

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .round_common import RoundCommon
from .workbooks import FIRST_ROW, fill


@tagged("post_install", "-at_install")
class TestWorkbookProposal(RoundCommon):
    """A department fills in its proposal in a workbook (B1, B2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.round.action_open()
        cls.hotel = cls._propose(cls.proposal_sales, "hotel", 1200)
        cls.flight = cls._propose(cls.proposal_sales, "flight", 600)
        cls._flush()

    def _export(self, user=None):
        return self.proposal_sales.with_user(user or self.user_owner)._get_workbook()

    def _open_import(self, content, user=None):
        proposal = self.proposal_sales.with_user(user or self.user_owner)
        action = proposal.action_import_workbook()
        wizard = proposal.env[action["res_model"]].browse(action["res_id"])
        wizard.write({"content": base64.b64encode(content), "filename": "plan.xlsx"})
        return wizard

    def _row_of(self, content, line):
        sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
        return next(cell.row for cell in sheet["A"] if cell.value == line.id)

    def test_the_head_fills_in_and_brings_back(self):
        content = self._export()
        filled = fill(
            content,
            (self._row_of(content, self.hotel), "2027-09", 500),
            (self._row_of(content, self.hotel), "justification", "Fair in autumn"),
            (self._row_of(content, self.flight), "remove", "x"),
            (FIRST_ROW + 2, "position", "Training"),
            (FIRST_ROW + 2, "project", "Alpha"),
            (FIRST_ROW + 2, "justification", "New machine"),
            (FIRST_ROW + 2, "2027-02", 70.5),
        )
        wizard = self._open_import(filled)
        wizard.action_read()
        self.assertEqual(wizard.state, "ready", wizard.problem_ids.mapped("reason"))
        self.assertEqual(
            (wizard.created_count, wizard.changed_count, wizard.removed_count),
            (1, 1, 1),
        )
        wizard.action_apply()
        self._flush()
        hotel = self.hotel.sudo()
        self.assertEqual(hotel.amount, 1100 + 500)
        self.assertEqual(hotel.distribution, "hand")
        self.assertEqual(hotel.justification, "Fair in autumn")
        self.assertFalse(self.flight.exists())
        new = self.proposal_sales.line_ids - self.hotel
        self.assertEqual(new.position_id, self.position_training)
        self.assertEqual(new.analytic_account_ids, self.project_alpha)
        self.assertEqual(new.amount, 70.5)
        months = {m.month: m.amount for m in new.month_ids}
        self.assertEqual(len(months), 12)
        self.assertEqual(months[date(2027, 2, 1)], 70.5)
        self.assertEqual(months[date(2027, 3, 1)], 0)

    def test_what_was_not_changed_keeps_its_distribution(self):
        content = self._export()
        row = self._row_of(content, self.hotel)
        wizard = self._open_import(fill(content, (row, "justification", "Other words")))
        wizard.action_read()
        wizard.action_apply()
        self.assertEqual(self.hotel.distribution, "even")
        self.assertEqual(self.hotel.amount, 1200)

    def test_an_imported_proposal_can_be_submitted(self):
        content = self._export()
        row = self._row_of(content, self.hotel)
        wizard = self._open_import(fill(content, (row, "2027-01", 101)))
        wizard.action_read()
        wizard.action_apply()
        self.proposal_sales.with_user(self.user_owner).action_submit()
        self.assertEqual(self.proposal_sales.state, "submitted")
        self.assertEqual(self.hotel.sudo().amount, 1201)

    def test_a_submitted_proposal_is_not_taken_back(self):
        wizard = self._open_import(self._export())
        wizard.action_read()
        self.proposal_sales.with_user(self.user_owner).action_submit()
        for attempt in (
            wizard.action_apply,
            self.proposal_sales.with_user(self.user_owner).action_export_workbook,
            self.proposal_sales.with_user(self.user_officer).action_import_workbook,
        ):
            with self.assertRaisesRegex(UserError, "was submitted"):
                attempt()

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
    def test_nobody_fills_in_for_another_department(self):
        for user in (self.user_auditor, self.user_employee, self.user_stranger):
            proposal = self.proposal_sales.with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                proposal.action_import_workbook()
        with self.assertRaises(AccessError):
            self.proposal_making.with_user(self.user_owner).action_export_workbook()
        months = {date(2027, 1, 1): 5}
        line = self._propose(self.proposal_making, "hotel", 5, user=self.user_officer)
        with self.assertRaises(AccessError):
            line.with_user(self.user_owner)._write_months(
                {line.with_user(self.user_owner): months}
            )

    def test_a_workbook_of_another_department_is_refused(self):
        content = self.proposal_making.with_user(self.user_officer)._get_workbook()
        wizard = self._open_import(content, user=self.user_officer)
        wizard.action_read()
        self.assertEqual(wizard.state, "wrong")
        self.assertIn("exported from something else", wizard.problem_ids.reason)

    def test_many_lines_take_no_more_queries_than_few(self):
        counts = []
        for count in (3, 3, 60):
            positions = self.env["performance.budget.position"].create(
                [{"name": f"P {count} {number}"} for number in range(count)]
            )
            start = FIRST_ROW + len(self.proposal_sales.line_ids)
            content = fill(
                self._export(),
                *((start + n, "position", p.name) for n, p in enumerate(positions)),
                *((start + n, "2027-04", 9) for n in range(count)),
            )
            wizard = self._open_import(content)
            self._flush()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            wizard.action_read()
            wizard.action_apply()
            self._flush()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[2], counts[1] + 40)
