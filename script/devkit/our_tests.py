"""Our own tests with pytest: a run for each group of folders, each in its database."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from .ground import Ground
from .progress import step
from .suites import Suites

CLOSING = re.compile(r"^=+ .*\d+\.\d+s.* =+$")
COUNT = re.compile(r"(\d+) ([a-z]+)")
SINGULAR = {"errors": "error", "warnings": "warning"}
SECONDS = re.compile(r" in (\d+\.\d+)s")
# They start servers of their own and want the machine for themselves.
SERVERS = "tests"


class OurTests:
    """The runs of pytest over our tests, and what they closed with."""

    def __init__(self, suites: Suites, environment: Mapping[str, str]) -> None:
        self.suites = suites
        self.databases = suites.databases
        self.ground: Ground = suites.databases.ground
        self.environment = environment
        self.closings: list[str] = []

    def groups(self) -> dict[str, list[str]]:
        """Return the folders of each run: addons that belong together share one."""
        groups: dict[str, list[str]] = {}
        for name in self.ground.our_addons():
            groups.setdefault(name.partition("_")[0], []).append(f"addons/{name}")
        return groups

    def run(self, template: str, group: str, arguments: Sequence[str]) -> list[str]:
        """Run pytest in a copy of the template; return the reasons why it failed."""
        name = self.databases.test_name(f"pytest_{group}")
        log = self.log(group)
        with step(f"Our tests: {group}"), self.databases.copied(template, name):
            command = self.suites.pytest(name, log, ["-ra", *arguments])
            code = self._stream(command)
        return [f"exit code {code}"] if code else []

    def log(self, group: str) -> Path:
        """Return the file that Odoo logs to while a group runs."""
        return self.ground.log(f"pytest-odoo-{group}")

    def closing(self) -> str:
        """Return one closing line, as pytest writes it, for all runs together."""
        return closing_of_all(self.closings)

    def _stream(self, command: Sequence[str]) -> int:
        """Pass pytest's output through, holding back its closing line."""
        with subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=dict(self.environment),
            cwd=self.ground.root,
        ) as process:
            closing = ""
            for line in process.stdout or ():
                if CLOSING.match(line.strip()):
                    closing = line.strip()
                else:
                    print(line, end="", flush=True)
        if closing:
            self.closings.append(closing)
        return process.returncode


def closing_of_all(lines: Sequence[str]) -> str:
    """Add up closing lines of pytest; the seconds of runs side by side add up, too.

    >>> closing_of_all(
    ...     [
    ...         "== 1 failed, 2 passed, 1 warning in 1.50s ==",
    ...         "== 3 passed, 2 warnings, 1 error in 70.00s (0:01:10) ==",
    ...     ]
    ... )
    '========== 1 failed, 5 passed, 3 warnings, 1 error in 71.50s =========='
    >>> closing_of_all([])
    ''
    """
    if not lines:
        return ""
    counts: Counter[str] = Counter()
    seconds = 0.0
    for line in lines:
        words, _in, rest = line.strip("= ").partition(" in ")
        for number, what in COUNT.findall(words):
            counts[SINGULAR.get(what, what)] += int(number)
        seconds += float(SECONDS.search(f" in {rest}")[1])  # type: ignore[index]
    plural = {one: many for many, one in SINGULAR.items()}
    told = ", ".join(
        f"{number} {what if number == 1 else plural.get(what, what)}"
        for what, number in counts.items()
    )
    return f"{'=' * 10} {told} in {seconds:.2f}s {'=' * 10}"
