from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    """The computed slip of the demo data shows the bonus of the half-year."""

    def test_the_bonus_stands_on_the_slip(self):
        if not self.env.ref("base.module_bsc_appraisal_payroll").demo:
            self.skipTest("This addon was installed without demo data.")
        slip = self.env.ref("bsc_appraisal_payroll.payslip_li_na")
        totals = {line.code: line.total for line in slip.line_ids}
        bonus = self.env["bsc.bonus"].search([("payslip_id", "=", slip.id)])
        self.assertGreater(bonus.amount, 0)
        self.assertEqual(totals["BSC_BONUS"], bonus.amount)
        self.assertAlmostEqual(
            totals["GROSS"], totals["BASIC"] + totals["MEALS"] + bonus.amount
        )
        self.assertFalse(slip.award_issue)
