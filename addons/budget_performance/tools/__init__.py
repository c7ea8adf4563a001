from . import control, distribution, ledger, money, periods
