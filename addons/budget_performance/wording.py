"""Months in words, in the order of the reader's language."""

from babel.dates import format_skeleton

from odoo.tools.misc import babel_locale_parse, get_lang


def month_label(env, month, skeleton="yMMM"):
    """Return a month with its year: Jan 2026, 2026年1月."""
    locale = babel_locale_parse(get_lang(env).code)
    return format_skeleton(skeleton, month, locale=locale)
