"""Texts that go into spreadsheets.

A cell that begins with a sign of a formula runs as one as soon as somebody edits it or
saves the sheet as CSV; an apostrophe in front makes it a text for good.
"""

SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula.

    >>> neutral("=cmd|' /C calc'!A0"), neutral("Travel")
    ("'=cmd|' /C calc'!A0", 'Travel')
    >>> neutral("  @SUM(1)")
    "'  @SUM(1)"
    """
    return f"'{text}" if text.lstrip(" ").startswith(SIGNS) else text
