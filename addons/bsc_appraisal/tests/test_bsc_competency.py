from psycopg2 import IntegrityError

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.bsc_appraisal.tests.common import AppraisalCommon


@tagged("post_install", "-at_install")
class TestBscCompetency(AppraisalCommon):
    def test_own_competencies_replace_the_shared_ones(self):
        Competency = self.env["bsc.competency"]
        shared = Competency._get_competencies(self.company)
        self.assertGreaterEqual(len(shared), 5)
        self.assertFalse(shared.company_id)
        own = Competency.create({"name": "Knots", "company_id": self.company.id})
        self.assertEqual(Competency._get_competencies(self.company), own)
        own.active = False
        self.assertEqual(Competency._get_competencies(self.company), shared)

    def test_a_weight_is_a_positive_number(self):
        competency = self.env["bsc.competency"].create({"name": "Knots"})
        for weight in (0, -1, 101):
            with (
                self.subTest(weight),
                mute_logger("odoo.sql_db"),
                self.assertRaises(IntegrityError),
                self.env.cr.savepoint(),
            ):
                competency.weight = weight
                competency.flush_recordset()

    def test_everybody_reads_and_managers_write(self):
        competency = self.env["bsc.competency"].create({"name": "Knots"})
        for user in (self.employee, self.officer, self.auditor):
            self.assertEqual(competency.with_user(user).name, "Knots")
            with self.assertRaises(AccessError):
                competency.with_user(user).name = "Splices"
        competency.with_user(self.manager).name = "Splices"
        with self.assertRaises(AccessError):
            competency.with_user(self.portal).read(["name"])
