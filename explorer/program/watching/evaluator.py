"""What an expression comes to: read by Python's own grammar, and computed by no part of Python.

Nothing is run but the operators of `arithmetic` and the functions of `functions`; an attribute is
a name of the program or one of those, whatever else an object may have.
"""

import ast
import warnings
from collections.abc import Iterator
from functools import singledispatchmethod
from types import EllipsisType

import torch
from torch import Tensor

from explorer.layers import shape_text
from explorer.program.viewing import Address
from explorer.program.watching import arithmetic, functions
from explorer.program.watching.arithmetic import Argument, Value
from explorer.program.watching.errors import WatchError
from explorer.program.watching.names import Scope

Index = int | slice | EllipsisType | Tensor | None

LONGEST = 400
"""How many characters an expression may have."""

_DEEPEST, _MOST_PARTS = 40, 250
_LONGEST_QUOTE = 40
_SIGNS = str.maketrans({"·": "*", "×": "*", "−": "-", "\n": " "})
"""What formulas are written with elsewhere in the program."""

_AS_IN = "write for example dw.norm() / w.norm(), or fc1.w[3, 5:7]"
_UNDERSTOOD = "names, numbers, + - * / @ ** and functions such as norm are"


@torch.no_grad()
def evaluate(text: str, scope: Scope) -> Value:
    """The value of an expression, live where it is a tensor. WatchError, and nothing else."""
    return _Evaluator(scope).value(parse(text))


def address_of(text: str, scope: Scope) -> Address | None:
    """Where a tensor is found that an expression only names; None for what is computed."""
    path = _path(parse(text))
    return scope.find(path) if path else None


def parse(text: str) -> ast.expr:
    """An expression as a tree of bounded size. WatchError where it is none."""
    text = text.strip()
    if not text:
        raise WatchError(f"there is nothing to watch: {_AS_IN}")
    if len(text) > LONGEST:
        raise WatchError(f"a watch has at most {LONGEST} characters; this one has {len(text):,}")
    try:
        with warnings.catch_warnings():
            # Python's advice on how to write what is odd but right is for programmers.
            warnings.simplefilter("ignore", SyntaxWarning)
            found = ast.parse(text.translate(_SIGNS), mode="eval").body
    except SyntaxError as error:
        place = min(error.offset or 1, len(text))
        raise WatchError(f"this is no expression at character {place}: {_AS_IN}") from None
    except (ValueError, RecursionError, MemoryError):
        raise WatchError(f"this cannot be read: {_AS_IN}") from None
    for parts, depth in enumerate(_depths(found)):
        if depth > _DEEPEST or parts > _MOST_PARTS:
            raise WatchError("this is too long for a watch: take it apart into several")
    return found


def _depths(tree: ast.AST) -> Iterator[int]:
    """How deep each part is nested, however deep that is."""
    left: list[tuple[int, ast.AST]] = [(0, tree)]
    while left:
        depth, part = left.pop()
        yield depth
        left += [(depth + 1, child) for child in ast.iter_child_nodes(part)]


def _path(tree: ast.expr) -> str:
    """fc1.w as it is written; "" for what is more than names and dots."""
    names: list[str] = []
    while isinstance(tree, ast.Attribute):
        names.append(tree.attr)
        tree = tree.value
    return ".".join([tree.id, *reversed(names)]) if isinstance(tree, ast.Name) else ""


def _quoted(tree: ast.AST) -> str:
    text = ast.unparse(tree)
    return text if len(text) <= _LONGEST_QUOTE else f"{text[: _LONGEST_QUOTE - 1]}…"


