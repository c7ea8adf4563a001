"""Rules about what no file of the tree says."""

from __future__ import annotations

import re
from pathlib import Path

from .source import grep, texts

# Written with escapes, so that this file does not contain what it forbids.
FORBIDDEN_PLACES = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|registry\.yarnpkg|deb\.debian"
    r"|(?:archive|security|ports)\.ubuntu|(?:ftp|mirrors?)\.[\w.]*debian"
    r"|nightly\.odoo|//[\w.:@-]+/(?:debian|simple)\b"
    r"|(?<![\w.}])/(?:root|home/\w+|opt)/"
)
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")


def nothing_unfinished(root: Path) -> list[str]:
    """No note of unfinished work stands in the tree."""
    return grep(texts(root), UNFINISHED)


def no_machine_or_registry(root: Path) -> list[str]:
    """No file names a package registry, a mirror or a path of some machine."""
    return grep(texts(root), FORBIDDEN_PLACES)
