"""`step`: a program call by call, with the numbers that each one reads and writes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from explorer.cli import calls, files, lines, showing, tables
from explorer.cli.files import Source
from explorer.cli.statistics import as_json, in_words
from explorer.graph import GraphError
from explorer.layers import shape_text
from explorer.program import Call, Stepper, TensorSummary, compile, inspect
from explorer.program.verify import example_batch
from explorer.training import Job, Trainer

VALUES = 6
"""How many of a tensor's numbers are shown."""

_SHOWN = ("output", "upstream", "gradient")


@dataclass(frozen=True)
class _Step:
    """A call that ran, with what it wrote and, going backward, the gradients it was handed."""

    call: Call
    tensors: tuple[TensorSummary, ...]


def step_through(
    file: str, backward: bool, until: str | None, show: Sequence[str], json: bool
) -> int:
    """Print each forward call on the first batch, and with `backward` each backward call.

    `until` names the call to stop behind, "fc1" or "fc1.backward"; each of `show` is a value or a
    watch expression to print in full there.
    """
    stepper = at_first_batch(files.read(file))
    program = stepper.session.program
    count = len(program.calls if backward else program.forward_calls)
    if until is not None:
        count = calls.until(program, until, backward).index + 1
    steps = [_next(stepper) for _ in range(count)]
    shown = showing.evaluated(stepper, show)
    computed = stepper.session.namespace.get(program.values[program.loss])
    loss = None if computed is None else float(computed)
    if json:
        document = {"file": file, "loss": loss, "calls": [_as_json(step) for step in steps]}
        if shown:
            document["shown"] = [showing.for_machines(*each) for each in shown]
        lines.print_json(document)
        return 0
    for step in steps:
        _show(step)
    for each in shown:
        showing.show(*each)
    if loss is not None:
        lines.say(f"{program.loss} is {loss:.6g}")
    return 0


def at_first_batch(source: Source) -> Stepper:
    """Before the first call: with the first batch of training, or, failing that, a few rows."""
    program = compile(source.graph, name=source.name)
    try:
        trainer = Trainer(Job.of(source.graph, program))
    except GraphError:
        # It has no weights to train, or Inputs that training cannot feed: it runs all the same.
        seed = source.graph.training.seed
        return Stepper(program.start(seed=seed), example_batch(source.graph, program, seed))
    return Stepper(trainer.session, trainer.batch, trainer.batch_seed)


def _next(stepper: Stepper) -> _Step:
    call = stepper.step()
    assert call is not None, "as many steps are taken as there are calls"
    tensors = inspect(stepper.session, call)
    return _Step(call, tuple(tensor for tensor in tensors if tensor.role in _SHOWN))


def _as_json(step: _Step) -> dict[str, Any]:
    call = step.call
    return {
        "phase": call.phase,
        "node": call.node,
        "text": call.text,
        "comment": call.comment,
        "tensors": [
            {
                "label": tensor.label,
                "variable": tensor.variable,
                "role": tensor.role,
                "shape": tensor.shape,
                "dtype": tensor.dtype,
                **as_json(tensor.statistics),
                "values": tensor.first[:VALUES].tolist(),
            }
            for tensor in step.tensors
        ],
    }


def _show(step: _Step) -> None:
    console = tables.console()
    console.print(step.call.comment, style="dim", soft_wrap=True)
    console.print(step.call.text, style="bold", soft_wrap=True)
    names = [
        f"{tensor.role:8}  {tensor.variable} {shape_text(tensor.shape)}" for tensor in step.tensors
    ]
    width = max(map(len, names), default=0)
    for name, tensor in zip(names, step.tensors, strict=True):
        console.print(f"  {name:{width}}  {_values(tensor)}", soft_wrap=True)
        console.print(f"            {in_words(tensor.statistics)}", style="dim", soft_wrap=True)
    console.print()


def _values(tensor: TensorSummary) -> str:
    shown = "  ".join(f"{number:.4g}" for number in tensor.first[:VALUES])
    return f"{shown}  …" if tensor.statistics.count > VALUES else shown
