"""The pure core without Odoo: doctests of addons/*/tools and tests that need no Odoo.

Run by the Python of the virtual environment as a program of its own, for it makes
``import odoo`` impossible. Prints a summary; exits with 1 on any failure.
"""

from __future__ import annotations

import ast
import doctest
import importlib
import sys
import types
import unittest
from collections.abc import Iterator
from pathlib import Path


class NoOdooFinder:
    """Refuses every import of ``odoo``, so that a hidden dependency fails here."""

    @staticmethod
    def find_spec(name: str, path: object = None, target: object = None) -> None:
        """Raise for Odoo, stay silent for the rest."""
        if name.partition(".")[0] == "odoo":
            raise ImportError("the pure core must not import odoo")


def imports_odoo(path: Path) -> bool:
    """Tell whether a Python file imports Odoo anywhere."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names = [node.module or ""]
        if any(name.partition(".")[0] == "odoo" for name in names):
            return True
    return False


def shell_package(name: str, folder: Path) -> None:
    """Make ``folder`` importable as a package without running its ``__init__``."""
    package = types.ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules[name] = package


def core_modules(addon: Path) -> Iterator[str]:
    """Yield the names of the modules of an addon's pure core."""
    for path in sorted((addon / "tools").rglob("*.py")):
        parts = path.relative_to(addon.parent).with_suffix("").parts
        yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def pure_tests(addon: Path) -> Iterator[str]:
    """Yield the names of an addon's test modules that do not import Odoo."""
    for path in sorted((addon / "tests").glob("test_*.py")):
        if not imports_odoo(path):
            yield f"{addon.name}.tests.{path.stem}"


def suite_of(addons: list[Path]) -> unittest.TestSuite:
    """Collect the doctests and tests of the pure cores of ``addons``."""
    suite = unittest.TestSuite()
    for addon in addons:
        shell_package(addon.name, addon)
        shell_package(f"{addon.name}.tests", addon / "tests")
        for name in core_modules(addon):
            module = importlib.import_module(name)
            suite.addTest(doctest.DocTestSuite(module))
        for name in pure_tests(addon):
            module = importlib.import_module(name)
            suite.addTest(unittest.defaultTestLoader.loadTestsFromModule(module))
    return suite


def main(folder: str) -> int:
    """Run the pure cores of all addons in ``folder``."""
    sys.meta_path.insert(0, NoOdooFinder)
    sys.dont_write_bytecode = True
    addons = [path.parent for path in sorted(Path(folder).glob("*/tools"))]
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=0).run(
        suite_of(addons)
    )
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
