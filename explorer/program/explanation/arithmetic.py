"""What a formula with its numbers put in comes to, to see that it says what was computed."""

import ast
import math
import operator
import re
from collections.abc import Callable

_SIGNS = str.maketrans({"·": "*", "−": "-", "σ": "s", "√": "r"})
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
}
_OPERATIONS: dict[type, Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
    ast.USub: operator.neg,
}


def value_of(formula: str) -> float | None:
    """The value of a formula of numbers, (0.9 − 1) / 32 · 0.5; None for what is more than that."""
    text = _TENS.sub(lambda found: f"e{found.group(1).translate(_LOWERED)}", formula)
    text = text.translate(_SIGNS)
    for sign, power in _POWERS.items():
        text = text.replace(sign, power)
    # A number or a parenthesis before a parenthesis is multiplied with it.
    text = re.sub(r"([\d)])\s*\(", r"\1*(", text)
    text = re.sub(r"\bln ([\d.]+|\w+\([^()]*\))", r"ln(\1)", text)
    text = re.sub(r"\|([^|]+)\|", r"abs(\1)", text)
    try:
        return _value(ast.parse(text, mode="eval").body)
    except (SyntaxError, KeyError, ArithmeticError, ValueError):
        return None


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
