"""The figures of script/bench as tables in Markdown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median, stdev
from typing import Any

Row = Sequence[str]
REBUILD = "rebuild of all lines from their entries"


def table(title: str, head: Row, rows: Sequence[Row]) -> str:
    """Return a table; the first column is text, the others are figures."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = [_line(head, widths), _rule(widths)]
    lines += [_line(row, widths) for row in rows]
    return "\n".join([f"### {title}", "", *lines, ""])


def _line(cells: Row, widths: Sequence[int]) -> str:
    first, *rest = (cell.ljust(w) for cell, w in zip(cells, widths, strict=True))
    figures = [cell.strip().rjust(w) for cell, w in zip(rest, widths[1:], strict=True)]
    return f"| {' | '.join([first, *figures])} |"


def _rule(widths: Sequence[int]) -> str:
    first, *rest = widths
    return "|".join(["", "-" * (first + 2), *("-" * (w + 1) + ":" for w in rest), ""])


def documents(figures: dict[str, dict[str, list[list[float]]]]) -> str:
    """Return queries and time of each step without and with a budget."""
    head = ["step", "queries", "with budget", "added", "CPU ms", "with budget"]
    head += ["ratio", "wall ms", "with budget", "ratio"]
    rows = []
    for step, samples in figures.items():
        pairs = list(zip(samples["vanilla"], samples["controlled"], strict=True))
        queries, cpu, wall = ([(a[n], b[n]) for a, b in pairs] for n in range(3))
        before, after = (median(column) for column in zip(*queries, strict=True))
        cells = [step, f"{before:g}", f"{after:g}", f"{after - before:+g}"]
        rows.append([*cells, *compared(cpu), *compared(wall)])
    return table("Steps of a claim, one process", head, rows)


def compared(pairs: Sequence[tuple[float, float]]) -> list[str]:
    """Return both medians, and the median of the ratios of the pairs."""
    before, after = (median(column) for column in zip(*pairs, strict=True))
    ratio = median(b / a for a, b in pairs)
    return [f"{before:.1f}", f"{after:.1f}", f"× {ratio:.2f}"]


def reads(found: dict[str, Any], peer: dict[str, list[list[float]]] | str) -> str:
    """Return queries and time of each look, next to the peer's if it was measured.

    :param found: what bench_reads found; nothing if only the peer was measured
    """
    rebuild = found.get("rebuild")
    figures = {**found.get("looks", {})}
    if rebuild:
        figures[REBUILD] = [rebuild["sample"]]
    head = ["what", "queries", "CPU ms", "wall ms"]
    head += ["peer: queries", "CPU ms", "wall ms"]
    names = list(figures) or (list(peer) if isinstance(peer, dict) else [])
    absent = ["–"] * 3
    rows = []
    for name in names:
        ours = _spent(figures[name]) if name in figures else absent
        theirs = [peer, "", ""] if isinstance(peer, str) else absent
        if isinstance(peer, dict) and name in peer:
            theirs = _spent(peer[name])
        rows.append([name, *ours, *theirs])
    text = table("Looking at the budget, one process", head, rows)
    return f"{text}\n{_rebuilt(**rebuild)}\n" if rebuild else text


def _rebuilt(lines: int, sample: Sequence[float]) -> str:
    _queries, _cpu, wall = sample
    return (
        f"The rebuild took {lines} lines, a few in a transaction, in {wall / 1000:.2f}"
        f" s: {lines * 1000 / wall:.0f} lines a second."
    )


def _spent(samples: Sequence[Sequence[float]]) -> list[str]:
    queries, cpu, wall = (median(column) for column in zip(*samples, strict=True))
    return [f"{queries:g}", f"{cpu:.1f}", f"{wall:.1f}"]


