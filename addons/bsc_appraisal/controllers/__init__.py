from . import bsc_scorecard_sheet
