from . import test_access_rights
from . import test_bsc_indicator
from . import test_bsc_indicator_lifecycle
from . import test_bsc_perspective
from . import test_demo
from . import test_multi_company
from . import test_weights
