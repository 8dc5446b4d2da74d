"""What is computed from two values, or one: bounded, whoever wrote the expression."""

import ast
import operator
from collections.abc import Callable

import torch
from torch import Tensor

from explorer.layers import shape_text
from explorer.program.watching.errors import WatchError

Value = Tensor | float | int | tuple[int, ...]
"""A tensor, a number or a truth, or a shape."""

Argument = Value | None
"""What functions are given."""

MOST = 2**22
"""How many numbers a result may have, unless what it is computed from has as many."""

_HARDEST = 2**33
"""How many products a matrix product may add up."""

_LARGEST = 2**63

_BINARY: dict[type[ast.AST], tuple[str, Callable[..., Value]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
    ast.FloorDiv: ("//", operator.floordiv),
    ast.Mod: ("%", operator.mod),
    ast.Pow: ("**", operator.pow),
    ast.MatMult: ("@", operator.matmul),
    ast.BitAnd: ("&", operator.and_),
    ast.BitOr: ("|", operator.or_),
    ast.BitXor: ("^", operator.xor),
    ast.Eq: ("==", operator.eq),
    ast.NotEq: ("!=", operator.ne),
    ast.Lt: ("<", operator.lt),
    ast.LtE: ("<=", operator.le),
    ast.Gt: (">", operator.gt),
    ast.GtE: (">=", operator.ge),
}
_UNARY: dict[type[ast.AST], tuple[str, Callable[..., Value]]] = {
    ast.USub: ("-", operator.neg),
    ast.UAdd: ("+", operator.pos),
    ast.Invert: ("~", operator.invert),
}


def binary(kind: ast.AST, a: Value, b: Value) -> Value:
    """a + b, a < b …; WatchError where they do not fit, or where the result is too large."""
    if type(kind) not in _BINARY:
        raise WatchError("only + - * / // % ** @ & | ^ and comparisons can stand between values")
    symbol, operation = _BINARY[type(kind)]
    if isinstance(a, tuple) or isinstance(b, tuple):
        if not (isinstance(a, tuple) and isinstance(b, tuple) and symbol in ("==", "!=")):
            raise WatchError(f"a shape can be compared with a shape, and no {symbol} fits it")
        return operation(a, b)
    if isinstance(a, Tensor) or isinstance(b, Tensor):
        return _of_tensors(symbol, operation, a, b)
    if symbol == "**":
        return _power(a, b)
    return of_numbers(symbol, operation, a, b)


def unary(kind: ast.AST, value: Value) -> Value:
    """-a, +a or ~a."""
    symbol, operation = _UNARY[type(kind)]
    if isinstance(value, tuple):
        raise WatchError(f"no {symbol} fits a shape")
    if isinstance(value, Tensor):
        return guarded(symbol, lambda: operation(value))
    if symbol == "~" and isinstance(value, bool):
        return not value
    return of_numbers(symbol, operation, value)


def of_numbers(symbol: str, operation: Callable[..., Value], *numbers: float) -> float:
    """What plain numbers come to. Whole ones beyond 64 bits go on as floats."""
    try:
        return bounded(operation(*numbers))
    except ZeroDivisionError:
        raise WatchError(f"{symbol} divides by 0") from None
    except TypeError:
        raise WatchError(f"{symbol} needs whole numbers or truths") from None


def bounded(number: object) -> float:
    """A number that is never longer than 64 bits; WatchError for what is none."""
    if isinstance(number, complex) or not isinstance(number, int | float):
        raise WatchError("only real numbers can be computed with")
    try:
        return number if abs(number) < _LARGEST else float(number)
    except OverflowError:
        raise WatchError("that number is too large") from None


def _power(a: float, b: float) -> float:
    """Computed as floats, which end where whole numbers would fill the memory."""
    try:
        found = float(a) ** float(b)
    except (OverflowError, ZeroDivisionError):
        raise WatchError(f"{a} ** {b} is too large") from None
    is_whole = isinstance(a, int) and isinstance(b, int) and b >= 0
    return int(a) ** int(b) if is_whole and abs(found) < _LARGEST else bounded(found)


def _of_tensors(
    symbol: str, operation: Callable[..., Value], a: Tensor | float, b: Tensor | float
) -> Value:
    if symbol == "@":
        a, b = _factors(a, b)
    # On the meta device nothing is computed: it tells how large the result would be.
    ghosts = [t.to("meta") if isinstance(t, Tensor) else t for t in (a, b)]
    sizes = " and ".join(
        shape_text(tuple(t.shape)) if isinstance(t, Tensor) else f"{t}" for t in (a, b)
    )
    if isinstance(a, Tensor) and isinstance(b, Tensor) and not _fit(symbol, a, b):
        raise WatchError(f"the shapes {sizes} do not fit {symbol}")
    try:
        ghost = operation(*ghosts)
    except (RuntimeError, TypeError, OverflowError) as error:
        raise WatchError(f"{symbol} cannot join {sizes}: {_first_line(error)}") from None
    assert isinstance(ghost, Tensor)
    most = max(MOST, *(t.numel() for t in (a, b) if isinstance(t, Tensor)))
    if ghost.numel() > most:
        shape = shape_text(tuple(ghost.shape))
        raise WatchError(f"{symbol} would give {shape}: a watch has at most {most:,} numbers")
    return guarded(symbol, lambda: operation(a, b))


def _fit(symbol: str, a: Tensor, b: Tensor) -> bool:
    """Whether two shapes go together, axis by axis from the last."""
    one, other = tuple(a.shape), tuple(b.shape)
    if symbol == "@":
        inner = other[-2] if len(other) > 1 else other[0]
        if one[-1] != inner:
            return False
        one, other = one[:-2], other[:-2]
    pairs = zip(reversed(one), reversed(other), strict=False)
    return all(n == m or 1 in (n, m) for n, m in pairs)


def _factors(a: Tensor | float, b: Tensor | float) -> tuple[Tensor, Tensor]:
    """Both factors of a matrix product in the same kind of numbers."""
    if not (isinstance(a, Tensor) and isinstance(b, Tensor)) or not (a.dim() and b.dim()):
        raise WatchError("@ joins matrices and vectors: write * for numbers")
    if a.numel() * (b.shape[-1] if b.dim() > 1 else 1) > _HARDEST:
        raise WatchError("this matrix product is too large for a watch: take a part of it")
    kind = torch.promote_types(a.dtype, b.dtype)
    if kind == torch.bool:
        kind = torch.float32
    return a.to(kind), b.to(kind)


def guarded(what: str, compute: Callable[[], Value]) -> Value:
    """What torch computes; what it refuses, as a WatchError with its reason."""
    try:
        return compute()
    except WatchError:
        raise
    except (RuntimeError, IndexError, TypeError, ValueError, OverflowError) as error:
        raise WatchError(f"{what}: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")
