"""Every gradient of a graph against autograd and finite differences, in float64."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from explorer import data
from explorer.graph import Graph
from explorer.graph.meta import concrete
from explorer.layers.sources import Data
from explorer.program import source
from explorer.program.blaming import Blame, blame
from explorer.program.compiler import compile
from explorer.program.errors import relative_error
from explorer.program.program import Program
from explorer.program.session import Session

STEP = 1e-6
_ROWS = 8


@dataclass(frozen=True)
class Check:
    """One gradient: its largest relative errors, |a − b| / max(|a|, |b|) over the tensor.

    `checked` of its `size` entries were compared with finite differences.
    """

    path: str
    is_parameter: bool
    against_autograd: float
    against_finite_differences: float
    checked: int
    size: int
    tolerance: float

    @property
    def ok(self) -> bool:
        errors = (self.against_autograd, self.against_finite_differences)
        return all(error <= self.tolerance for error in errors)


@dataclass(frozen=True)
class Verification:
    """The checks of all parameters and wires, in the order the backward pass meets them.

    `blamed` are the nodes whose own backward call is wrong for the gradient that it was given.
    """

    checks: tuple[Check, ...]
    blamed: tuple[Blame, ...] = ()

    def __iter__(self) -> Iterator[Check]:
        return iter(self.checks)

    def __getitem__(self, path: str) -> Check:
        return {check.path: check for check in self.checks}[path]

    @property
    def ok(self) -> bool:
        return not self.blamed and all(check.ok for check in self.checks)

    @property
    def first_wrong(self) -> Check | None:
        """The wrong gradient that the backward pass meets first: its node's reader is to blame."""
        return next((check for check in self.checks if not check.ok), None)


def verify(
    graph: Graph,
    batch: Mapping[str, Tensor] | None = None,
    *,
    seed: int = 0,
    samples: int = 24,
    tolerance: float = 1e-5,
) -> Verification:
    """Check the gradient of every parameter and every wire.

    Runs in float64 on the CPU, on `batch` or else on a few rows of the graph's own data (random
    numbers for Inputs). At most `samples` entries of each tensor meet finite differences.
    GraphError where the graph cannot run.
    """
    steps = verifying(graph, batch, seed=seed, samples=samples, tolerance=tolerance)
    found = [step.found for step in steps if step.found is not None]
    checks = tuple(each for each in found if isinstance(each, Check))
    return Verification(checks, tuple(each for each in found if isinstance(each, Blame)))


@dataclass(frozen=True)
class Progress:
    """A step of a verification: `done` of `total`, and what it found, if anything.

    The first so many of them check `gradients`, the others each a backward call by itself.
    """

    done: int
    total: int
    gradients: int
    found: Check | Blame | None


def verifying(
    graph: Graph,
    batch: Mapping[str, Tensor] | None = None,
    *,
    seed: int = 0,
    samples: int = 24,
    tolerance: float = 1e-5,
) -> Iterator[Progress]:
    """The same step by step: first each gradient, then each backward call by itself."""
    program = compile(graph)
    session = program.start(dtype=torch.float64, seed=seed)
    fed = example_batch(graph, program, seed) if batch is None else batch
    loss = session.forward(fed)
    reached = _backward(session)
    automatic = _autograd(session)
    generator = torch.Generator().manual_seed(seed)
    ran = session.namespace.keys()
    calls = [c for c in program.backward_calls if not c.is_addition and ran >= {*c.outputs}]
    total = len(reached) + len(calls)
    for done, path in enumerate(reached, 1):
        gradient = session.gradient(path)
        size = session.value(path).numel()
        against_finite = float("inf")
        flat = torch.randperm(size, generator=generator)[:samples]
        if gradient.shape == session.value(path).shape:
            flat, finite, noise = _differences(session, path, flat, loss)
            against_finite = relative_error(gradient.flatten()[flat], finite, noise)
        is_parameter = path in program.parameters
        against_autograd = relative_error(gradient, automatic[path])
        check = Check(
            path, is_parameter, against_autograd, against_finite, len(flat), size, tolerance
        )
        yield Progress(done, total, len(reached), check)
    for done, call in enumerate(calls, len(reached) + 1):
        yield Progress(done, total, len(reached), blame(session, call, tolerance))


def _noise(loss: Tensor) -> float:
    """What rounding alone can do to a central difference."""
    return 16 * max(abs(float(loss)), 1.0) * torch.finfo(torch.float64).eps / STEP


