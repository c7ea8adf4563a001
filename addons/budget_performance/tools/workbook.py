"""A plan as a workbook that people fill in: its words and where things stand in it.

The plan stands on one sheet, a line in each row and a month in each column. A hidden
row names the columns in a way no language changes; a hidden sheet says whose plan it is
and holds the lists to choose from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

FORMAT = "1"
LISTS = "_lists"
MARK = "x"

# Rows of the sheet, counted from zero.
TITLE_ROW, HELP_ROW, NAME_ROW, TOTAL_ROW, HEAD_ROW, FIRST_ROW = range(6)

ID, REMOVE, POOL, TOTAL = "id", "remove", "pool", "total"

# What may be imported at once.
MAX_ROWS = 5000
SPARE_ROWS = 200
MAX_TEXT = 32000  # a cell holds little more


@dataclass(frozen=True)
class Column:
    """A column that describes a line.

    :param is_key: says which line it is: written once, locked afterwards
    :param choices: what may stand in it, None for any text
    """

    name: str
    label: str
    width: int = 18
    is_key: bool = False
    is_required: bool = False
    choices: Sequence[str] | None = None
    max_length: int = 2000


@dataclass(frozen=True)
class Row:
    """A line of the plan.

    :param line_id: None for a line that is not there yet
    :param texts: by the name of the column
    :param amounts: one for each month
    :param number: the row of the sheet as people count, 0 if it was not read
    """

    line_id: int | None
    texts: Mapping[str, str]
    amounts: Sequence[Decimal]
    is_removed: bool = False
    is_in_pool: bool = False
    number: int = 0


@dataclass(frozen=True)
class Plan:
    """All that a workbook is written from.

    :param identity: whose plan it is, to be found again when it comes back
    :param texts: the words of the sheets in the language of the reader
    :param decimals: of the currency
    """

    title: str
    columns: Sequence[Column]
    months: Sequence[date]
    rows: Sequence[Row]
    identity: Mapping[str, str]
    texts: Mapping[str, str]
    month_labels: Sequence[str]
    decimals: int = 2
    subtotals: Sequence[str] = ()


@dataclass(frozen=True)
class Problem:
    """Why a workbook cannot be taken, and where.

    :param code: what is wrong; the words for it are the caller's
    :param value: what stands there
    """

    code: str
    sheet: str = ""
    row: int = 0
    cell: str = ""
    value: str = ""


@dataclass
class Reading:
    """What was found in a workbook; the rows count only if there is no problem.

    :param stamp: of the plan that it was compared with
    """

    identity: dict[str, str] = field(default_factory=dict)
    sheet: str = ""
    stamp: str = ""
    rows: list[Row] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def month_name(month: date) -> str:
    """Return the name of a month's column.

    >>> month_name(date(2026, 3, 1))
    '2026-03'
    """
    return f"{month:%Y-%m}"


def unique_labels(names: Mapping[int, str]) -> dict[int, str]:
    """Return a label for each id that no other id has.

    >>> unique_labels({1: "Travel", 2: "Gifts", 3: "Travel"})
    {1: 'Travel #1', 2: 'Gifts', 3: 'Travel #3'}
    """
    counts: dict[str, int] = {}
    for name in names.values():
        counts[name] = counts.get(name, 0) + 1
    return {
        key: name if counts[name] == 1 else f"{name} #{key}"
        for key, name in names.items()
    }
