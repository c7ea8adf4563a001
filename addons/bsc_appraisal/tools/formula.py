"""Formulas over other indicators: arithmetic that a person typed, and nothing else.

>>> evaluate("(C1 - C2) / C2 * 100", {"C1": 115.0, "C2": 100.0})
15.0
>>> sorted(names("max(C1, C2) + min(C3, 0)"))
['C1', 'C2', 'C3']

A formula is parsed, checked node by node against a list of what is allowed, and
evaluated here on floats: no attribute, no call but of four functions, no loop, no
text, no container, no power beyond small whole exponents. Nothing is compiled or
executed.

>>> evaluate("C1.__class__", {"C1": 1.0})  # doctest: +IGNORE_EXCEPTION_DETAIL
Traceback (most recent call last):
...
FormulaError: forbidden
"""

import ast
import math
import operator
from collections.abc import Callable, Mapping

MAX_LENGTH = 500
MAX_NODES = 150
MAX_DEPTH = 60
MAX_NAME = 64
MAX_EXPONENT = 8
LARGEST = 1e15

_BINARY: dict[type[ast.AST], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_UNARY: dict[type[ast.AST], Callable[[float], float]] = {
    ast.UAdd: operator.pos,
    ast.USub: operator.neg,
}
FUNCTIONS: dict[str, Callable[..., float]] = {
    "abs": abs,
    "max": max,
    "min": min,
    "avg": lambda *values: math.fsum(values) / len(values),
}


class FormulaError(ValueError):
    """A formula that is not evaluated; ``code`` names why, ``detail`` what.

    =============  ================================================================
    code           reason
    =============  ================================================================
    too_long       more characters, parts or levels than a person would type
    syntax         it is not an expression
    forbidden      it uses something else than arithmetic
    unknown_name   it names an indicator that has no value here
    division       it divides by zero
    not_a_number   a value or a result is not a finite number of reasonable size
    cycle          indicators that name each other
    =============  ================================================================
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


def parse(text: str) -> ast.expr:
    """Return the checked expression.

    :raise FormulaError: ``too_long``, ``syntax`` or ``forbidden``
    """
    if not isinstance(text, str) or len(text) > MAX_LENGTH:
        raise FormulaError("too_long")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise FormulaError("syntax") from None
    count = sum(isinstance(node, ast.expr) for node in ast.walk(tree))
    if count > MAX_NODES or _depth(tree) > MAX_DEPTH:
        raise FormulaError("too_long")
    _check(tree)
    return tree


def names(text: str) -> set[str]:
    """Return the indicators that a formula names."""
    return _names(parse(text))


def evaluate(text: str, values: Mapping[str, float]) -> float:
    """Return the value of a formula.

    :param values: by name; a name that is not in it is an error, never zero
    :raise FormulaError: see there
    """
    return _finite(_evaluate(parse(text), values))


def order(formulas: Mapping[str, str]) -> list[str]:
    """Return the names so that each comes after those it is computed from.

    >>> order({"A": "B + C", "B": "C * 2"})
    ['B', 'A']
    >>> order({"A": "B", "B": "A"})  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    ...
    FormulaError: cycle: A → B → A
    """
    needs = {
        name: sorted(names(text) & set(formulas)) for name, text in formulas.items()
    }
    done: list[str] = []
    settled: set[str] = set()
    for start in needs:
        # Depth first with a stack of its own: a long chain must not end in recursion.
        path: list[tuple[str, int]] = [(start, 0)] if start not in settled else []
        while path:
            name, position = path.pop()
            if position == len(needs[name]):
                settled.add(name)
                done.append(name)
                continue
            path.append((name, position + 1))
            following = needs[name][position]
            trail = [step for step, _position in path]
            if following in trail:
                loop = trail[trail.index(following) :] + [following]
                raise FormulaError("cycle", " → ".join(loop))
            if following not in settled:
                path.append((following, 0))
    return done


def _depth(tree: ast.AST) -> int:
    depth, level = 0, [tree]
    while level:
        depth += 1
        level = [child for node in level for child in ast.iter_child_nodes(node)]
    return depth


def _names(tree: ast.expr) -> set[str]:
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and id(node) not in called
    }


def _check(node: ast.expr) -> None:
    if isinstance(node, ast.Constant):
        _check_constant(node)
    elif isinstance(node, ast.Name):
        _check_name(node.id)
    elif isinstance(node, ast.UnaryOp) and type(node.op) in _UNARY:
        _check(node.operand)
    elif isinstance(node, ast.BinOp) and type(node.op) in _BINARY:
        _check(node.left)
        _check(node.right)
    elif isinstance(node, ast.Call):
        _check_call(node)
    else:
        raise FormulaError("forbidden", type(node).__name__)


def _check_constant(node: ast.Constant) -> None:
    if type(node.value) not in (int, float):
        raise FormulaError("forbidden", repr(node.value)[:MAX_NAME])
    if abs(node.value) > LARGEST:
        raise FormulaError("not_a_number")


def _check_name(name: str) -> None:
    if name.startswith("_") or "__" in name or len(name) > MAX_NAME:
        raise FormulaError("forbidden", name[:MAX_NAME])


def _check_call(node: ast.Call) -> None:
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
        raise FormulaError("forbidden", ast.unparse(node.func)[:MAX_NAME])
    if node.keywords or not node.args or (node.func.id == "abs" and len(node.args) > 1):
        raise FormulaError("forbidden", node.func.id)
    for argument in node.args:
        _check(argument)


def _evaluate(node: ast.expr, values: Mapping[str, float]) -> float:
    if isinstance(node, ast.Constant):
        return float(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.Name):
        if node.id not in values:
            raise FormulaError("unknown_name", node.id)
        return _finite(values[node.id])
    if isinstance(node, ast.UnaryOp):
        return _UNARY[type(node.op)](_evaluate(node.operand, values))
    if isinstance(node, ast.BinOp):
        return _combine(
            node.op, _evaluate(node.left, values), _evaluate(node.right, values)
        )
    assert isinstance(node, ast.Call)
    assert isinstance(node.func, ast.Name)
    arguments = [_evaluate(argument, values) for argument in node.args]
    return _finite(
        FUNCTIONS[node.func.id](*arguments)
        if len(arguments) > 1 or node.func.id in ("abs", "avg")
        else arguments[0]
    )


def _combine(symbol: ast.operator, left: float, right: float) -> float:
    if isinstance(symbol, ast.Pow) and (
        not float(right).is_integer() or abs(right) > MAX_EXPONENT
    ):
        raise FormulaError("not_a_number")
    try:
        return _finite(_BINARY[type(symbol)](left, right))
    except ZeroDivisionError:
        raise FormulaError("division") from None
    except OverflowError:
        raise FormulaError("not_a_number") from None


def _finite(value: float) -> float:
    if isinstance(value, complex) or not math.isfinite(value) or abs(value) > LARGEST:
        raise FormulaError("not_a_number")
    return float(value)
