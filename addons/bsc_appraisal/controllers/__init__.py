from . import bsc_scorecard_sheet
from . import feedback
