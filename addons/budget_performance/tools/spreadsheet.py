"""What all workbooks of the addons have in common: texts, styles and paper.

A cell that begins with a sign of a formula runs as one as soon as somebody edits it or
saves the sheet as CSV; an apostrophe in front makes it a text for good.
"""

import io
from collections.abc import Callable, Container, Sequence
from typing import Any

import xlsxwriter

A4 = 9
HEAD = "#E7E2EF"
SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> neutral("=cmd|' /C calc'!A0"), neutral("Travel")
    ("'=cmd|' /C calc'!A0", 'Travel')
    >>> neutral("  @SUM(1)")
    "'  @SUM(1)"
    """
    return f"'{text}" if text.lstrip(" ").startswith(SIGNS) else text


def make(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    """Return the workbook that ``fill`` writes into; no text in it is a formula."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(
        target,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    fill(book)
    book.close()
    return target.getvalue()


def amount_format(decimals: int = 2) -> str:
    """Return how amounts of a currency look.

    >>> amount_format(), amount_format(0)
    ('#,##0.00;[Red]-#,##0.00', '#,##0;[Red]-#,##0')
    """
    amount = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f"{amount};[Red]-{amount}"


def report_formats(book: xlsxwriter.Workbook, decimals: int = 2) -> dict[str, Any]:
    """Return the styles of a report, by their names."""
    amount = {"num_format": amount_format(decimals)}
    rate = {"num_format": "0.0%"}
    head = {
        "bold": True,
        "bg_color": HEAD,
        "border": 1,
        "text_wrap": True,
        "valign": "vcenter",
    }
    total = {"bold": True, "top": 1}
    styles: dict[str, dict[str, Any]] = {
        "title": {"bold": True, "font_size": 14},
        "bold": {"bold": True},
        "muted": {"italic": True, "color": "#666666"},
        "head": head,
        "number_head": {**head, "align": "right"},
        "text": {"valign": "top"},
        "aside": {"valign": "top", "italic": True},
        "wrap": {"text_wrap": True, "valign": "top", "indent": 1},
        "number": {**amount, "valign": "top"},
        "rate": {**rate, "valign": "top"},
        "total_text": total,
        "total": {**total, **amount},
        "total_rate": {**total, **rate},
    }
    return {name: book.add_format(style) for name, style in styles.items()}


def write_heads(
    page: Any,
    row: int,
    heads: Sequence[str],
    formats: dict[str, Any],
    figures: Container[int],
) -> None:
    """Write the heads of a table, those above figures to the right."""
    for column, head in enumerate(heads):
        style = "number_head" if column in figures else "head"
        page.write_string(row, column, neutral(head), formats[style])


def write_text(
    page: Any, row: int, column: int, text: str | bool | None, style: Any = None
) -> None:
    """Write a text that nothing takes for a formula; nothing stays empty."""
    if text:
        page.write_string(row, column, neutral(str(text)), style)


def lay_out(page: Any, rows: int, columns: int) -> None:
    """Freeze the heads, and print on A4 across, as wide as the paper, with numbers.

    :param rows: above, and ``columns`` left of what moves
    """
    page.freeze_panes(rows, columns)
    page.set_paper(A4)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    page.set_footer("&L&8&A&R&8&P / &N")
    page.repeat_rows(0, rows - 1)
