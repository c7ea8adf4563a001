"""Read a plan out of a workbook that somebody filled in.

Everything that is wrong is found in one go, each with its place, and nothing is
guessed: a formula, a text or a negative number where an amount belongs is a problem,
not a zero.
"""

import io
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

import numpy
import openpyxl
import pandas
from openpyxl.utils import get_column_letter

from . import money, spreadsheet, workbook_guard
from .workbook import (
    FIRST_ROW,
    HEAD_ROW,
    ID,
    LISTS,
    MAX_ROWS,
    NAME_ROW,
    REMOVE,
    Column,
    Problem,
    Reading,
    Row,
    month_name,
)

MAX_COLUMNS = 250
LAST_ROW = 1_048_576  # of any sheet


def read(
    content: bytes, columns: Sequence[Column], months: Sequence[date], unit: Decimal
) -> Reading:
    """Return identity, rows and problems of a workbook.

    :param unit: smallest amount of the currency, amounts are rounded to it
    """
    reading = Reading(problems=workbook_guard.find_problems(content))
    if reading.problems:
        return reading
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=False, keep_links=False
        )
        _Reader(reading, columns, months, unit).read_book(book)
    except Exception:  # noqa: BLE001 a damaged part makes the library fail anyhow
        reading.problems = [Problem("damaged")]
    return reading


