"""What autograd records as the autograd page runs: of each value what made it, and its gradient."""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from explorer.exchange.page import Page
from explorer.program import Program


@dataclass(frozen=True)
class Recorded:
    """One tensor of the page after `loss.backward()`, as torch tells of it; no live tensor.

    Attributes:
        name: its variable on the page.
        node: the node that it belongs to.
        grad_fn: the class of what computed it, "AddBackward0"; "" for a leaf.
        gradient: the norm of its .grad, None where torch keeps none.
    """

    name: str
    node: str
    shape: tuple[int, ...]
    grad_fn: str
    is_leaf: bool
    requires_grad: bool
    gradient: float | None


def record(
    page: Page,
    program: Program,
    batch: Mapping[str, Tensor],
    parameters: Mapping[str, Tensor],
    buffers: Mapping[str, Tensor],
    seed: int = 0,
) -> tuple[Recorded, ...]:
    """Run the autograd page's own lines on copies of these, on the CPU, line by line.

    `batch` is by port path, `parameters` and `buffers` by theirs. `seed` starts random numbers,
    which leave those of the process as they were.
    """
    given: dict[str, Any] = {
        "batch": [_copy(batch[path]) for path in program.feeds],
        "parameters": {
            path: _copy(value).requires_grad_(path in program.gradients)
            for path, value in parameters.items()
        },
        "buffers": {path: _copy(value) for path, value in buffers.items()},
        "training": True,
    }
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        found = dict(_run(page, given))
    variables = (program.parameters, program.buffers, program.values)
    owners = {name: path.partition(".")[0] for each in variables for path, name in each.items()}
    return tuple(
        _recorded(name, owners.get(name, node), value) for name, (node, value) in found.items()
    )


def _copy(value: Tensor) -> Tensor:
    """A leaf of its own, which training cannot change and autograd may keep."""
    return torch.empty(value.shape, dtype=value.dtype).copy_(value.detach())


def _run(page: Page, given: dict[str, Any]) -> Iterator[tuple[str, tuple[str, Tensor]]]:
    """Each tensor that `forward` names, by its variable, once its gradients are there."""
    tree = ast.parse(page.text)
    space: dict[str, Any] = {"__name__": "recorded"}
    exec(compile(tree, page.name, "exec"), space)
    space |= given
    forward = next(
        each for each in tree.body if isinstance(each, ast.FunctionDef) and each.name == "forward"
    )
    nodes: dict[str, str] = {}
    for statement in forward.body:
        if isinstance(statement, ast.Return):
            assert statement.value is not None, "forward returns the loss"
            space[ast.unparse(statement.value)].backward()
            break
        exec(compile(ast.Module([statement], []), page.name, "exec"), space)
        for name in _assigned(statement):
            nodes[name] = next(iter(page.nodes_at(statement.lineno)), "")
    yield from (
        (name, (node, space[name]))
        for name, node in nodes.items()
        if isinstance(space[name], Tensor)
    )


def _assigned(statement: ast.stmt) -> Iterator[str]:
    for each in ast.walk(statement):
        if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            yield each.id


def _recorded(name: str, node: str, value: Tensor) -> Recorded:
    # torch warns where one asks a value that is no leaf for what it does not keep.
    gradient = value.grad if value.is_leaf else None
    return Recorded(
        name=name,
        node=node,
        shape=tuple(value.shape),
        grad_fn=type(value.grad_fn).__name__ if value.grad_fn else "",
        is_leaf=value.is_leaf,
        requires_grad=value.requires_grad,
        gradient=None if gradient is None else float(gradient.norm()),
    )
