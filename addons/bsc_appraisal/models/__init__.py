from . import bsc_indicator
from . import bsc_indicator_lifecycle
from . import bsc_perspective
