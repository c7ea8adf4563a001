"""script/bench: what the budget costs, next to Odoo without it and to a peer."""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from . import bench_forecast_report as forecast_report
from . import bench_payslip_report as payslip_report
from . import bench_raises_report as raises_report
from . import bench_report as report
from . import bench_score_report as score_report
from . import bench_workbook_report as workbook_report
from . import odoo_source, postgres, venv
from .bench_size import SIZES, Size
from .database import Databases
from .ground import Ground
from .postgres import Server
from .progress import exit_code, run, say, step

SECTIONS = {
    "documents": "the steps of a claim: submit, approve, post",
    "reads": "list page, all lines, pivot, drift check, rebuild",
    "load": "ten people submit at once, over real server processes",
    "throughput": "create and submit with more and more clients",
    "forecast": "how good and how long the rolling forecast is",
    "workbook": "how long a plan of 5,000 lines takes to go out and come back",
    "score": "how long 10,000 scorecards take to be scored",
    "raises": "how long 5,000 raises take to be computed, reserved and applied",
    "payslip": "what raises and bonuses add to a payslip",
    "peer": "the reads in OCA's account_budget_oca, in its own database",
}
PEER = "account_budget_oca"
PEER_PACKAGE = "odoo-addon-account-budget-oca>=19.0,<20"
PEER_SIZES = ("T", "S", "M")
EPILOG = """\
sizes (lines of the budget / journal items, in each of two companies):
  S  100 / 10 k      M  1 k / 100 k      L  5 k / 1 M (long to generate)
  T  12 / 200, only to see that everything works: its times mean nothing

Nothing fails for being slow; a broken ledger ends the run with 1.
docs/benchmarks.md tells how to read the tables.
"""


