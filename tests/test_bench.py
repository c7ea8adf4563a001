"""script/bench works, and does not measure a ledger that is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

from devkit.bench_size import SIZES

import odoo.release

from .live import ROOT, Databases, Ground, Server

TITLES = (
    "### Steps of a claim, one process",
    "### At the same moment, two worker processes",
    "### Looking at the budget, one process",
    "### A plan as a workbook of twelve months, one process",
)
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
        + ["T", "--only", "documents", "load", "reads", "workbook"],
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
    # Whoever changes many lines asks the database as often as for a few.
    many, few = _rows(done.stdout, "change all lines")
    assert (many[1], few[1]) == ("20", "10")
    assert int(many[2]) <= int(few[2]) + 5
    assert _cells(done.stdout, "refuse too many rows")[1] == "200"


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
