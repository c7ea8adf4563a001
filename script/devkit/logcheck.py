"""Odoo's log: errors, and warnings of our addons, fail a run; tests alone miss them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_ENTRY = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ "
    r"(?P<level>[A-Z]+) (?P<database>\S+) (?P<rest>.*)$"
)
_RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading")
# Odoo's sums of the failures that stand in the log one by one.
_TOTAL = re.compile(
    r"odoo\.tests\.result: |odoo\.modules\.loading: (Module \S+: \d|At least one test)"
)
FAILING = {"ERROR", "CRITICAL"}


@dataclass(frozen=True)
class Allowed:
    """A pattern of log entries that are expected, and why."""

    pattern: re.Pattern[str]
    reason: str


def read_allowed(path: Path) -> list[Allowed]:
    """Read the lines ``regular expression  # reason``; the reason is a must."""
    allowed = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        pattern, separator, reason = line.partition("  # ")
        if not separator or not reason.strip():
            raise ValueError(f"{path}:{number}: give the reason after two spaces and #")
        allowed.append(Allowed(re.compile(pattern.strip()), reason.strip()))
    return allowed


def entries(log: Path) -> Iterator[tuple[str, str]]:
    """Yield (level, text) of each entry, a traceback included in its text."""
    level, lines = "", []
    with log.open(encoding="utf-8", errors="replace") as handle:
        for line in handle:
            match = _ENTRY.match(line)
            if match:
                if level:
                    yield level, "".join(lines)
                level, lines = match["level"], [match["rest"] + "\n"]
            elif level:
                lines.append(line)
    if level:
        yield level, "".join(lines)


def problems(log: Path, ours: Sequence[str], allowed: Sequence[Allowed]) -> list[str]:
    """Return the entries that fail a run, shortened, each once."""
    found: dict[str, None] = {}
    about_us = re.compile("|".join(map(re.escape, ours)) or r"(?!)")
    for level, text in entries(log):
        fails = level in FAILING or (level == "WARNING" and about_us.search(text))
        if not fails or _TOTAL.match(text):
            continue
        if not any(item.pattern.search(text) for item in allowed):
            found.setdefault(f"{level} {_short(text)}")
    return list(found)


def has_failures(log: Path) -> bool:
    """Tell whether a log names at least one failure, allowed or not."""
    return any(
        level in FAILING and not _TOTAL.match(text) for level, text in entries(log)
    )


def count_tests(log: Path) -> int:
    """Return how many tests Odoo's own runner reports as run, -1 without a report."""
    counts = [int(m[3]) for _, text in entries(log) for m in _RESULT.finditer(text)]
    return sum(counts) if counts else -1


def _short(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[0][:300] + (f" … {lines[-1][:200]}" if len(lines) > 1 else "")
