"""Odoo's own tests and lint with our addons installed: they must stay green."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from . import logcheck, odoo_source, ports
from .database import Databases
from .progress import exit_code, say, step, tail

CORE_MODULES = ("hr_expense", "analytic", "purchase")
# What of account our addons touch: posting, changing and taking back entries.
CORE_ACCOUNT = (
    *("test_account_move_entry.py", "test_account_move_in_invoice.py"),
    *("test_account_move_in_refund.py", "test_account_move_date_algorithm.py"),
    *("test_account_lock_exception.py", "test_account_bill_deductibility.py"),
)
# Fails in plain Odoo, too: it looks for a vendor that the demo data has no more.
CORE_BROKEN = ("purchase/tests/test_import_files.py",)
# Makes a user with the login of one of our demo people: runs where there is no demo.
CORE_WITHOUT_DEMO = ("/hr_expense", "/account:TestAccountPayment")
LINT_CLASSES = (
    *("TestNaming", "TestLintOverrideSignatures", "ManifestLinter", "TestIndex"),
    *("TestDunderinit", "TestTestHoles", "TestOnchangeDomains", "TestDocstring"),
)


class Suites:
    """Runs of foreign tests; each returns the reasons why it failed, none = green."""

    def __init__(
        self,
        databases: Databases,
        environment: dict[str, str],
        allowed: Sequence[logcheck.Allowed],
        *,
        with_http: bool,
    ) -> None:
        self.databases = databases
        self.ground = databases.ground
        self.environment = environment
        self.allowed = allowed
        self.with_http = with_http

    def core_after_install(self, template: str) -> list[str]:
        """Run Odoo's tests of what our addons extend, with all of them loaded."""
        addons = odoo_source.community_addons(self.databases.source)
        folders = [str(addons / name / "tests") for name in CORE_MODULES]
        folders += [str(addons / "account" / "tests" / name) for name in CORE_ACCOUNT]
        folders += [f"--ignore={addons / name}" for name in CORE_BROKEN]
        name = self.databases.test_name("core")
        log = self.ground.log("core-after-install")
        names = ", ".join((*CORE_MODULES, "account (in part)"))
        title = f"Odoo's own tests of {names}, our addons installed"
        with step(title), self.databases.copied(template, name):
            report = self.ground.log("core-after-install-report")
            code = exit_code(
                self.pytest(name, log, folders),
                log=report,
                env=self.environment,
                cwd=self.ground.dev,
            )
            say(f"  {last_line(report)}")
            reasons = (
                [] if code == 0 else [f"pytest ended with {code}:\n{tail(report)}"]
            )
            return reasons + self._log_problems(log)

    def core_at_install(self) -> list[str]:
        """Install hr_expense together with our addons and run its tests on the way.

        The database has no demo data.
        """
        ours = self.ground.our_addons()
        modules = ",".join(["hr_expense", *ours])
        return self._odoo_run(
            "Odoo's own tests while our addons are installed, without demo data",
            "core-at-install",
            ["-i", modules, "--test-tags", ",".join(CORE_WITHOUT_DEMO)],
        )

    def lint(self, template: str) -> list[str]:
        """Run Odoo's static tests over all addons, ours included."""
        tags = ",".join(f"/test_lint:{name}" for name in LINT_CLASSES)
        return self._odoo_run(
            "Odoo's own lint (test_lint)",
            "test-lint",
            ["-i", "test_lint", "--test-tags", tags],
            template,
        )

    def pytest(self, database: str, log: Path, arguments: Sequence[str]) -> list[str]:
        """Return the pytest command for a database, Odoo's log going to ``log``."""
        log.unlink(missing_ok=True)
        return [
            *(str(self.ground.python), "-m", "pytest"),
            *(f"--odoo-config={self.databases.config()}", "--odoo-log-level=info"),
            *(f"--odoo-database={database}", f"--odoo-extra=logfile={log}"),
            *(["--odoo-http"] if self.with_http else []),
            *("-p", "no:cacheprovider"),
            *arguments,
        ]

    def _odoo_run(
        self, title: str, label: str, words: Sequence[str], template: str = ""
    ) -> list[str]:
        """Run Odoo's test runner in a fresh or copied database, and judge its log."""
        name = self.databases.test_name(label.replace("-", "_"))
        log = self.ground.log(label)
        command = self.databases.odoo("-d", name, *words, "--stop-after-init")
        # Without a browser the tests that drive one are skipped by Odoo itself.
        command.append(f"--http-port={ports.free_port()}")
        with step(title):
            self.databases.drop(name)
            if template:
                self.databases.copy(template, name)
            try:
                code = exit_code(command, log=log, env=self.environment)
            finally:
                self.databases.drop(name)
        count = logcheck.count_tests(log)
        say(f"  {count} tests")
        # Odoo also ends with 1 when the only failures are allowed ones: look at each.
        explained = code == 0 or logcheck.has_failures(log)
        reasons = [] if explained else [f"Odoo ended with {code}:\n{tail(log)}"]
        if count < 1:
            reasons.append(f"no test ran; see {log}")
        return reasons + self._log_problems(log)

    def _log_problems(self, log: Path) -> list[str]:
        return logcheck.problems(log, self.ground.our_addons(), self.allowed)


def last_line(report: Path) -> str:
    """Return the last line of a report that says something."""
    text = report.read_text(encoding="utf-8", errors="replace").strip()
    return text.splitlines()[-1] if text else "(no output)"
