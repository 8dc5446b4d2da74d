"""Layers that say nothing of how they are written: their own forward and backward, as functions."""

import ast
import builtins
import inspect
import textwrap
from collections.abc import Callable
from functools import lru_cache

from explorer.layers import Layer
from explorer.layers.written import Lines, Unwritable

_HINT = "look at how Modular writes it"
_OURS = {"functional": "F"}
"""What layers' files call by other names than pages do."""
_KNOWN = frozenset({"torch", "F", "nn", "math", *dir(builtins)})


def torch_lines(layer: Layer) -> Lines:
    """A call of the layer's own forward."""
    return {_targets(layer, "_"): _call(layer)}


def hand_lines(layer: Layer) -> Lines:
    """Calls of its own forward and backward."""
    douts = ", ".join(f"d{port}" for port in layer.gives)
    gradients = ", ".join(f"d{name}" for name in layer.learns)
    return {
        _targets(layer, "cache"): _call(layer),
        gradients: f"{_name(layer, 'backward')}({douts}, cache)",
    }


def definitions(layer: Layer, *names: str) -> tuple[str, ...]:
    """Its static methods of these names as functions of their own.

    Unwritable where they use more than torch: what else their file holds would be missing.
    """
    return tuple(_definition(type(layer), name) for name in names)


def _name(layer: Layer, method: str) -> str:
    return f"{layer.name().lower()}_{method}"


def _targets(layer: Layer, cache: str) -> str:
    return ", ".join([*layer.gives, cache])


def _call(layer: Layer) -> str:
    if "seed" in layer.modes:
        raise Unwritable("draws random numbers in a way of its own", _HINT)
    kind = type(layer)
    places = [*layer.takes, *kind.weights, *kind.buffers]
    settings = [f"{name}={value!r}" for name, value in layer.keywords.items()]
    modes = ["training=training"] * ("training" in layer.modes)
    return f"{_name(layer, 'forward')}({', '.join([*places, *settings, *modes])})"


@lru_cache(maxsize=256)
def _definition(kind: type[Layer], method: str) -> str:
    tree = ast.parse(textwrap.dedent(_source(getattr(kind, method, None))))
    function = tree.body[0]
    assert isinstance(function, ast.FunctionDef), "a method is a function"
    function.name, function.returns = f"{kind.name().lower()}_{method}", None
    function.decorator_list = []
    for argument in ast.walk(function.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    if ast.get_docstring(function) is not None:
        del function.body[0]
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    own = {node.id for node in names if isinstance(node.ctx, ast.Store)}
    own |= {node.arg for node in ast.walk(function.args) if isinstance(node, ast.arg)}
    for node in names:
        if node.id not in own:
            node.id = _OURS.get(node.id, node.id)
            if node.id not in _KNOWN:
                raise Unwritable("has no short formula", _HINT)
    return ast.unparse(tree)


def _source(function: Callable[..., object] | None) -> str:
    try:
        return inspect.getsource(function) if function else ""
    except (OSError, TypeError):
        raise Unwritable("keeps its source to itself", _HINT) from None
