"""Rules about ``sudo()``: narrow, and named or explained."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from .source import python_files


def no_sudo_of_self(root: Path) -> list[str]:
    """Raised rights are narrow and named: never ``self = self.sudo()``."""
    found = []
    for path in python_files(root):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign) and _names_self(node.targets):
                if ".sudo(" in ast.unparse(node.value):
                    found.append(f"{path}:{node.lineno}")
    return found


def _names_self(targets: list[ast.expr]) -> bool:
    return any(
        isinstance(target, ast.Name) and target.id == "self" for target in targets
    )


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
