"""script/test: everything that must hold, from lint to browser tours."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import browser, linting, logcheck, odoo_source, postgres, pure_core, venv
from .database import Databases
from .ground import Ground
from .our_tests import SERVERS, OurTests
from .progress import exit_code, say, step, tail
from .suites import Suites

# Two fit on two cores: a run keeps one busy, PostgreSQL and the browser included.
SIDE_BY_SIDE = 2
EPILOG = "Other arguments go to pytest and narrow the run to it: paths, -k, -x, …"


def main(arguments: Sequence[str]) -> int:
    """Run all stages, pytest last; return 1 when any failed."""
    options, narrowing = _parse(arguments)
    ground = Ground.here()
    with ground.locked():
        source = odoo_source.provide(ground)
        venv.provide(ground, source)
        folder = None if options.no_browser else browser.provide(ground)
        server = postgres.provide(ground, keep=False)
    try:
        databases = Databases(ground.begin_run(), server, source)
        databases.drop_abandoned()
        return Run(databases, folder, options, narrowing).execute()
    finally:
        server.release()


def _parse(arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(
        prog="script/test",
        description="Lint, pure core, Odoo's own suites, then our tests with pytest.",
        epilog=EPILOG,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--fast", action="store_true", help="leave out Odoo's own suites and lint"
    )
    parser.add_argument(
        "--core", action="store_true", help="run only Odoo's own suites and lint"
    )
    parser.add_argument(
        "--no-browser", action="store_true", help="leave out what needs Chromium"
    )
    return parser.parse_known_args(arguments)


class Run:
    """One run of script/test on a prepared ground."""

    def __init__(
        self,
        databases: Databases,
        browser_folder: Path | None,
        options: argparse.Namespace,
        narrowing: Sequence[str],
    ) -> None:
        self.databases = databases
        self.ground = databases.ground
        self.options = options
        self.narrowing = list(narrowing)
        self.allowed = logcheck.read_allowed(
            self.ground.root / "script/log-allowed.txt"
        )
        self.environment = databases.environment()
        if browser_folder:
            path = self.environment["PATH"]
            self.environment["PATH"] = f"{browser_folder}{os.pathsep}{path}"
        self.suites = Suites(
            databases, self.environment, self.allowed, with_http=not options.no_browser
        )
        self.failures: dict[str, list[str]] = {}

    def execute(self) -> int:
        """Run the stages that the options leave, print the summary, return the code."""
        narrowed = bool(self.narrowing)
        if not narrowed and not self.options.core:
            self._stage("lint", self._lint)
            self._stage("pure core", self._pure_core)
        template = self.databases.provide_template()
        ours = OurTests(self.suites, self._pytest_environment())
        self._side_by_side(template, ours)
        if not self.options.core:
            self._our_servers(template, ours)
            self._stage("logs of the tests", self._log_problems)
        self._summarise()
        if closing := ours.closing():
            print(closing, flush=True)
        return 1 if self.failures else 0

    def _side_by_side(self, template: str, ours: OurTests) -> None:
        """Run Odoo's suites and the groups of our tests, two at a time."""
        with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
            runs = []
            if self.options.core or not (self.narrowing or self.options.fast):
                runs.append(pool.submit(self._core, template))
            if not (self.options.core or self.narrowing):
                for group, folders in reversed(ours.groups().items()):
                    runs.append(pool.submit(self._ours, template, ours, group, folders))
        for run in runs:
            run.result()

    def _our_servers(self, template: str, ours: OurTests) -> None:
        """Run the tests that start servers, or what the arguments narrow the run to."""
        if not self.narrowing:
            self._ours(template, ours, SERVERS, [SERVERS])
            return
        named = any(_is_path(self.ground.root, word) for word in self.narrowing)
        folders = [] if named else ["addons", SERVERS]
        self._ours(template, ours, "narrowed", [*self.narrowing, *folders])

    def _ours(
        self, template: str, ours: OurTests, group: str, arguments: Sequence[str]
    ) -> None:
        reasons = ours.run(template, group, arguments)
        if reasons:
            self.failures[f"pytest {group}"] = reasons

    def _stage(self, name: str, run: Callable[[], list[str]]) -> None:
        reasons = run()
        if reasons:
            self.failures[name] = reasons
            say(f"  {name}: FAILED")
            for reason in reasons:
                print(f"    {reason}", flush=True)

    def _lint(self) -> list[str]:
        return linting.run_checks(self.ground, self.databases.source)

    def _pure_core(self) -> list[str]:
        log = self.ground.log("pure-core")
        with step("Pure core, without Odoo"):
            program = Path(pure_core.__file__)
            command = [self.ground.python, program, self.ground.addons]
            code = exit_code(command, log=log)
        say("  " + " ".join(tail(log, 3).replace("    | ", "").split()))
        return [f"see {log}:\n{tail(log, 40)}"] if code else []

    def _core(self, template: str) -> None:
        suites = self.suites
        self._stage("core at install", suites.core_at_install)
        self._stage("core after install", lambda: suites.core_after_install(template))
        self._stage("core lint", lambda: suites.lint(template))

    def _log_problems(self) -> list[str]:
        """Return what our tests and their servers logged and should not have."""
        logs = self.ground.logs
        ours = self.ground.our_addons()
        return [
            f"{log.name}: {problem}"
            for pattern in ("pytest-odoo-*.log", "live-*.log")
            for log in sorted(logs.glob(pattern))
            for problem in logcheck.problems(log, ours, self.allowed)
        ]

    def _pytest_environment(self) -> dict[str, str]:
        return {
            **self.environment,
            "BUDGET_TEST_TEMPLATE": self.databases.template,
            "BUDGET_TEST_PREFIX": self.databases.test_prefix,
            "BUDGET_TEST_RUN": self.ground.run,
        }

    def _summarise(self) -> None:
        if not self.failures:
            say("Summary: every stage passed")
            return
        say("Summary: FAILED")
        for name, reasons in self.failures.items():
            print(f"  {name}: {len(reasons)} reason(s), first: {reasons[0][:200]}")


def _is_path(root: Path, argument: str) -> bool:
    path = argument.partition("::")[0]
    return not argument.startswith("-") and (root / path).exists()