def load(figures: dict[str, list[dict[str, Any]]]) -> str:
    """Return how ten submits at once went, on each kind of line."""
    names = {
        "vanilla": "no budget",
        "spread": "ten lines, ample money",
        "hot": "one line, ample money",
        "scarce": "one line, money for some",
    }
    head = ["ten submits at once", "wall s", "ratio", "p95 s", "ratio", "worst s"]
    head += ["passed", "refused", "retries"]
    rows = []
    plain = figures["vanilla"]
    for kind, rounds in figures.items():
        walls = [found["wall"] for found in rounds]
        ratio = median(w / p["wall"] for w, p in zip(walls, plain, strict=True))
        seconds, errors = _gather(rounds, "seconds"), _gather(rounds, "errors")
        p95 = percentile(seconds) / percentile(_gather(plain, "seconds"))
        cells = [names[kind], f"{median(walls):.2f}", f"× {ratio:.2f}"]
        cells += [f"{percentile(seconds):.2f}", f"× {p95:.2f}", f"{max(seconds):.2f}"]
        cells += [str(len(seconds) - len(errors)), str(len(errors))]
        rows.append([*cells, str(sum(found["retries"] for found in rounds))])
    title = f"At the same moment, two worker processes, {len(plain)} rounds"
    return table(title, head, rows)


def _gather(rounds: Sequence[dict[str, Any]], name: str) -> list[Any]:
    return [value for found in rounds for value in found[name]]


def percentile(values: Sequence[float], share: float = 0.95) -> float:
    """Return the smallest value that a share of all do not exceed."""
    return sorted(values)[math.ceil(share * len(values)) - 1]


def throughput(found: Sequence[dict[str, Any]]) -> str:
    """Return claims a second against no budget, and the CPU that a claim costs."""
    counts = list(dict.fromkeys(row["clients"] for row in found))
    groups = {
        count: {
            kind: [r for r in found if (r["clients"], r["kind"]) == (count, kind)]
            for kind in ("vanilla", "spread", "hot")
        }
        for count in counts
    }
    rounds = len(groups[counts[0]]["vanilla"])
    head = ["clients", "no budget /s", "ten lines /s", "ratio", "one line /s", "ratio"]
    head += ["refused", "retries: ten lines", "one line"]
    rows = [[str(count), *_rates(kinds)] for count, kinds in groups.items()]
    title = f"Create and submit, two worker processes, {rounds} rounds"
    rates = table(title, head, rows)
    head = ["clients", "Odoo ms: no budget", "ten lines", "added"]
    head += ["PostgreSQL ms: no budget", "ten lines", "added", "ratio", "one line"]
    rows = [[str(count), *_costs(kinds)] for count, kinds in groups.items()]
    return "\n".join([rates, table("What a claim costs the server, CPU", head, rows)])


def _rates(kinds: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return how many claims a second there were, refused and run again."""
    plain = [row["rate"] for row in kinds["vanilla"]]
    cells = [f"{median(plain):.1f}"]
    for kind in ("spread", "hot"):
        rates = [row["rate"] for row in kinds[kind]]
        cells += [f"{median(rates):.1f}", _ratio(plain, rates)]
    cells.append(str(sum(row["refused"] for rows in kinds.values() for row in rows)))
    retries = [sum(row["retries"] for row in kinds[k]) for k in ("spread", "hot")]
    return [*cells, *map(str, retries)]


def _costs(kinds: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return milliseconds of a claim by who spends them; "–" for those not seen."""
    cells = []
    for name in ("odoo", "postgres"):
        plain, spread = ([row[name] for row in kinds[k]] for k in ("vanilla", "spread"))
        if None in [*plain, *spread]:
            cells += ["–"] * 3
            continue
        added = median(s - p for p, s in zip(plain, spread, strict=True))
        cells += [f"{median(plain):.1f}", f"{median(spread):.1f}", f"{added:+.1f}"]
    if "–" in cells:
        return [*cells, "–", "–"]
    plain, *others = (
        [row["odoo"] + row["postgres"] for row in kinds[kind]]
        for kind in ("vanilla", "spread", "hot")
    )
    return [*cells, *(_ratio(plain, other) for other in others)]


def _ratio(plain: Sequence[float], others: Sequence[float]) -> str:
    """Return the median of the rounds' ratios, and its standard error if there is one.

    A median errs a quarter more than a mean does.
    """
    ratios = [other / base for other, base in zip(others, plain, strict=True)]
    text = f"× {median(ratios):.2f}"
    if len(ratios) < 2:
        return text
    return f"{text} ± {1.25 * stdev(ratios) / math.sqrt(len(ratios)):.2f}"
