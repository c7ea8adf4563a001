from . import (
    approval,
    control,
    distribution,
    forecast,
    forecast_methods,
    forecast_outlook,
    indicators,
    ledger,
    money,
    periods,
    pools,
    spreadsheet,
)
