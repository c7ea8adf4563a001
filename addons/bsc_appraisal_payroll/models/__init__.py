from . import bsc_bonus
from . import hr_payslip
