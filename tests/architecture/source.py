"""What the rules look at: addons, model classes and texts of a source tree."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MODEL_FOLDERS = ("models", "wizard", "report")
BASES = {"Model": "stored", "TransientModel": "transient", "AbstractModel": "abstract"}
TEXT_SUFFIXES = {
    *("", ".py", ".xml", ".csv", ".md", ".txt", ".in", ".lock", ".js", ".scss"),
    *(".json", ".yml", ".yaml", ".toml", ".conf", ".po", ".pot", ".css", ".sh"),
}


@dataclass(frozen=True)
class ModelClass:
    """One model class as its source tells it."""

    path: Path
    addon: Path
    node: ast.ClassDef
    kind: str
    name: str
    inherits: tuple[str, ...]

    @property
    def is_new(self) -> bool:
        """Whether the class defines a model (rather than extending one)."""
        return bool(self.name) and self.name not in self.inherits

    @property
    def underscored(self) -> str:
        return (self.name or self.inherits[0]).replace(".", "_")

    @property
    def fields(self) -> set[str]:
        return {
            target.id
            for statement in self.node.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }


def addons_of(root: Path) -> list[Path]:
    return [path.parent for path in sorted(root.glob("addons/*/__manifest__.py"))]


def python_files(root: Path) -> Iterator[Path]:
    """Yield the Python files of the product and its scripts, without tests."""
    for folder in ("addons", "script"):
        for path in sorted((root / folder).rglob("*.py")):
            if "tests" not in path.relative_to(root).parts:
                yield path


def models_of(root: Path) -> list[ModelClass]:
    """Return all model classes of the addons."""
    return [
        model
        for addon in addons_of(root)
        for folder in MODEL_FOLDERS
        for path in sorted((addon / folder).glob("*.py"))
        for model in _models_in(path, addon)
    ]


def _models_in(path: Path, addon: Path) -> Iterator[ModelClass]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.ClassDef):
            continue
        kinds = [BASES[b.attr] for b in node.bases if _is_models_attribute(b)]
        if kinds:
            values = _constants(node)
            inherits = values.get("_inherit", ())
            names = (inherits,) if isinstance(inherits, str) else tuple(inherits)
            yield ModelClass(
                path, addon, node, kinds[0], str(values.get("_name", "")), names
            )


def _is_models_attribute(base: ast.expr) -> bool:
    return isinstance(base, ast.Attribute) and base.attr in BASES


def _constants(node: ast.ClassDef) -> dict[str, object]:
    found: dict[str, object] = {}
    for statement in node.body:
        if isinstance(statement, ast.Assign) and isinstance(
            statement.targets[0], ast.Name
        ):
            try:
                found[statement.targets[0].id] = ast.literal_eval(statement.value)
            except ValueError:
                continue
    return found


def texts(root: Path) -> Iterator[Path]:
    """Yield the text files that are, or would be, committed."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(
            command, cwd=root, capture_output=True, check=True, text=True
        ).stdout.split("\0")
        paths = [root / name for name in listed if name]
    except (OSError, subprocess.CalledProcessError):
        paths = [p for p in root.rglob("*") if ".dev" not in p.parts]
    for path in sorted(paths):
        if path.is_file() and path.suffix in TEXT_SUFFIXES and path.name != "LICENSE":
            yield path


def grep_models(root: Path, pattern: re.Pattern[str]) -> list[str]:
    paths = [
        path
        for addon in addons_of(root)
        for folder in MODEL_FOLDERS
        for path in sorted((addon / folder).rglob("*.py"))
    ]
    return grep(iter(paths), pattern)


def grep(paths: Iterator[Path], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(
            path.read_text(encoding="utf-8", errors="replace").splitlines(), 1
        )
        if pattern.search(line)
    ]
