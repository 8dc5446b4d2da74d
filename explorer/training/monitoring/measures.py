"""What is measured of each layer at one training step.

Update over weight is the rule of thumb of Karpathy's CS231n notes, "Neural networks part 3": a step
that changes weights by about a thousandth of their norm learns neither too slowly nor too wildly.
Dead units: Maas, Hannun & Ng 2013, "Rectifier nonlinearities improve neural network acoustic
models".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.program import Session, Stepper, threads
from explorer.program.breakpoints import dead_share, is_activation
from explorer.training.pictures.gauges import gauges, norms
from explorer.training.standing import Standing

HEALTHY_RATIO = 1e-3
"""About how much of a weight's norm one update should be."""


@dataclass(frozen=True)
class LayerMeasures:
    """The numbers of one node, on all rows of a step's batch; None where it has no such number.

    Attributes:
        gradient: the norm of the gradient of its weights; of its output where none of them learns.
        ratio: the norm of what the step changes its weights by, over that of the weights.
        mean, std: of its first output's numbers.
        dead: the share, 0 to 1, of its units that give 0 in every row; of activations alone.
        learns: whether the step changes weights of it.
        is_activation: whether its units can be dead.
    """

    gradient: float | None
    ratio: float | None
    mean: float | None
    std: float | None
    dead: float | None
    learns: bool
    is_activation: bool


@dataclass(frozen=True, eq=False)
class Measured:
    """The measures of every node that runs, by id in the order of the net, at one training step.

    `edits` counts the numbers that were edited on the walk through its batch: it is measured with
    them. `is_after_gap` says that training went on unmeasured for a while before it.
    """

    step: int
    nodes: dict[str, LayerMeasures]
    edits: int = 0
    is_after_gap: bool = False


def measure(trainer: Standing) -> Measured:
    """Measure the step that a trainer stands before; it leaves no trace there."""
    batch = trainer.batch
    rows = max((len(value) for value in batch.values()), default=1)
    # Once for all calls: to change the number of threads at each takes longer than they do.
    suited = threads.suited_to(trainer.job.program.multiplications * rows)
    with torch.no_grad(), suited:
        stepper = Stepper(trainer.session.beside(), batch, trainer.batch_seed)
        stepper.begin_with(trainer.edits)
        stepper.run_to_end()
        ratios = _ratios(stepper, trainer.updated(stepper.session.gradients()))
        nodes = _of_nodes(stepper.session, ratios)
        return Measured(trainer.steps, nodes, len(trainer.edits.as_made))


def _of_nodes(session: Session, ratios: dict[str, float | None]) -> dict[str, LayerMeasures]:
    gradients, values = gauges(session), _first_outputs(session)
    spreads = _spreads(values)
    found: dict[str, LayerMeasures] = {}
    for call in session.program.forward_calls:
        node, gauge = call.node, gradients.get(call.node)
        active = is_activation(call)
        mean, std = spreads.get(node, (None, None))
        found[node] = LayerMeasures(
            gradient=gauge.norm if gauge else None,
            ratio=ratios.get(node),
            mean=mean,
            std=std,
            dead=dead_share(values[node]) if active else None,
            learns=node in ratios,
            is_activation=active,
        )
    return found


def _first_outputs(session: Session) -> dict[str, Tensor]:
    """The first output of each node."""
    found: dict[str, Tensor] = {}
    for call in session.program.forward_calls:
        port = next(operand.label for operand in call.writes if operand.role == "output")
        found[call.node] = session.value(f"{call.node}.{port}")
    return found


def _spreads(values: Mapping[str, Tensor]) -> dict[str, tuple[float, float]]:
    """Mean and standard deviation of each that has fractions, brought over in one go."""
    shown = {node: v for node, v in values.items() if v.is_floating_point() and v.numel()}
    if not shown:
        return {}
    pairs = [torch.std_mean(_at_least_float32(value), correction=0) for value in shown.values()]
    flat = torch.stack([number.double() for pair in pairs for number in pair]).tolist()
    return dict(zip(shown, zip(flat[1::2], flat[::2], strict=True), strict=True))


def _at_least_float32(value: Tensor) -> Tensor:
    return value if value.dtype == torch.float64 else value.float()


def _ratios(stepper: Stepper, after: Mapping[str, Tensor]) -> dict[str, float | None]:
    """By node how much of its weights' norm their update is, over all weights that learn.

    `after` are the session's own weights, without edits, behind the update.
    """
    before: dict[str, list[Tensor]] = {}
    change: dict[str, list[Tensor]] = {}
    for path, weight in after.items():
        node = path.partition(".")[0]
        before.setdefault(node, []).append(stepper.weight(path))
        change.setdefault(node, []).append(weight - stepper.session.parameters[path])
    sizes = zip(norms(change.values()), norms(before.values()), strict=True)
    return dict(zip(before, _shares(sizes), strict=True))


def _shares(sizes: Iterable[tuple[float, float]]) -> list[float | None]:
    return [moved / whole if whole else None for moved, whole in sizes]