def main(arguments: Sequence[str]) -> int:
    """Make the data, measure the sections and print their tables."""
    options = _parse(arguments)
    sections = options.only or list(SECTIONS)
    figures: dict[str, Any] = {}
    try:
        with _ground() as databases, ExitStack() as leaving:
            bench = Bench(databases, options.size, leaving)
            for name in SECTIONS:
                if name in sections:
                    figures[name] = bench.measure(name)
    finally:
        # Also what was measured before a section failed.
        print("\n" + _head(options.size, list(figures)))
        for text in _tables(figures):
            print(text, flush=True)
    return 0


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    listed = "".join(f"\n  {name:<11} {what}" for name, what in SECTIONS.items())
    parser = argparse.ArgumentParser(
        prog="script/bench",
        description="Measure what the budget costs, next to Odoo without it.",
        epilog=f"sections:{listed}\n\n{EPILOG}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("size", nargs="?", default="S", choices=SIZES)
    parser.add_argument(
        "--only", nargs="+", choices=SECTIONS, metavar="NAME", help="some sections"
    )
    return parser.parse_args(arguments)


@contextmanager
def _ground() -> Iterator[Databases]:
    """Prepare as script/test does; inside of it, use what it has prepared."""
    ground = Ground.here()
    with ground.locked():
        source = odoo_source.provide(ground)
        venv.provide(ground, source)
        inside = "BUDGET_TEST_TEMPLATE" in os.environ
        server = Server({}) if inside else postgres.provide(ground, keep=False)
    try:
        databases = Databases(ground.begin_run(), server, source)
        if inside:
            databases.template = os.environ["BUDGET_TEST_TEMPLATE"]
            databases.test_prefix = os.environ["BUDGET_TEST_PREFIX"]
        databases.drop_abandoned()
        yield databases
    finally:
        server.release()


@dataclass
class Bench:
    """The databases of one run, made when a section first needs them."""

    databases: Databases
    size: str
    leaving: ExitStack
    prepared: dict[str, Any] = field(default_factory=dict)

    def measure(self, section: str) -> Any:
        """Return the figures of a section."""
        if section == "peer":
            return self._peer()
        if not self.prepared:
            self._prepare()
        with step(f"Measuring: {SECTIONS[section]}"):
            return self._inside(section, **self.prepared)

    def _prepare(self) -> None:
        databases = self.databases
        template = databases.provide_template()
        name = databases.test_name("bench")
        size = SIZES[self.size]
        title = f"Data: 2 × {size.items} journal items, {size.lines} budget lines"
        with step(title):
            self.leaving.callback(databases.drop, name)
            databases.copy(template, name)
            fields = self._inside("prepare", database=name)
        self.prepared = {"database": name, "fields": fields}

    def _peer(self) -> Any:
        if self.size not in PEER_SIZES:
            return "left out"
        databases = self.databases
        name = databases.test_name("peer")
        folder = databases.ground.dev / "bench-peer"
        with step(f"Measuring: {SECTIONS['peer']}"):
            if not _fetch_peer(databases.ground, folder):
                return "left out"
            self.leaving.callback(databases.drop, name)
            databases.copy("template0", name)
            paths = f"{databases.ground.addons},{folder}/odoo/addons"
            run(
                databases.odoo("-d", name, "-i", PEER, f"--addons-path={paths}")
                + ["--stop-after-init", "--no-http", "--without-demo"],
                log=databases.ground.log("bench-peer-install"),
                why=f"Odoo could not install {PEER}",
                advice="Leave it out: script/bench --only with the other sections.",
                env=databases.environment(),
            )
            return self._inside("peer", database=name, addons_path=paths)

    def _inside(self, stage: str, **request: Any) -> Any:
        """Run a stage in the virtual environment and return its answer."""
        ground = self.databases.ground
        log = ground.log(f"bench-{stage}")
        answer = log.with_suffix(".json")
        request |= {"stage": stage, "answer": str(answer)}
        request |= {"size": asdict(SIZES[self.size])}
        request |= {"config": str(self.databases.config())}
        request |= {"prefix": self.databases.test_prefix, "run": ground.run}
        question = log.with_suffix(".request.json")
        question.write_text(json.dumps(request), encoding="utf-8")
        folders = (ground.root / "script", ground.root)
        run(
            [ground.python, "-m", "devkit.bench_inside", question],
            log=log,
            why=f"script/bench stopped in the stage “{stage}”",
            advice="An UnsoundError names what is wrong with the ledger: mend it, there"
            " is nothing to measure before. Else see the log.",
            env={
                **self.databases.environment(),
                "PYTHONPATH": os.pathsep.join(map(str, folders)),
                "PYTHONDONTWRITEBYTECODE": "1",
            },
        )
        return json.loads(answer.read_text(encoding="utf-8"))


def _fetch_peer(ground: Ground, folder: Path) -> bool:
    """Get the peer from the package index, once; tell whether it is there."""
    if (folder / "odoo/addons" / PEER).is_dir():
        return True
    command = [ground.python, "-m", "pip", "install", "--no-deps", "--target", folder]
    if exit_code([*command, PEER_PACKAGE], log=ground.log("pip-peer")):
        say(f"  left out: pip cannot get {PEER}")
        return False
    return True


def _head(name: str, sections: Sequence[str]) -> str:
    size: Size = SIZES[name]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    only = "" if len(sections) == len(SECTIONS) else f" --only {' '.join(sections)}"
    return (
        f"`script/bench {name}{only}`, {date.today()}: {size.lines} lines, {size.items}"
        f" journal items a company; {os.cpu_count()} cores, {memory:.0f} GB,"
        f" Python {platform.python_version()}, load at the end {load};"
        f" medians of {size.pairs} pairs\n"
    )


def _tables(figures: dict[str, Any]) -> Iterator[str]:
    writers: dict[str, Callable[[Any], str]] = {
        "documents": report.documents,
        "load": report.load,
        "throughput": report.throughput,
        "forecast": forecast_report.forecast,
        "workbook": workbook_report.workbook,
        "score": score_report.score,
        "raises": raises_report.raises,
        "payslip": payslip_report.payslip,
    }
    for section, found in figures.items():
        if section in writers:
            yield writers[section](found)
        elif section == "reads" or "reads" not in figures:
            yield report.reads(figures.get("reads", {}), figures.get("peer", "–"))
