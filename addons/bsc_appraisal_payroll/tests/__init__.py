from . import test_hr_payslip
from . import test_story_ui
