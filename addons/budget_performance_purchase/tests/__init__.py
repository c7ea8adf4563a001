from . import test_order_walk
from . import test_purchase_order