class _Evaluator:
    """One method for each kind of part that is understood."""

    def __init__(self, scope: Scope):
        self._scope = scope

    @singledispatchmethod
    def value(self, tree: ast.AST) -> Value:
        raise WatchError(f"{_quoted(tree)} is not understood here: {_UNDERSTOOD}")

    @value.register
    def _(self, tree: ast.Constant) -> Value:
        if isinstance(tree.value, int | float | complex):
            return arithmetic.bounded(tree.value)
        raise WatchError(f"{_quoted(tree)} is not understood here: {_UNDERSTOOD}")

    @value.register
    def _(self, tree: ast.Name) -> Value:
        return self._named(tree.id)

    @value.register
    def _(self, tree: ast.Attribute) -> Value:
        path = _path(tree)
        if path and (address := self._scope.find(path)) is not None:
            return self._scope.tensor(address)
        whose = _path(tree.value)
        is_own = tree.attr in functions.PROPERTIES or tree.attr in functions.FUNCTIONS
        if whose and not is_own and tree.attr != "grad" and self._scope.has_node(whose):
            raise WatchError(self._scope.why_unknown(path))
        if path and tree.attr == "grad" and self._scope.find(whose) is not None:
            raise WatchError(f"{whose} has no gradient in this program")
        return functions.read(tree.attr, self.value(tree.value))

    @value.register
    def _(self, tree: ast.Call) -> Value:
        named = {}
        for keyword in tree.keywords:
            if keyword.arg is None:
                raise WatchError("** gives nothing to a function here")
            named[keyword.arg] = self._argument(keyword.value)
        arguments = [self._argument(each) for each in tree.args]
        match tree.func:
            case ast.Attribute(value=ast.Name(id="torch"), attr=name) | ast.Name(id=name):
                if not arguments:
                    raise WatchError(f"{name} takes a tensor: write {name}(w)")
                return functions.call(name, arguments[0], arguments[1:], named)
            case ast.Attribute(value=whose, attr=name):
                return functions.call(name, self.value(whose), arguments, named)
        raise WatchError(f"{_quoted(tree.func)} is no function")

    @value.register
    def _(self, tree: ast.BinOp) -> Value:
        return arithmetic.binary(tree.op, self.value(tree.left), self.value(tree.right))

    @value.register
    def _(self, tree: ast.UnaryOp) -> Value:
        value = self.value(tree.operand)
        if isinstance(tree.op, ast.Not):
            return not _truth(value)
        return arithmetic.unary(tree.op, value)

    @value.register
    def _(self, tree: ast.BoolOp) -> Value:
        truths = (_truth(self.value(each)) for each in tree.values)
        return all(truths) if isinstance(tree.op, ast.And) else any(truths)

    @value.register
    def _(self, tree: ast.Compare) -> Value:
        values = [self.value(each) for each in (tree.left, *tree.comparators)]
        found = arithmetic.binary(tree.ops[0], *values[:2])
        for operation, *pair in zip(tree.ops[1:], values[1:], values[2:], strict=False):
            found = arithmetic.binary(ast.BitAnd(), found, arithmetic.binary(operation, *pair))
        return found

    @value.register
    def _(self, tree: ast.Subscript) -> Value:
        whole = self.value(tree.value)
        parts = tree.slice.elts if isinstance(tree.slice, ast.Tuple) else [tree.slice]
        index = tuple(map(self._index, parts))
        if isinstance(whole, tuple) and len(index) == 1 and isinstance(index[0], int | slice):
            sizes, at = whole, index[0]
            return arithmetic.guarded(_quoted(tree), lambda: sizes[at])
        if not isinstance(whole, Tensor):
            raise WatchError(f"{_quoted(tree.value)} has no parts to take")
        shape = shape_text(tuple(whole.shape))
        tensor = whole
        return arithmetic.guarded(f"{_quoted(tree.value)} is {shape}", lambda: tensor[index])

    def _named(self, name: str) -> Value:
        address = self._scope.find(name)
        if address is None:
            raise WatchError(self._scope.why_unknown(name))
        return self._scope.tensor(address)

    def _argument(self, tree: ast.expr) -> Argument:
        """What a function is given: besides values, axes as (0, 1), and None."""
        if isinstance(tree, ast.Tuple):
            return tuple(_whole(self.value(each)) for each in tree.elts)
        is_none = isinstance(tree, ast.Constant) and tree.value is None
        return None if is_none else self.value(tree)

    def _index(self, tree: ast.expr) -> Index:
        """What stands between brackets: numbers, slices, ..., None, or a mask."""
        if isinstance(tree, ast.Constant) and tree.value is None:
            return None
        if isinstance(tree, ast.Constant) and tree.value is ...:
            return ...
        if isinstance(tree, ast.Slice):
            return slice(*(self._end(end) for end in (tree.lower, tree.upper, tree.step)))
        value = self.value(tree)
        if isinstance(value, Tensor) and value.dim() and value.dtype == torch.bool:
            return value
        return _whole(value)

    def _end(self, tree: ast.expr | None) -> int | None:
        is_open = tree is None or (isinstance(tree, ast.Constant) and tree.value is None)
        return None if is_open or tree is None else _whole(self.value(tree))


def _whole(value: Value) -> int:
    """A whole number, to count with."""
    if isinstance(value, Tensor) and value.numel() == 1:
        value = value.item()
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise WatchError("an index or an axis is a whole number")


def _truth(value: Value) -> bool:
    """Whether a single value holds."""
    if isinstance(value, tuple) or (isinstance(value, Tensor) and value.numel() != 1):
        raise WatchError("and, or and not join single truths: write & | ~ for tensors, or .any()")
    return bool(value)
