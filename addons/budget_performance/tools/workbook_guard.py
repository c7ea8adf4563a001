"""What a workbook may contain before anything in it is read.

An Excel file is an archive of XML parts. Looked at here are only the list of its parts
and their raw bytes, so that nothing hostile reaches a reader that trusts it.
"""

import io
import re
import zipfile
from collections.abc import Iterator

from .workbook import Problem

MAX_BYTES = 8 * 1024 * 1024
MAX_UNPACKED = 64 * 1024 * 1024
MAX_PARTS = 200

OLD_EXCEL = b"\xd0\xcf\x11\xe0"
ZIPPED = b"PK"

# Parts that do something, or bring something from elsewhere.
ACTIVE = ("vbaproject", "macrosheets/", "activex/", "embeddings/", "ctrlprops/")
OUTSIDE = ("externallinks/", "connections.xml", "querytables/", "webextensions/")
RELATION = re.compile(rb"<Relationship\b[^>]*>", re.IGNORECASE)


def find_problems(content: bytes) -> list[Problem]:
    """Return why the file must not be read, nothing if it may be.

    >>> [problem.code for problem in find_problems(b"name,amount")]
    ['not_excel']
    """
    return list(_look(content))


def _look(content: bytes) -> Iterator[Problem]:
    if len(content) > MAX_BYTES:
        yield Problem("too_large", value=str(MAX_BYTES // 1024**2))
        return
    if content.startswith(OLD_EXCEL):
        yield Problem("old_excel")
        return
    try:
        if not content.startswith(ZIPPED):
            raise zipfile.BadZipFile
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            problems = list(_look_at_list(archive)) or list(_look_inside(archive))
    except (
        zipfile.BadZipFile,
        EOFError,
        NotImplementedError,
        OSError,
        RuntimeError,
        ValueError,
        zipfile.zlib.error,
    ):
        yield Problem("not_excel")
        return
    yield from problems


def _look_at_list(archive: zipfile.ZipFile) -> Iterator[Problem]:
    """Judge by the list of parts, before anything is unpacked."""
    parts = archive.infolist()
    names = [part.filename.lower() for part in parts]
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        yield Problem("bomb", value=str(MAX_UNPACKED // 1024**2))
        return
    if len(set(names)) < len(names) or any(part.flag_bits & 1 for part in parts):
        yield Problem("not_excel")
        return
    if "xl/workbook.xml" not in names:
        yield Problem("not_excel")
    if any(mark in name for name in names for mark in ACTIVE):
        yield Problem("macros")
    if any(mark in name for name in names for mark in OUTSIDE):
        yield Problem("links")


def _look_inside(archive: zipfile.ZipFile) -> Iterator[Problem]:
    """Judge by the bytes of the parts, each read up to the size that it declared."""
    codes = set()
    for part in archive.infolist():
        name = part.filename.lower()
        if not name.endswith((".xml", ".rels", ".vml")):
            continue
        text = archive.read(part)
        if b"\0" in text[:1000] or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            codes.add("not_excel")
        if name == "[content_types].xml" and b"macroenabled" in text.lower():
            codes.add("macros")
        if name.endswith(".rels") and _leads_outside(text):
            codes.add("links")
    yield from (Problem(code) for code in sorted(codes))


def _leads_outside(relations: bytes) -> bool:
    """Tell whether a part names a source elsewhere; a plain hyperlink is none."""
    return any(
        b'"external"' in tag.lower().replace(b"'", b'"')
        and b"/hyperlink" not in tag.lower()
        for tag in RELATION.findall(relations)
    )
