from . import (
    approval,
    control,
    distribution,
    ledger,
    money,
    periods,
    pools,
)
