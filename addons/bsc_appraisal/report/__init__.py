from . import bsc_scorecard_sheet
from . import bsc_scorecard_sheet_excel
