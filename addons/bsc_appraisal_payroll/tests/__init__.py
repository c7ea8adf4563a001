from . import test_demo
from . import test_hr_payslip
from . import test_story_ui
