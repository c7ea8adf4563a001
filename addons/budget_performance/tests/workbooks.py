"""Workbooks for tests: filled in as a person would, or spoiled in one way."""

import io
import re
import zipfile

import openpyxl

NAME_ROW, FIRST_ROW = 3, 6


def fill(content, *changes):
    """Return the workbook with cells changed.

    :param changes: ``(row, name of the column, value)``; rows as people count
    """
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[NAME_ROW]}
    for row, name, value in changes:
        sheet.cell(row, places[name]).value = value
    return save(book)


def edit(content, change):
    """Return the workbook after ``change(book)``."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    return save(book)


def save(book):
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def repack(content, change=None, **parts):
    """Return the archive with parts changed by ``change(name, data)`` or added."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(name, data) if change else data)
        for name, data in parts.items():
            new.writestr(name, data)
    return target.getvalue()


def put_cell(content, cell, inside):
    """Return the workbook with the XML of one cell of the first sheet exchanged."""
    pattern = re.compile(rf'<c r="{cell}"[^>]*?(?:/>|>.*?</c>)'.encode())

    def change(name, data):
        if name != "xl/worksheets/sheet1.xml":
            return data
        changed, count = pattern.subn(inside.encode(), data)
        assert count == 1, cell
        return changed

    return repack(content, change)
