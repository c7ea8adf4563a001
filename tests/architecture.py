"""The rules of this code base as functions of a source tree.

Each rule takes the root of a tree and returns its violations as text, none = obeyed.
``test_architecture.py`` applies them to this clone and to planted violations.
"""

from __future__ import annotations

import ast
import csv
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 50
MODEL_FOLDERS = ("models", "wizard", "report")
BASES = {"Model": "stored", "TransientModel": "transient", "AbstractModel": "abstract"}

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
# Wizards that others may read what somebody has left in, and why it harms nobody.
SHARED_WIZARDS: dict[str, str] = {}
# Context keys that models may read, and why there is no other way.
CONTEXT_KEYS = {
    "budget_performance_dialog": "a button can tell its method nothing else: Submit in"
    " the form asks for the dialog, RPC and import get an error",
}

# Written with escapes, so that this file does not contain what it forbids.
FORBIDDEN_PLACES = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|registry\.yarnpkg|deb\.debian"
    r"|(?:archive|security|ports)\.ubuntu|(?:ftp|mirrors?)\.[\w.]*debian"
    r"|nightly\.odoo|//[\w.:@-]+/(?:debian|simple)\b"
    r"|(?<![\w.}])/(?:root|home/\w+|opt)/"
)
UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
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


def access_names_a_group(root: Path) -> list[str]:
    """Each model with a table has an ACL line, and each ACL line names a group."""
    found = []
    granted: dict[Path, set[str]] = {}
    for addon in addons_of(root):
        path = addon / "security" / "ir.model.access.csv"
        granted[addon] = set()
        if not path.exists():
            continue
        with path.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                model = row.get("model_id:id") or row.get("model_id/id") or ""
                granted[addon].add(model.rpartition(".")[2])
                if not (row.get("group_id:id") or row.get("group_id/id")):
                    found.append(f"{path}: {row.get('id')} names no group")
    for model in models_of(root):
        if model.is_new and model.kind != "abstract":
            if f"model_{model.underscored}" not in granted[model.addon]:
                found.append(f"{model.path}: no ACL line for {model.name}")
    return found


def companies_are_separated(root: Path) -> list[str]:
    """Each stored model with a company has a rule on it, in a file of its name."""
    found = []
    for model in models_of(root):
        if not model.is_new or model.kind != "stored":
            continue
        if "company_id" not in model.fields:
            continue
        path = model.addon / "security" / f"{model.underscored}_security.xml"
        if not path.exists():
            found.append(f"{model.path}: {path.name} with its company rule is missing")
        elif not _has_company_rule(path, model.underscored):
            found.append(f"{path}: no rule of {model.name} looks at the company")
    return found


def _has_company_rule(path: Path, underscored: str) -> bool:
    for fields in _rules_in(path, underscored):
        domain = fields.get("domain_force")
        text = "" if domain is None else (domain.text or "") + domain.get("eval", "")
        if "company" in text:
            return True
    return False


def wizards_are_own(root: Path) -> list[str]:
    """Each wizard has a rule for everybody by which only who opened it reads it.

    Odoo lets everybody with access to the model read what anybody was shown there.
    """
    found = []
    for model in models_of(root):
        if (
            not model.is_new
            or model.kind != "transient"
            or model.name in SHARED_WIZARDS
        ):
            continue
        paths = sorted((model.addon / "security").glob("*.xml"))
        if not any(_has_own_rule(path, model.underscored) for path in paths):
            found.append(f"{model.path}: no rule on create_uid of {model.name}")
    return found


def _has_own_rule(path: Path, underscored: str) -> bool:
    for fields in _rules_in(path, underscored):
        domain = fields.get("domain_force")
        text = "" if domain is None else domain.text or ""
        if "create_uid" in text and "groups" not in fields:
            return True
    return False


def _rules_in(path: Path, underscored: str) -> Iterator[dict[str | None, ET.Element]]:
    """Yield the fields of each record rule on a model."""
    for record in ET.parse(path).getroot().iter("record"):
        fields = {field.get("name"): field for field in record.iter("field")}
        if record.get("model") != "ir.rule" or "model_id" not in fields:
            continue
        reference = (fields["model_id"].get("ref") or "").rpartition(".")[2]
        if reference == f"model_{underscored}":
            yield fields


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
    return _grep_models(root, re.compile(r"\bcr\.(?:commit|rollback)\("))


