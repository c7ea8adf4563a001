"""Stamp files: what was made, from which input; nothing is made twice."""

from __future__ import annotations

from pathlib import Path


def is_current(stamp: Path, value: str) -> bool:
    """Tell whether ``stamp`` says that the thing made from ``value`` is complete."""
    try:
        return stamp.read_text(encoding="utf-8").strip() == value
    except OSError:
        return False


def write(stamp: Path, value: str) -> None:
    """Record completion; the rename makes a torn stamp impossible."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    draft = stamp.with_name(stamp.name + ".new")
    draft.write_text(value + "\n", encoding="utf-8")
    draft.replace(stamp)
