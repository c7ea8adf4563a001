"""Rules about where things stand, how long they are and what code may do."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from .source import addons_of, grep, grep_models, models_of, python_files

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 50
# Stored models that nobody opens by themselves, and where they are shown instead.
WITHOUT_VIEWS = {
    "performance.budget.balance": "technical: the locked sums behind the lines",
    "performance.budget.holding": "technical: one row a document, to be written",
    "performance.budget.pending": "technical: empty while nobody asks for money",
    "performance.budget.stop.line": "shown inside the form of its stop",
    "performance.budget.control.band": "edited inside the form of its control rule",
    "bsc.assessment.line": "judged inside the form of its assessment",
    "bsc.calibration.attendance": "shown inside the form of its session",
    "bsc.calibration.guideline": "edited inside the form of its session",
    "bsc.budget.recommendation.line": "shown inside the form of its recommendation",
    "bsc.development.focus": "shown inside the form of its plan",
    "bsc.raise.policy.cell": "edited inside the form of its policy",
    "bsc.feedback.answer": "nobody reads what one rater answered; it is scored, erased",
    "bsc.feedback.comment": "shown inside the form of its round",
    "bsc.interview.confirmation": "shown inside the form of its interview",
    "bsc.interview.step": "edited inside the form of its interview",
    "bsc.weighting.criterion": "shown inside the form of its study",
    "bsc.weighting.judgement": "judged in the matrix of its expert",
    "bsc.weighting.version.line": "edited inside the form of its version",
}
# Context keys that models may read, and why there is no other way.
CONTEXT_KEYS = {
    "budget_performance_dialog": "a button can tell its method nothing else: Submit in"
    " the form asks for the dialog, RPC and import get an error",
    "show_budget": "a view can tell a name nothing else: where lines of two budgets"
    " look alike, the name says whose they are",
}


def tools_are_pure(root: Path) -> list[str]:
    """tools/ imports no Odoo and nothing of its addon outside tools/."""
    found = []
    for addon in addons_of(root):
        for path in sorted((addon / "tools").rglob("*.py")):
            depth = len(path.relative_to(addon / "tools").parts)
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                names = []
                if isinstance(node, ast.Import):
                    names = [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    names = [node.module or ""] if not node.level else []
                    if node.level > depth:
                        found.append(f"{path}:{node.lineno} leaves tools/")
                if any(name.split(".")[0] == "odoo" for name in names):
                    found.append(f"{path}:{node.lineno} imports odoo")
    return found


def sizes_are_small(root: Path) -> list[str]:
    """No file is longer than 300 lines, no function longer than 50."""
    found = []
    for path in python_files(root):
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines > MAX_FILE_LINES:
            found.append(f"{path}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > MAX_FUNCTION_LINES:
                    found.append(f"{path}:{node.lineno} {node.name}: {length} lines")
    return found


def one_model_per_file(root: Path) -> list[str]:
    """A file holds one model and bears its name (a topic may follow the name)."""
    found = []
    seen: dict[Path, int] = {}
    for model in models_of(root):
        seen[model.path] = seen.get(model.path, 0) + 1
        if seen[model.path] == 2:
            found.append(f"{model.path}: more than one model")
        stem = model.path.stem
        if stem != model.underscored and not stem.startswith(model.underscored + "_"):
            found.append(f"{model.path}: should be named {model.underscored}.py")
    return found


def views_bear_the_models_name(root: Path) -> list[str]:
    """Each stored model has its views in a file of its name."""
    found = []
    for model in models_of(root):
        if not model.is_new or model.kind != "stored" or model.name in WITHOUT_VIEWS:
            continue
        name = f"{model.underscored}_views.xml"
        if not any((model.addon / f / name).exists() for f in ("views", "report")):
            found.append(f"{model.path}: views/{name} is missing")
    return found


def data_files_are_loaded(root: Path) -> list[str]:
    """Each XML and CSV file of an addon's data folders stands in its manifest."""
    found = []
    for addon in addons_of(root):
        manifest = ast.literal_eval((addon / "__manifest__.py").read_text("utf-8"))
        listed = {*manifest.get("data", ()), *manifest.get("demo", ())}
        for folder in ("data", "demo", "security", "views", "wizard", "report"):
            for path in sorted((addon / folder).rglob("*.*")):
                name = path.relative_to(addon).as_posix()
                if path.suffix in {".xml", ".csv"} and name not in listed:
                    found.append(f"{path}: not in the manifest")
    return found


def no_transaction_control(root: Path) -> list[str]:
    """Business code neither commits nor rolls back."""
    return grep_models(root, re.compile(r"\bcr\.(?:commit|rollback)\("))


def no_direct_orm_import(root: Path) -> list[str]:
    """odoo.orm is private; odoo.api, odoo.fields and odoo.models are the doors."""
    pattern = re.compile(r"^\s*(?:from|import) odoo\.orm\b")
    return grep(python_files(root), pattern)


def no_context_control_flow(root: Path) -> list[str]:
    """Models do not read the context; arguments say what is wanted."""
    pattern = re.compile(r"\bcontext\.get\(|\bcontext\[|\bin self\.env\.context\b")
    return [
        hit
        for hit in grep_models(root, pattern)
        if not any(f'context.get("{key}")' in hit for key in CONTEXT_KEYS)
    ]