def no_direct_orm_import(root: Path) -> list[str]:
    """odoo.orm is private; odoo.api, odoo.fields and odoo.models are the doors."""
    pattern = re.compile(r"^\s*(?:from|import) odoo\.orm\b")
    return _grep(python_files(root), pattern)


def no_context_control_flow(root: Path) -> list[str]:
    """Models do not read the context; arguments say what is wanted."""
    pattern = re.compile(r"\bcontext\.get\(|\bcontext\[|\bin self\.env\.context\b")
    return [
        hit
        for hit in _grep_models(root, pattern)
        if not any(f'context.get("{key}")' in hit for key in CONTEXT_KEYS)
    ]


def no_sudo_of_self(root: Path) -> list[str]:
    """Raised rights are narrow and named: never ``self = self.sudo()``."""
    found = []
    for path in python_files(root):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and _names_self(node.targets):
                if ".sudo(" in ast.unparse(node.value):
                    found.append(f"{path}:{node.lineno}")
    return found


def sudo_is_named_or_explained(root: Path) -> list[str]:
    """What has raised rights is called ``…_sudo``, or a comment gives the reason."""
    found = []
    for path in python_files(root):
        if "addons" not in path.relative_to(root).parts[0]:
            continue
        text = path.read_text(encoding="utf-8")
        if ".sudo(" in text:
            found += [f"{path}:{line}" for line in _bare_sudos(text)]
    return found


def _bare_sudos(text: str) -> Iterator[int]:
    """Yield the lines of calls of sudo that say nothing about themselves."""
    lines = text.splitlines()
    for statement, call, targets in _sudo_calls(ast.parse(text)):
        if any(name.endswith("_sudo") for name in targets):
            continue
        is_block = isinstance(statement, ast.If | ast.For | ast.With | ast.While)
        end = call.end_lineno if is_block else statement.end_lineno
        around = lines[max(statement.lineno - 2, 0) : end]
        own = [line for line in around[1:] if "#" in line]
        if not own and not around[0].lstrip().startswith("#"):
            yield call.lineno


def _sudo_calls(
    tree: ast.AST,
) -> Iterator[tuple[ast.stmt, ast.Call, list[str]]]:
    """Yield statement, call and the names that the outcome of the call gets."""
    parents = {
        child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)
    }
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call) or not _is_raising(call):
            continue
        node, targets = parents[call], []
        while not isinstance(node, ast.stmt):
            if isinstance(node, ast.comprehension):
                targets.append(node.target)
            node = parents[node]
        if isinstance(node, ast.Assign):
            targets += node.targets
        elif isinstance(node, ast.For):
            targets.append(node.target)
        names = [
            part.id
            for target in targets
            for part in ast.walk(target)
            if isinstance(part, ast.Name)
        ]
        yield node, call, names


def _is_raising(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute) or call.func.attr != "sudo":
        return False
    return not (call.args and ast.unparse(call.args[0]) == "False")


def _names_self(targets: list[ast.expr]) -> bool:
    return any(
        isinstance(target, ast.Name) and target.id == "self" for target in targets
    )


def nothing_unfinished(root: Path) -> list[str]:
    """No note of unfinished work stands in the tree."""
    return _grep(_texts(root), UNFINISHED)


def no_machine_or_registry(root: Path) -> list[str]:
    """No file names a package registry, a mirror or a path of some machine."""
    return _grep(_texts(root), FORBIDDEN_PLACES)


def _texts(root: Path) -> Iterator[Path]:
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


def _grep_models(root: Path, pattern: re.Pattern[str]) -> list[str]:
    paths = [
        path
        for addon in addons_of(root)
        for folder in MODEL_FOLDERS
        for path in sorted((addon / folder).rglob("*.py"))
    ]
    return _grep(iter(paths), pattern)


def _grep(paths: Iterator[Path], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:100]}"
        for path in paths
        for number, line in enumerate(
            path.read_text(encoding="utf-8", errors="replace").splitlines(), 1
        )
        if pattern.search(line)
    ]


RULES = (
    tools_are_pure,
    sizes_are_small,
    one_model_per_file,
    access_names_a_group,
    companies_are_separated,
    wizards_are_own,
    views_bear_the_models_name,
    data_files_are_loaded,
    no_transaction_control,
    no_direct_orm_import,
    no_context_control_flow,
    no_sudo_of_self,
    sudo_is_named_or_explained,
    nothing_unfinished,
    no_machine_or_registry,
)
