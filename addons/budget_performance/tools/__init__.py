from . import (
    approval,
    control,
    distribution,
    forecast,
    forecast_methods,
    forecast_outlook,
    ledger,
    money,
    periods,
    pools,
)
