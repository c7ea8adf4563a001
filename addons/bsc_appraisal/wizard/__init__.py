from . import bsc_calibration_rate
from . import bsc_measurement_correct
from . import bsc_promotion_refuse
