from . import bsc_measurement_correct
