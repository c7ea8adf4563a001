"""script/bench works, and does not measure a ledger that is wrong."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from devkit import bench_cpu, bench_report
from devkit.bench_cpu import Reading
from devkit.bench_size import SIZES
from devkit.bench_throughput import KINDS, ORDERS

import odoo.release

from .live import ROOT, Databases, Ground, Server

TITLES = (
    "### Steps of a claim, one process",
    "### At the same moment, two worker processes",
    "### Create and submit, two worker processes, 1 rounds",
    "### What a claim costs the server, CPU",
    "### Looking at the budget, one process",
    "### A plan as a workbook of twelve months, one process",
)
# Of three rounds each, so that a median of ratios is not the ratio of the medians.
RATES = {"vanilla": (10, 20, 40), "spread": (9, 10, 38), "hot": (5, 18, 28)}
ODOO = {"vanilla": (50, 60, 80), "spread": (62, 64, 87), "hot": (70, 60, 80)}
POSTGRES = {"vanilla": (10, 20, 30), "spread": (13, 21, 35), "hot": (20, 20, 27)}
GONE = dict.fromkeys(KINDS, (None,) * 3)
# Books what the journals say, and a cent too much on every line.
SPOILED = """
import sys
from devkit import bench_items, bench_inside
assert "SUM(item.balance)" in bench_items.ENTER
bench_items.ENTER = bench_items.ENTER.replace(
    "SUM(item.balance)", "SUM(item.balance) + 0.01")
