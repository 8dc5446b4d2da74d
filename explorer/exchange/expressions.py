"""Lines that a layer declares, made fit for one node: settings as values, conditions decided."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

_OPEN = re.compile(r"__([A-Za-z]\w*?)__")
_GIVEN = frozenset({"torch", "F", "nn", "math", "training", "len", "range", "float", "_"})
"""Names that stand for themselves, unless something of the layer is called the same."""


@dataclass(frozen=True)
class Known:
    """What is known of a node as its lines are written. Hashable, all of it.

    Attributes:
        settings: each as (its name, its value as Python, whether that is the default).
        shapes: the axes of each port, weight and buffer that is there, as numbers and "N".
        missing: the ports, weights and buffers that are not there.
        ones: gradients that are 1, since nothing follows the loss.
    """

    settings: tuple[tuple[str, str, bool], ...] = ()
    shapes: tuple[tuple[str, tuple[int | str, ...]], ...] = ()
    missing: frozenset[str] = frozenset()
    ones: frozenset[str] = frozenset()


@lru_cache(maxsize=4096)
def specialized(line: str, known: Known) -> str:
    """A declared line with all decided that is known; names still to be given stand as __x__."""
    tree = _Specializer(known).visit(ast.parse(line))
    return double_quoted(ast.unparse(ast.fix_missing_locations(tree)))


def double_quoted(text: str) -> str:
    """Python with its strings between double quotes, as long as none holds a quote itself."""
    return text if '"' in text or "\\" in text else text.replace("'", '"')


def named(text: str, names: Mapping[str, str]) -> str:
    """A specialized line with the variables of one node."""
    return _OPEN.sub(lambda match: names[match[1]], text)


def left_open(text: str) -> set[str]:
    """The names that a specialized line leaves to be given."""
    return set(_OPEN.findall(text))


class _Specializer(ast.NodeTransformer):
    """Named after what they visit, as the base class calls them, and after what they stand for."""

    def __init__(self, known: Known):
        self._values = {name: value for name, value, _ in known.settings}
        self._defaults = {name for name, _, is_default in known.settings if is_default}
        self._shapes = dict(known.shapes)
        self._missing = known.missing
        self._ones = known.ones

    # What is known of names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self._missing:
            return ast.Constant(None)
        if node.id in self._values:
            return ast.parse(self._values[node.id], mode="eval").body
        if node.id in _GIVEN and node.id not in self._shapes:
            return node
        return ast.Name(f"__{node.id}__", node.ctx)

    def visit_keyword(self, node: ast.keyword) -> ast.AST | None:
        value = node.value
        is_same = isinstance(value, ast.Name) and value.id == node.arg
        return None if is_same and node.arg in self._defaults else self.generic_visit(node)

    # What is decided

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        test = self.visit(node.test)
        if not _is_known(test):
            return ast.IfExp(test, self.visit(node.body), self.visit(node.orelse))
        return self.visit(node.body if _value(test) else node.orelse)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """Whether something is None is known of all that may be missing, and of settings."""
        match node:
            case ast.Compare(
                ast.Name(name), [ast.Is() | ast.IsNot() as operator], [ast.Constant(None)]
            ) if name in self._values or name in self._missing or name in self._shapes:
                is_none = name in self._missing or self._values.get(name) == "None"
                return ast.Constant(is_none == isinstance(operator, ast.Is))
        return self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """Without factors of 1, and without divisions by it."""
        if not isinstance(node.op, (ast.Mult, ast.Div)):
            return self.generic_visit(node)
        left, right = self._factor(node.left), self._factor(node.right)
        if _is_one(right):
            return left
        if _is_one(left) and isinstance(node.op, ast.Mult):
            return right
        return ast.BinOp(left, node.op, right)

    def _factor(self, node: ast.expr) -> ast.expr:
        is_one = isinstance(node, ast.Name) and node.id in self._ones
        return ast.Constant(1) if is_one else self.visit(node)

    # Words of our own

    def visit_Call(self, node: ast.Call) -> ast.AST:
        word = node.func.id if isinstance(node.func, ast.Name) else ""
        match word, node.args:
            case "rank", [ast.Name(id=name)]:
                return ast.Constant(len(self._shapes[name]))
            case "length", [ast.Name(id=name), axis]:
                return self._length(name, _value(self.visit(axis)))
            case "reduced", [terms]:
                word = ast.literal_eval(self._values["reduction"])
                return ast.Call(ast.Attribute(self.visit(terms), word, ast.Load()), [], [])
            case "share", [terms, *like]:
                return self._share(terms, *like)
            case "sum_to", [whole, ast.Name(id=name)]:
                return self._sum_to(whole, name)
        if word == "module" or not word:
            return self.generic_visit(node)
        # A function is called by its own name.
        function, node.func = node.func, ast.Constant(None)
        self.generic_visit(node)
        node.func = function
        return node

    def visit_Starred(self, node: ast.Starred) -> ast.AST | list[ast.expr]:
        match node.value:
            case ast.Call(ast.Name("sizes"), [ast.Name(name)]):
                return [self._length(name, axis) for axis in range(1, len(self._shapes[name]))]
        return self.generic_visit(node)

    def _length(self, name: str, axis: object) -> ast.expr:
        assert isinstance(axis, int), "axes are numbers"
        size = self._shapes[name][axis]
        if isinstance(size, int):
            return ast.Constant(size)
        shape = ast.Attribute(ast.Name(f"__{name}__", ast.Load()), "shape", ast.Load())
        return ast.Subscript(shape, ast.Constant(axis), ast.Load())

    def _share(self, terms: ast.expr, like: ast.expr | None = None) -> ast.AST:
        found = self.visit(terms)
        if self._values["reduction"] != "'mean'":
            return found
        numel = ast.Attribute(
            self.visit(like or ast.Name("y_hat", ast.Load())), "numel", ast.Load()
        )
        return ast.BinOp(found, ast.Div(), ast.Call(numel, [], []))

    def _sum_to(self, whole: ast.expr, name: str) -> ast.AST:
        found = self.visit(whole)
        if self._shapes[name] == self._shapes["out"]:
            return found
        shape = ast.Attribute(ast.Name(f"__{name}__", ast.Load()), "shape", ast.Load())
        return ast.Call(ast.Attribute(found, "sum_to_size", ast.Load()), [shape], [])


def _is_one(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value == 1 and node.value is not True


def _is_known(node: ast.AST) -> bool:
    """Whether nothing but values is in it."""
    return all(not isinstance(each, ast.Name) or each.id == "len" for each in ast.walk(node))


def _value(node: ast.AST) -> object:
    """What an expression of nothing but values amounts to."""
    assert isinstance(node, ast.expr)
    expression = ast.fix_missing_locations(ast.Expression(node))
    return eval(compile(expression, "<a declared line>", "eval"), {"__builtins__": {"len": len}})
