"""What a formula with its numbers put in comes to, to see that it says what was computed."""

import ast
import math
import operator
import re
from collections.abc import Callable

_SIGNS = str.maketrans({"·": "*", "−": "-", "σ": "s", "√": "r", "≠": "!=", "Φ": "P", "φ": "p"})
_TENS = re.compile(r"·10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)")
_LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")
_POWERS = {"²": "**2", "³": "**3"}
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "exp": math.exp,
    "ln": math.log,
    "tanh": math.tanh,
    "sin": math.sin,
    "cos": math.cos,
    "sign": lambda x: math.copysign(1.0, x) if x else 0.0,
    "max": max,
    "min": min,
    "r": math.sqrt,
    "abs": abs,
    "s": lambda x: 1 / (1 + math.exp(-x)),
    "P": lambda x: (1 + math.erf(x / math.sqrt(2))) / 2,
    "p": lambda x: math.exp(-(x**2) / 2) / math.sqrt(2 * math.pi),
}
_OPERATIONS: dict[type, Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}
_COMPARISONS: dict[type, Callable[[float, float], bool]] = {
    ast.Lt: operator.lt,
    ast.Gt: operator.gt,
    ast.NotEq: operator.ne,
}
_EITHER = re.compile(r"(?P<then>.+?) where (?P<condition>.+), else (?P<otherwise>.+)")


def value_of(formula: str) -> float | None:
    """The value of a formula of numbers; None for what is more than that.

    (0.9 − 1) / 32 · 0.5, or 0.5 where 1.2 > 0, else 0.
    """
    try:
        if either := _EITHER.fullmatch(formula):
            holds = _holds(_read(either["condition"]))
            return value_of(either["then"] if holds else either["otherwise"])
        return _value(_read(formula))
    except (SyntaxError, KeyError, ArithmeticError, ValueError):
        return None


def _read(formula: str) -> ast.expr:
    """A formula as Python reads it; SyntaxError where it is more than arithmetic."""
    text = _TENS.sub(lambda found: f"e{found.group(1).translate(_LOWERED)}", formula)
    text = text.translate(_SIGNS)
    for sign, power in _POWERS.items():
        text = text.replace(sign, power)
    # A number or a parenthesis before a parenthesis is multiplied with it.
    text = re.sub(r"([\d)])\s*\(", r"\1*(", text)
    # What is of a number alone needs no parentheses.
    text = re.sub(r"\b(ln|sin|cos|exp|r) ?([\d.e]+|\w+\([^()]*\))", r"\1(\2)", text)
    text = re.sub(r"\|([^|]+)\|", r"abs(\1)", text)
    return ast.parse(text, mode="eval").body


def _holds(node: ast.expr) -> bool:
    """Whether a comparison is so, −3 < 1.5 < 3; KeyError where it is none."""
    if not isinstance(node, ast.Compare):
        raise KeyError(type(node).__name__)
    numbers = [_value(each) for each in (node.left, *node.comparators)]
    signs = [_COMPARISONS[type(each)] for each in node.ops]
    pairs = zip(signs, numbers[:-1], numbers[1:], strict=True)
    return all(is_so(one, other) for is_so, one, other in pairs)


def _value(node: ast.expr) -> float:
    """The value of a part of a formula; KeyError where it is no arithmetic."""
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.BinOp(left, operation, right):
            return _OPERATIONS[type(operation)](_value(left), _value(right))
        case ast.UnaryOp(operation, operand):
            return _OPERATIONS[type(operation)](_value(operand))
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _FUNCTIONS[name](*map(_value, arguments))
    raise KeyError(type(node).__name__)
