from . import bsc_calibration_rate
from . import bsc_feedback_launch
from . import bsc_measurement_correct
from . import bsc_nomination_make
from . import bsc_outcome_none
from . import bsc_promotion_refuse
from . import bsc_raise_refuse
from . import bsc_scorecard_reassign