def example_batch(graph: Graph, program: Program, seed: int = 0) -> dict[str, Tensor]:
    """A few rows for everything that a program is fed: real ones for Data, random for Input."""
    generator = torch.Generator().manual_seed(seed)
    fed: dict[str, Tensor] = {}
    for path, spec in program.feeds.items():
        id, _, port = path.partition(".")
        layer = graph.nodes[id].layer
        if isinstance(layer, Data):
            rows = data.load(**layer.source)
            some = torch.randperm(len(rows), generator=generator)[:_ROWS]
            chosen, _ = data.split(rows.take(some), 0, seed, layer.standardize)
            fed[path] = chosen.x if port == "x" else chosen.y
        else:
            shape = concrete(spec.shape, _ROWS)
            fed[path] = torch.randn(shape, generator=generator, dtype=torch.float64)
    return fed


def _backward(session: Session) -> list[str]:
    """Run the backward pass; the paths whose gradients it computed, in its order.

    It ends at a gradient of the wrong shape: nothing after it could be right, or even run.
    """
    program = session.program
    paths = {variable: path for path, variable in program.gradients.items()}
    session.start_backward()
    order = [program.loss]
    for call in program.backward_calls:
        session.run(call)
        found = [paths[variable] for variable in call.outputs if variable in paths]
        order += found
        if any(session.gradient(p).shape != session.value(p).shape for p in found):
            break
    return order


def _autograd(session: Session) -> dict[str, Tensor]:
    """Autograd's gradients of the same forward lines, by path."""
    program = session.program
    told = {"training": session.training, "seed": session.namespace["seed"]}
    namespace = source.fresh_namespace() | told | {"batch": dict(session.namespace["batch"])}
    for path in program.feeds:
        fed = namespace["batch"][path]
        if path in program.gradients:
            namespace["batch"][path] = fed.detach().clone().requires_grad_()
    for path, variable in program.parameters.items():
        namespace[variable] = session.parameters[path].detach().clone().requires_grad_()
    for path, variable in program.buffers.items():
        namespace[variable] = session.buffers[path].clone()
    with torch.enable_grad():
        for call in program.forward_calls:
            exec(program.codes[call.index], namespace)
    loss = _tensor(program, namespace, program.loss)
    if not loss.requires_grad:
        return {program.loss: torch.ones_like(loss)}
    wanted = {path: _tensor(program, namespace, path) for path in program.gradients}
    found = torch.autograd.grad(loss, list(wanted.values()), allow_unused=True)
    return {
        path: torch.zeros_like(tensor) if gradient is None else gradient
        for (path, tensor), gradient in zip(wanted.items(), found, strict=True)
    }


def _tensor(program: Program, namespace: dict[str, Any], path: str) -> Tensor:
    return namespace[program.values.get(path) or program.parameters[path]]


def _differences(
    session: Session, path: str, entries: Tensor, loss: Tensor
) -> tuple[Tensor, Tensor, float]:
    """(loss(v + h) − loss(v − h)) / 2h for some entries of one value or parameter.

    Returns the entries, without those at a kink, such as ReLU's at 0, that has no slope; their
    differences; and what of a difference means nothing: rounding, and bending within one step.
    """
    slopes = [
        (
            (loss - _nudged(session, path, int(entry), -STEP)) / STEP,
            (_nudged(session, path, int(entry), STEP) - loss) / STEP,
        )
        for entry in entries
    ]
    left, right = torch.tensor(slopes, dtype=torch.float64).reshape(-1, 2).unbind(1)
    steepest = max(left.abs().max(), right.abs().max()) if slopes else torch.zeros(())
    bend = 1e-3 * steepest + 10 * STEP * max(abs(float(loss)), 1.0)
    smooth = (right - left).abs() <= bend
    left, right = left[smooth], right[smooth]
    bending = float((right - left).abs().max()) / 2 if len(left) else 0.0
    return entries[smooth], (left + right) / 2, _noise(loss) + bending


def _nudged(session: Session, path: str, index: int, by: float) -> Tensor:
    """The loss when one entry is nudged, running only the calls after its own."""
    program = session.program
    variable = program.values.get(path) or program.parameters[path]
    namespace = dict(session.namespace)
    nudged = namespace[variable].clone(memory_format=torch.contiguous_format)
    nudged.view(-1)[index] += by
    namespace[variable] = nudged
    changed = {variable}
    with torch.no_grad():
        for call in program.forward_calls:
            if variable not in call.outputs and not changed.isdisjoint(call.inputs):
                exec(program.codes[call.index], namespace)
                changed.update(call.outputs)
    return namespace[program.values[program.loss]]
