"""One call as a computation that can be repeated with other numbers, to ask how it depends on them.

Nothing here computes anything of its own: it runs the very line of the program, with other tensors.
"""

import ast
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from types import CodeType
from typing import Any

import torch
from torch import Tensor

from explorer.layers import Layer, find
from explorer.program import source
from explorer.program.program import Call, Program
from explorer.program.session import Session

Tensors = dict[str, Tensor]


@dataclass(frozen=True)
class Computation:
    """A layer's forward and backward on the numbers of one call.

    Attributes:
        layer: its class.
        operands: what forward takes, by name; what is not there is left out.
        outputs: what forward gave, by name.
        cache: what forward kept.
        upstream: the gradients that arrive, by name: "dout". None going forward.
        gradients: what backward gave, by name: "dw". None going forward.
        settings: what forward is told besides, by name.
        forward: repeats forward with other operands: outputs by name.
        backward: repeats backward with another upstream and another cache: gradients by name.
    """

    layer: type[Layer]
    operands: Tensors
    outputs: Tensors
    cache: tuple[Any, ...]
    upstream: Tensors
    gradients: Tensors
    settings: Mapping[str, Any]
    forward: Callable[[Tensors], Tensors]
    backward: Callable[[Tensors, tuple[Any, ...]], Tensors]

    @property
    def written(self) -> Tensors:
        """What the call computed: gradients going backward, else outputs."""
        return self.gradients or self.outputs

    @property
    def kept(self) -> Tensors:
        """The float tensors in the cache, by the names that the layer gives them."""
        named = zip(self.layer.cache, self.cache, strict=False)
        return {
            name: entry
            for name, entry in named
            if isinstance(entry, Tensor) and entry.is_floating_point()
        }

    def with_kept(self, kept: Tensors) -> tuple[Any, ...]:
        """The cache with other tensors under these names."""
        names = self.layer.cache
        return tuple(kept.get(name, entry) for name, entry in zip(names, self.cache, strict=False))

    @property
    def size(self) -> int:
        """How many numbers it works on."""
        every = (*self.operands.values(), *self.outputs.values(), *self.gradients.values())
        return sum(tensor.numel() for tensor in (*every, *self.kept.values()))


def of_call(session: Session, call: Call) -> Computation:
    """The computation behind a call that has run."""
    if call.is_addition:
        return _of_addition(session, call)
    forward = forward_of(session.program, call)
    layer = find(call.layer)
    assert layer is not None, "a call's layer is in the catalogue"
    held = session.namespace
    caches = [held.get(o.variable) for o in forward.writes if o.role == "cache"]
    is_backward = call.phase == "backward"

    def of_role(role: str) -> Tensors:
        found = call.reads if role == "upstream" else call.writes
        return {o.label: held[o.variable] for o in found if o.role == role and is_backward}

    return Computation(
        layer=layer,
        operands={o.label: held[o.variable] for o in forward.reads},
        outputs={o.label: held[o.variable] for o in forward.writes if o.role == "output"},
        cache=_derivable(caches[0]) if caches and caches[0] is not None else (),
        upstream=of_role("upstream"),
        gradients=of_role("gradient"),
        settings=_settings(forward.text),
        forward=lambda numbers: _again(session, forward, numbers),
        backward=lambda numbers, cache: _again(session, call, numbers | {"cache": cache}),
    )


def _of_addition(session: Session, call: Call) -> Computation:
    """Gradients that meet: each arrives, and counts once."""
    held, (total,) = session.namespace, call.writes
    layer = find("Identity")
    assert layer is not None

    def add(numbers: Tensors, _: tuple[Any, ...]) -> Tensors:
        return {total.label: torch.stack([*numbers.values()]).sum(0)}

    return Computation(
        layer=layer,
        operands={},
        outputs={},
        cache=(),
        upstream={read.label: held[read.variable] for read in call.reads},
        gradients={total.label: held[total.variable]},
        settings={},
        forward=lambda numbers: {},
        backward=add,
    )


def forward_of(program: Program, call: Call) -> Call:
    """The forward call of a call's node; itself, going forward."""
    return next(each for each in program.forward_calls if each.node == call.node)


def _again(session: Session, call: Call, numbers: dict[str, Any]) -> Tensors:
    """Execute a call's line with other numbers by label, and leave the session as it is."""
    held = session.namespace
    names = source.fresh_namespace()
    names |= {name: held[name] for name in ("batch", "training", "seed")}
    for place, operand in enumerate(call.reads):
        value = numbers.get(operand.label, held[operand.variable])
        # A layer moves its buffers in place.
        value = value.clone() if operand.role == "buffer" else _derivable(value)
        names[_name(place)] = value
    exec(_with_places(call.text), names)
    return {o.label: names[o.variable] for o in call.writes if o.role != "cache"}


def _derivable(value: Any) -> Any:
    """The same, with copies of what training made for itself: by that torch does not derive."""
    if isinstance(value, tuple | list):
        copies = map(_derivable, value)
        return value._make(copies) if hasattr(value, "_make") else type(value)(copies)
    return value.clone() if isinstance(value, Tensor) and value.is_inference() else value


@lru_cache(maxsize=256)
def _with_places(text: str) -> CodeType:
    """A call's line, compiled so that what it reads has names by place.

    One variable that is read twice, as a and b of a · b, can then stand for two.
    """
    tree = ast.parse(text)
    run = _run_in(tree)
    read = [
        name for argument in run.args for name in ast.walk(argument) if isinstance(name, ast.Name)
    ]
    for place, name in enumerate(name for name in read if name.id != "batch"):
        name.id = _name(place)
    return compile(tree, "<explained>", "exec")


def _run_in(tree: ast.Module) -> ast.Call:
    """Where a line calls a layer's forward or backward."""
    return next(
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("forward", "backward")
    )


@lru_cache(maxsize=256)
def _settings(text: str) -> Mapping[str, Any]:
    """What a call's line spells out by name: p=0.5 is {"p": 0.5}, training=training is not."""
    found = {}
    for keyword in _run_in(ast.parse(text)).keywords:
        with suppress(ValueError):
            found[keyword.arg or ""] = ast.literal_eval(keyword.value)
    return found


def _name(place: int) -> str:
    return f"read {place}"
