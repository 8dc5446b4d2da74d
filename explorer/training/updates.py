"""The update that a training step ends in, weight by weight, without making it.

What is shown is what training will do, bit for bit: its optimizer's own step, on copies.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from explorer.graph import TrainingSettings
from explorer.program import Call, Operand, Program, Stepper
from explorer.program.program import Role
from explorer.training import optimizers


@dataclass(frozen=True)
class _Rule:
    """How an optimizer changes weights: what it remembers, and its formula in words of code.

    `memory` gives the name that the literature has for what torch calls by another.
    """

    formula: str
    memory: dict[str, str]


_RULES = {
    "SGD": _Rule("{new} = {w} - lr * {dw}", {}),
    "SGD with momentum": _Rule(
        "{momentum} = momentum * {momentum} + {dw}; {new} = {w} - lr * {momentum}",
        {"momentum_buffer": "momentum"},
    ),
    "Adam": _Rule(
        "{m} = β₁ * {m} + (1 - β₁) * {dw}; {v} = β₂ * {v} + (1 - β₂) * {dw}²; "
        "{new} = {w} - lr * {m} / (1 - β₁ᵗ) / (√({v} / (1 - β₂ᵗ)) + ε)",
        {"exp_avg": "m", "exp_avg_sq": "v"},
    ),
}
_MEASURES = ("lr", "ratio", "loss_before", "loss_alone", "Δloss", "loss_so_far")


def learned(program: Program) -> list[str]:
    """The parameters that training changes, by path, in the order of its optimizer."""
    return [path for path in program.parameters if path in program.gradients]


def calls(program: Program, settings: TrainingSettings) -> tuple[Call, ...]:
    """A call for the update of each parameter, as they follow the calls of a program.

    It reads the weight and its gradient. It writes the new weight and the difference; what the
    optimizer remembers from now on; and what that does: the learning rate, the length of the
    difference over that of the weight, and the loss of the same batch before, with this update
    alone, by how much that changes it, and with all up to this one.
    """
    taken = {variable for call in program.calls for variable in (*call.inputs, *call.outputs)}
    first = len(program.calls)
    return tuple(
        _call(program, path, _kind(settings), taken, first + number)
        for number, path in enumerate(learned(program))
    )


def _kind(settings: TrainingSettings) -> str:
    if settings.optimizer == "SGD" and settings.momentum:
        return "SGD with momentum"
    return settings.optimizer


def _call(program: Program, path: str, kind: str, taken: set[str], index: int) -> Call:
    node, _, name = path.partition(".")
    variable, gradient = program.parameters[path], program.gradients[path]
    rule = _RULES[kind]

    def writes(label: str, role: Role, ending: str) -> Operand:
        wanted = f"{variable}_{ending}"
        while wanted in taken:
            wanted += "_"
        return Operand(wanted, label, role)

    new = writes(f"new_{name}", "new", "new")
    memory = [writes(label, "memory", label) for label in rule.memory.values()]
    named = {"new": new.variable, "w": variable, "dw": gradient}
    named |= {operand.label: operand.variable for operand in memory}
    return Call(
        phase="update",
        node=node,
        layer=kind,
        text=rule.formula.format(**named),
        reads=(Operand(variable, name, "parameter"), Operand(gradient, f"d{name}", "gradient")),
        writes=(
            new,
            writes(f"Δ{name}", "new", "change"),
            *memory,
            *(writes(label, "measure", label) for label in _MEASURES),
        ),
        comment=f"{path} is changed by {kind}",
        index=index,
    )


@dataclass(frozen=True)
class Update:
    """One weight's update, as a step behind the calls of a program."""

    path: str
    call: Call
    makes: Callable[["Update", Stepper], None]

    def run(self, stepper: Stepper) -> None:
        self.makes(self, stepper)


class Updates:
    """The updates of all that is learned, to be stepped through behind a backward pass.

    `optimizer` is the one that training goes on with, `settings` are those of the run, and
    `as_kept` turns a gradient into the numbers that weights are kept in.
    """

    def __init__(
        self,
        program: Program,
        settings: TrainingSettings,
        optimizer: torch.optim.Optimizer,
        as_kept: Callable[[Tensor], Tensor],
    ):
        self._program = program
        self._settings, self._optimizer, self._as_kept = settings, optimizer, as_kept
        self._learned = learned(program)
        self._new: dict[str, Tensor] = {}
        self._memory: dict[tuple[str, str], Tensor] = {}
        self.steps = tuple(
            Update(path, call, self._make)
            for path, call in zip(self._learned, calls(program, settings), strict=True)
        )

    def _make(self, update: Update, stepper: Stepper) -> None:
        """Put what is found of one update into the walk's session."""
        place = self._learned.index(update.path)
        if place == 0:
            self._compute(stepper)
        session, path = stepper.session, update.path
        before, after = stepper.weight(path), self._new[path]
        change = after - before
        loss = session.value(self._program.loss)
        loss_alone = loss_so_far = stepper.loss_with({path: after})
        if place:
            so_far = self._learned[: place + 1]
            loss_so_far = stepper.loss_with({each: self._new[each] for each in so_far})
        norm = torch.linalg.vector_norm
        found = (
            after,
            change,
            *(self._memory[path, name] for name in _RULES[update.call.layer].memory),
            torch.tensor(self._settings.learning_rate, dtype=torch.float64),
            norm(change) / norm(before),
            loss,
            loss_alone,
            loss_alone - loss,
            loss_so_far,
        )
        session.namespace |= zip(update.call.outputs, found, strict=True)

    def _compute(self, stepper: Stepper) -> None:
        """Let a twin of the optimizer make its step on copies of the weights."""
        gradients = stepper.session.gradients()
        weights = [stepper.weight(path) for path in self._learned]
        wide = [self._as_kept(gradients[path]) for path in self._learned]
        new, twin = after_step(self._optimizer, self._settings, weights, wide)
        self._new = dict(zip(self._learned, new, strict=True))
        self._memory = optimizers.memory(twin, self._learned)


@torch.no_grad()
def after_step(
    optimizer: torch.optim.Optimizer,
    settings: TrainingSettings,
    weights: Sequence[Tensor],
    gradients: Sequence[Tensor],
) -> tuple[list[Tensor], torch.optim.Optimizer]:
    """The weights as the optimizer's next step leaves them, and a twin of it that has made it.

    Neither the optimizer nor the weights change.
    """
    copies = [weight.clone() for weight in weights]
    twin = optimizers.copied(optimizer, settings, copies)
    optimizers.Update(twin)(gradients)
    return copies, twin