bench_inside.main(sys.argv[1:])
"""


def _rows(report: str, name: str) -> list[list[str]]:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in report.splitlines()
        if line.startswith("|")
    ]
    return [row for row in rows if row[0] == name]


def _cells(report: str, name: str) -> list[str]:
    (found,) = _rows(report, name)
    return found


def test_the_smallest_run_prints_what_it_measured() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "script/bench"]
        + ["T", "--only", "documents", "load", "reads", "throughput", "workbook"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(title in done.stdout for title in TITLES), done.stdout
    _name, vanilla, controlled, added, *_times = _cells(done.stdout, "submit 1")
    assert 0 < int(vanilla) < int(controlled)
    assert int(added) == int(controlled) - int(vanilla)
    # The default rule holds from 80 % on: of ten claims of 100 on 1,000 pass seven.
    assert _cells(done.stdout, "one line, money for some")[6:8] == ["7", "3"]
    assert _cells(done.stdout, "one line, ample money")[6:8] == ["10", "0"]
    # Two clients: they made claims, and those cost Odoo and PostgreSQL something.
    rates, costs = _rows(done.stdout, "2")
    assert float(rates[1]) > 0
    assert min(float(cell) for cell in (*costs[1:3], *costs[4:6])) > 0
    # The lines of the plan, and one with money for some.
    assert "The rebuild took 13 lines" in done.stdout
    assert float(_cells(done.stdout, bench_report.REBUILD)[1]) >= 5
    # Whoever changes many lines asks the database as often as for a few.
    many, few = _rows(done.stdout, "change all lines")
    assert (many[1], few[1]) == ("20", "10")
    assert int(many[2]) <= int(few[2]) + 5
    assert _cells(done.stdout, "refuse too many rows")[1] == "200"


def _throughput(clients: int, postgres: dict[str, Any]) -> list[dict[str, Any]]:
    """Return rows of three rounds as bench_throughput makes them."""
    return [
        {
            "clients": clients,
            "kind": kind,
            "rate": RATES[kind][number],
            "odoo": ODOO[kind][number],
            "postgres": postgres[kind][number],
            "refused": number,
            "retries": {"vanilla": 0, "spread": 1, "hot": 2}[kind],
        }
        for number in range(3)
        for kind in ORDERS[number]
    ]


def test_throughput_and_its_cost_are_compared_round_by_round() -> None:
    report = bench_report.throughput(_throughput(1, POSTGRES) + _throughput(4, GONE))
    assert "### Create and submit, two worker processes, 3 rounds\n" in report
    rates, costs = _rows(report, "1")
    assert rates[1:6] == ["20.0", "10.0", "× 0.90 ± 0.18", "18.0", "× 0.70 ± 0.14"]
    assert rates[6:] == ["9", "3", "6"]
    assert costs[1:4] == ["60.0", "64.0", "+7.0"]
    assert costs[4:7] == ["20.0", "21.0", "+3.0"]
    assert costs[7:] == ["× 1.11 ± 0.07", "× 1.00 ± 0.21"]


def test_a_postgres_elsewhere_has_no_figure() -> None:
    _rates, costs = _rows(bench_report.throughput(_throughput(4, GONE)), "4")
    assert costs[1:4] == ["60.0", "64.0", "+7.0"]
    assert costs[4:] == ["–"] * 5


def test_a_rebuild_is_a_row_of_the_looks() -> None:
    looks = {"page": [[7, 1.0, 2.0]]}
    rebuild = {"lines": 500, "sample": [431, 800.0, 2500.0]}
    found = {"looks": looks, "rebuild": rebuild}
    report = bench_report.reads(found, {"page": [[88, 3.0, 4.0]]})
    assert _cells(report, "page")[1:] == ["7", "1.0", "2.0", "88", "3.0", "4.0"]
    cells = _cells(report, "rebuild of all lines from their entries")
    assert cells[1:] == ["431", "800.0", "2500.0", "–", "–", "–"]
    assert "500 lines, a few in a transaction, in 2.50 s: 200 lines a second" in report
    assert "The rebuild" not in bench_report.reads({}, {"page": [[88, 3.0, 4.0]]})


def test_no_kind_of_line_profits_from_its_place() -> None:
    for name in ("S", "M", "L"):
        rounds = [ORDERS[number % len(ORDERS)] for number in range(SIZES[name].slices)]
        places = Counter(pair for order in rounds for pair in enumerate(order))
        followers = Counter(
            pair for order in rounds for pair in itertools.pairwise(order)
        )
        assert len(places) == 9
        assert len(followers) == 6
        assert len({*places.values()}) == len({*followers.values()}) == 1


def test_processes_come_and_go_while_their_clocks_are_read() -> None:
    before = Reading({1: 100.0, 2: 70.0}, {7: 10.0, 8: 500.0})
    after = Reading({1: 130.0, 3: 5.0}, {7: 12.5, 9: 1.0})
    assert bench_cpu.spent(before, after) == (35.0, 3.5)
    assert bench_cpu.spent(before, after._replace(postgres=None)) == (35.0, None)
    ended = subprocess.Popen(["true"])
    ended.wait()
    assert bench_cpu.used_by_threads(ended.pid) is None
    assert bench_cpu.used_by_one_thread(ended.pid) is None


def test_the_clock_of_a_worker_counts_its_threads() -> None:
    def work() -> None:
        deadline = time.thread_time() + 0.2
        while time.thread_time() < deadline:
            pass

    before = bench_cpu.used_by_threads(os.getpid())
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()
    assert bench_cpu.used_by_threads(os.getpid()) - before >= 150


def test_a_wrong_ledger_is_not_measured(tmp_path: Path) -> None:
    ground = replace(Ground.here(), run=os.environ["BUDGET_TEST_RUN"])
    databases = Databases(
        ground, Server({}), Path(odoo.release.__file__).resolve().parents[1]
    )
    databases.test_prefix = os.environ["BUDGET_TEST_PREFIX"]
    name = databases.test_name("spoiled")
    request = {
        "stage": "prepare",
        "database": name,
        "config": str(databases.config()),
        "answer": str(tmp_path / "answer"),
        "size": asdict(SIZES["T"]),
    }
    (tmp_path / "request").write_text(json.dumps(request), encoding="utf-8")
    with databases.copied(os.environ["BUDGET_TEST_TEMPLATE"], name):
        done = subprocess.run(
            [sys.executable, "-c", SPOILED, tmp_path / "request"],
            env={**databases.environment(), "PYTHONPATH": str(ROOT / "script")},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
    assert done.returncode
    assert "UnsoundError" in done.stderr
    assert not (tmp_path / "answer").exists()