class _Reader:
    """One workbook while it is read."""

    def __init__(self, reading, columns, months, unit):
        self.reading, self.columns, self.unit = reading, columns, unit
        self.reported = set()
        self.months = [month_name(month) for month in months]
        self.wanted = [ID, REMOVE, *(column.name for column in columns), *self.months]

    def read_book(self, book):
        hidden = [
            sheet.title
            for sheet in book.worksheets
            if sheet.sheet_state != "visible" and sheet.title != LISTS
        ]
        self.reading.problems += [Problem("hidden", sheet=title) for title in hidden]
        if LISTS in book.sheetnames:
            self.reading.identity = dict(_read_identity(book[LISTS]))
        if not self.reading.identity:
            self.reading.problems.append(Problem("no_identity"))
        for sheet in book.worksheets:
            if sheet.title != LISTS and sheet.sheet_state == "visible":
                sheet.reset_dimensions()  # what the file says of its size may be false
                if self._read_sheet(sheet):
                    return
        self.reading.problems.append(Problem("no_sheet"))

    def _read_sheet(self, sheet):
        """Read the rows, if this is the sheet of the plan."""
        names = next(
            sheet.iter_rows(NAME_ROW + 1, NAME_ROW + 1, 1, MAX_COLUMNS, True), ()
        )
        if not names or names[0] != ID:
            return False
        self.reading.sheet = sheet.title
        self.places = {
            name: place for place, name in enumerate(names) if name in self.wanted
        }
        missing = [name for name in self.wanted if name not in self.places]
        twice = [name for name in self.wanted if names.count(name) > 1]
        if missing:
            self._report("missing_columns", HEAD_ROW, value=", ".join(missing))
        if twice:
            self._report("double_columns", HEAD_ROW, value=", ".join(twice))
        if not missing and not twice:
            self._read_rows(sheet)
        return True

    def _read_rows(self, sheet):
        numbers, values = [], []
        width = max(self.places.values()) + 1
        rows = sheet.iter_rows(FIRST_ROW + 1, LAST_ROW, 1, width)
        for number, cells in enumerate(rows, start=FIRST_ROW):
            picked = [cells[self.places[name]] for name in self.wanted]
            row = [_clean(cell.value) for cell in picked]
            if all(value == "" for value in row):
                continue
            if len(values) == MAX_ROWS:
                self._report("too_many_rows", number, value=str(MAX_ROWS))
                return
            for name, cell in zip(self.wanted, picked, strict=True):
                self._check_kind(number, name, cell)
            numbers.append(number)
            values.append(row)
        if not values:
            self._report("no_rows", FIRST_ROW)
            return
        frame = pandas.DataFrame(values, numbers, self.wanted, dtype=object)
        amounts = self._take_amounts(frame[self.months])
        self._check_texts(frame)
        self._check_twice(frame)
        if not self.reading.problems:
            self.reading.rows = list(self._build_rows(frame, amounts))

    def _check_kind(self, number, name, cell):
        """Report a cell that computes something, or failed to."""
        kind = getattr(cell, "data_type", "n")
        if kind in ("f", "e"):
            code = "formula" if kind == "f" else "error_value"
            self._report(code, number, name, cell.value)
            self.reported.add((number, name))

    def _take_amounts(self, cells):
        """Return the amounts as numbers; report what is none."""
        is_number = cells.map(
            lambda v: isinstance(v, int | float) and not isinstance(v, bool)
        )
        is_empty = cells.map(lambda v: isinstance(v, str) and v == "")
        amounts = cells.where(is_number, 0).map(_as_float).astype(float)
        wrong = {
            "no_amount": ~is_number & ~is_empty,
            "not_finite": ~numpy.isfinite(amounts),
            "negative": amounts < 0,
            "too_high": numpy.isfinite(amounts) & (amounts > float(money.MAX_AMOUNT)),
        }
        for code, mask in wrong.items():
            for place, month in numpy.argwhere(mask.to_numpy()):
                number, name = cells.index[place], self.months[month]
                if (number, name) not in self.reported:
                    self._report(code, number, name, cells.iat[place, month])
        rounded = amounts.where(numpy.isfinite(amounts), 0).sum(axis=1)
        for number in rounded.index[rounded > float(money.MAX_AMOUNT)]:
            self._report("too_high", number, value=rounded[number])
        return amounts

    def _check_texts(self, frame):
        for column in self.columns:
            allowed = column.choices and {
                spreadsheet.neutral(choice) for choice in column.choices
            }
            for number, value, line_id in zip(
                frame.index, frame[column.name], frame[ID], strict=True
            ):
                text = str(value)
                if (number, column.name) in self.reported:
                    continue
                if text.startswith(spreadsheet.SIGNS):
                    self._report("sign", number, column.name, text)
                elif len(text) > column.max_length:
                    limit = str(column.max_length)
                    self._report("too_long", number, column.name, limit)
                elif line_id != "" and column.is_key:
                    continue  # locked: compared with the line itself
                elif column.is_required and not text:
                    self._report("required", number, column.name, column.label)
                elif text and allowed is not None and text not in allowed:
                    self._report("unknown", number, column.name, text)
        ids = frame[ID]
        for number in ids.index[~ids.map(_is_id)]:
            self._report("no_id", number, ID, ids[number])

    def _check_twice(self, frame):
        ids = frame[ID][frame[ID] != ""]
        for number in ids.index[ids.duplicated(keep="first")]:
            first = ids.index[ids == ids[number]][0]
            self._report("twice", number, value=str(first + 1))

    def _build_rows(self, frame, amounts) -> Iterator[Row]:
        names = [column.name for column in self.columns]
        exact = [
            [money.exact(value, self.unit) for value in row]
            for row in amounts.to_numpy().tolist()
        ]
        for position, (number, cells) in enumerate(
            zip(frame.index, frame.to_dict("records"), strict=True)
        ):
            yield Row(
                line_id=int(cells[ID]) if cells[ID] != "" else None,
                texts={name: str(cells[name]) for name in names},
                amounts=exact[position],
                is_removed=cells[REMOVE] != "",
                number=int(number) + 1,
            )

    def _report(self, code, row, column=None, value=""):
        place = ""
        if column is not None:
            place = f"{get_column_letter(self.places[column] + 1)}{row + 1}"
        text = getattr(value, "text", value)
        self.reading.problems.append(
            Problem(code, self.reading.sheet, int(row) + 1, place, str(text)[:80])
        )


def _read_identity(sheet):
    sheet.reset_dimensions()
    for name, value in sheet.iter_rows(1, 20, 1, 2, True):
        if isinstance(name, str) and value is not None:
            yield name, str(value)


def _clean(value):
    """Return a value of a cell; nothing and blanks become the empty text."""
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else value


def _as_float(value):
    try:
        return float(value)
    except OverflowError:
        return float("inf")


def _is_id(value):
    if value == "":
        return True
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**31
