"""What a workbook would change in a plan.

Lines of the plan that are not in the workbook stay as they are: whoever fills in a part
of it deletes nothing. A line goes when its row says so.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from hashlib import sha256

from . import spreadsheet
from .workbook import Column, Problem, Reading, Row


@dataclass
class Changes:
    """New, changed and removed lines; nothing is to be written if there are problems.

    :param changed: pairs of what a line was and what it becomes
    :param kept: how many lines of the plan the workbook does not name
    """

    created: list[Row] = field(default_factory=list)
    changed: list[tuple[Row, Row]] = field(default_factory=list)
    removed: list[Row] = field(default_factory=list)
    kept: int = 0
    problems: list[Problem] = field(default_factory=list)

    def __bool__(self):
        return bool(self.created or self.changed or self.removed)


def compare(
    current: Mapping[int, Row],
    reading: Reading,
    columns: Sequence[Column],
    key: Callable[[Row], Hashable],
) -> Changes:
    """Return what the rows of a workbook change in a plan.

    :param key: what no two lines may share, None for a line that may share it
    """
    changes = Changes(problems=list(reading.problems))
    result = dict(current)
    fresh = []
    for row in reading.rows:
        if row.line_id is None:
            if not row.is_removed:
                changes.created.append(row)
                fresh.append(row)
            continue
        before = current.get(row.line_id)
        if before is None:
            changes.problems.append(Problem("gone", reading.sheet, row.number))
        elif locked := _changed_names(before, row, columns, is_key=True):
            changes.problems += [
                Problem("key_changed", reading.sheet, row.number, value=name)
                for name in locked
            ]
        elif row.is_removed:
            changes.removed.append(replace(before, number=row.number))
            del result[row.line_id]
        else:
            result[row.line_id] = row
            if [*row.amounts] != [*before.amounts] or changed_names(
                before, row, columns
            ):
                changes.changed.append((before, row))
    named = {row.line_id for row in reading.rows}
    changes.kept = sum(line_id not in named for line_id in current)
    changes.problems += _find_twice(reading.sheet, [*result.values(), *fresh], key)
    return changes


def changed_names(before: Row, after: Row, columns: Sequence[Column]) -> list[str]:
    """Return the names of the columns, without keys, that say something else."""
    return _changed_names(before, after, columns, is_key=False)


def _changed_names(before, after, columns, is_key):
    return [
        column.name
        for column in columns
        if column.is_key is is_key
        and _neutral(before, column.name) != _neutral(after, column.name)
    ]


def _neutral(row, name):
    # what was read is neutral already; neutral texts stay as they are
    return spreadsheet.neutral(row.texts.get(name, "").strip())


def _find_twice(sheet, rows: Iterable[Row], key) -> list[Problem]:
    """Return a problem for each line on a key that another line has already."""
    problems, taken = [], {}
    for row in sorted(
        rows, key=lambda row: row.number
    ):  # lines that are not in it first
        if (place := key(row)) is None:
            continue
        if place in taken:
            first = taken[place].number
            code = "same_key" if first else "key_taken"
            problems.append(
                Problem(code, sheet, row.number, value=str(first) if first else "")
            )
        else:
            taken[place] = row
    return problems


def stamp(rows: Iterable[Row]) -> str:
    """Return a short text that differs whenever a line differs.

    >>> one = Row(1, {"note": ""}, [Decimal("1.0")])
    >>> stamp([one]) == stamp([Row(1, {}, [Decimal("1.00")])])
    True
    >>> stamp([one]) == stamp([Row(1, {"note": "x"}, [Decimal("1.00")])])
    False
    """
    digest = sha256()
    for row in sorted(rows, key=lambda row: row.line_id):
        texts = sorted((name, text) for name, text in row.texts.items() if text)
        amounts = [str(amount.normalize() + Decimal(0)) for amount in row.amounts]
        digest.update(repr((row.line_id, texts, amounts)).encode())
    return digest.hexdigest()[:20]
