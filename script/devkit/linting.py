"""script/lint: style and static checks of the whole clone; seconds when warm."""

from __future__ import annotations

import argparse
import configparser
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from . import odoo_source, stamps, venv
from .ground import Ground, digest
from .progress import exit_code, run, say, step

PYTHON_FOLDERS = ("addons", "script", "tests")
CONFIGURATIONS = (".ruff.toml", ".pylintrc", ".pylintrc-mandatory", ".prettierrc.yml")
PARALLEL = 2


@dataclass(frozen=True)
class Check:
    """One run of a tool, which judges by its exit code."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    silent_when_passed: bool = True

    @property
    def key(self) -> str:
        """The name of the file that remembers when this check passed."""
        return "".join(c if c.isalnum() else "-" for c in self.name)


def main(arguments: Sequence[str]) -> int:
    """Set up what the checks need, run them and return 1 if one that blocks failed."""
    parser = argparse.ArgumentParser(
        prog="script/lint", description="Check style and static rules."
    )
    parser.add_argument(
        "--fix", action="store_true", help="first mend what the tools can mend"
    )
    options = parser.parse_args(arguments)
    ground = Ground.here()
    with ground.locked():
        source = odoo_source.provide(ground)
        venv.provide(ground, source)
    if options.fix:
        _fix(ground)
    failed = run_checks(ground, source)
    say(f"Lint: {'FAILED: ' + ', '.join(failed) if failed else 'all checks passed'}")
    return 1 if failed else 0


def run_checks(ground: Ground, source: Path) -> list[str]:
    """Run all checks, print the findings and return the names of the failed ones."""
    checks = [*_python_checks(ground), *_addon_checks(ground, source)]
    checks += _xml_checks(ground)
    wanted = _digest_of_input(ground)
    memory = ground.dev / "lint"
    failed = []
    with step("Lint"), ThreadPoolExecutor(PARALLEL) as pool:
        due = [c for c in checks if not stamps.is_current(memory / c.key, wanted)]
        if len(due) < len(checks):
            say(f"  {len(checks) - len(due)} checks passed on the same files before")
        for check, done in zip(due, pool.map(_runner(ground), due), strict=True):
            passed = done.returncode == 0
            say(f"  {check.name}: {'ok' if passed else 'FAILED'}")
            if done.stdout and not (passed and check.silent_when_passed):
                print(done.stdout.rstrip(), flush=True)
            if passed:
                stamps.write(memory / check.key, wanted)
            else:
                failed.append(check.name)
    return failed


def _digest_of_input(ground: Ground) -> str:
    """Return a hash of all that the outcome of a check depends on."""
    files = [
        path
        for name in PYTHON_FOLDERS
        for path in sorted((ground.root / name).rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    ]
    configurations = (*CONFIGURATIONS, "requirements-dev.lock", "package-lock.json")
    return digest([*files, *(ground.root / name for name in configurations)])


def _fix(ground: Ground) -> None:
    ruff = _python_checks(ground)
    mending = [
        ("ruff-fix", [*ruff[0].command, "--fix", "--quiet"]),
        ("ruff-format", [word for word in ruff[1].command if word != "--check"]),
        *(
            ("prettier", ["--write" if w == "--check" else w for w in check.command])
            for check in _xml_checks(ground)
        ),
    ]
    for name, command in mending:
        exit_code(command, log=ground.log(name), cwd=ground.root)


def _runner(
    ground: Ground,
) -> Callable[[Check], subprocess.CompletedProcess[str]]:
    def execute(check: Check) -> subprocess.CompletedProcess[str]:
        return subprocess.run(  # noqa: PLW1510
            check.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=ground.root,
            env={**os.environ, "NO_COLOR": "1", **check.environment},
        )

    return execute


def _python_checks(ground: Ground) -> list[Check]:
    ruff = _tool(ground, "ruff")
    folders = [name for name in PYTHON_FOLDERS if (ground.root / name).is_dir()]
    folders += ["script/server", "script/test", "script/lint", "script/bench"]
    cache = ("--cache-dir", str(ground.dev / "ruff"))
    return [
        Check("ruff check", [ruff, "check", *cache, *folders]),
        Check("ruff format", [ruff, "format", "--check", *cache, *folders]),
    ]


def _addon_checks(ground: Ground, source: Path) -> list[Check]:
    addons = [f"addons/{name}" for name in ground.our_addons()]
    if not addons:
        return []
    pylint = [_tool(ground, "pylint"), "--jobs=1"]
    quiet = {"PYLINTHOME": str(ground.dev / "pylint")}
    checkers = odoo_source.community_addons(source) / "test_lint" / "tests"
    plugin = "_odoo_checker_sql_injection"
    checks = [
        _pylint_odoo(ground, [*pylint, *addons], quiet),
        Check(
            "oca-checks-odoo-module",
            # README.md by choice; the order of attributes is prettier's.
            [
                _tool(ground, "oca-checks-odoo-module"),
                "--disable=prefer-readme-rst,xml-tag-position",
                *addons,
            ],
        ),
    ]
    if (checkers / f"{plugin}.py").exists():
        command = [*pylint, "--rcfile=/dev/null", "--disable=all", "--score=n"]
        command += [f"--load-plugins={plugin}", "--enable=sql-injection"]
        # Remarks in the code speak to pylint-odoo, which is not loaded here.
        command += ["--disable=unknown-option-value", *addons]
        environment = {**quiet, "PYTHONPATH": str(checkers)}
        checks.append(Check("Odoo's SQL injection checker", command, environment))
    return checks


def _pylint_odoo(
    ground: Ground, command: Sequence[str], environment: Mapping[str, str]
) -> Check:
    """Return one run for both lists: the mandatory one blocks, the other informs."""
    mandatory, judgement = (
        _enabled(ground.root / name) for name in (".pylintrc-mandatory", ".pylintrc")
    )
    options = ["--rcfile=.pylintrc-mandatory", f"--enable={judgement}"]
    options += ["--fail-under=-100", f"--fail-on={mandatory}"]
    return Check(
        "pylint-odoo", [*command, *options], environment, silent_when_passed=False
    )


def _enabled(path: Path) -> str:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read(path, encoding="utf-8")
    return "".join(parser["MESSAGES CONTROL"]["enable"].split())


def _xml_checks(ground: Ground) -> list[Check]:
    files = sorted(
        str(p.relative_to(ground.root)) for p in ground.addons.rglob("*.xml")
    )
    if not files:
        return []
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        say("Lint: prettier for XML is left out, this machine has no node and npm")
        return []
    home = _provide_prettier(ground, npm)
    modules = home / "node_modules"
    command = [node, str(modules / "prettier/bin/prettier.cjs"), "--check"]
    command += ["--config", ".prettierrc.yml", "--ignore-path", "/dev/null"]
    command += ["--plugin", str(modules / "@prettier/plugin-xml/src/plugin.js")]
    return [Check("prettier (XML)", [*command, *files])]


def _provide_prettier(ground: Ground, npm: str) -> Path:
    home = ground.dev / "node"
    manifests = [ground.root / "package.json", ground.root / "package-lock.json"]
    wanted = digest(manifests)
    if stamps.is_current(home / "STAMP", wanted):
        return home
    with step("Lint: installing prettier (once)"):
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        for manifest in manifests:
            shutil.copy(manifest, home)
        run(
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            log=ground.log("npm"),
            why="npm could not install prettier",
            advice="Check that `npm view prettier version` works, then run again.",
            cwd=home,
        )
        stamps.write(home / "STAMP", wanted)
    return home


def _tool(ground: Ground, name: str) -> str:
    return str(ground.python.with_name(name))
