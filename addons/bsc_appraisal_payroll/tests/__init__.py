from . import test_hr_payslip
