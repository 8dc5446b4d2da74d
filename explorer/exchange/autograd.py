"""The autograd way: torch's operations forward, and `.backward()` for all the way back."""

from explorer.exchange import optimization, scripts
from explorer.exchange.draft import Draft
from explorer.exchange.forward import Forward
from explorer.exchange.nodes import subject
from explorer.exchange.page import Page
from explorer.graph import Graph
from explorer.program import Program

_WAY = "with torch's operations"


def page(graph: Graph, program: Program) -> Page:
    """CannotExpress where a layer does not say what it is in torch's operations."""
    draft = Draft()
    scripts.write_head(draft, graph, program)
    scripts.write_init(draft, graph, program, wants_grad=True)
    told = ["training=True"] * bool(program.modes)
    arguments = ", ".join([*scripts.arguments(program), *told])
    draft.add("", "", f"def forward({arguments}):", '    """The loss of a batch."""')
    scripts.write_unpacking(draft, program)
    forward = Forward(draft, program)
    for call in program.forward_calls:
        one = subject(graph, program, call)
        if not one.layer.feeds():
            forward.write(one, one.torch_lines(draft, _WAY), one.names)
    draft.add(f"    return {program.values[program.loss]}")
    scripts.write_training(draft, graph, program, _loop(graph, program))
    summary = scripts.summary(program, "with autograd: torch's operations and `.backward()`")
    return draft.page("autograd", program.name, summary)


def _loop(graph: Graph, program: Program) -> scripts.Loop:
    given = ", ".join(scripts.arguments(program))
    away = ", training=False" if program.modes else ""
    frozen = any(path not in program.gradients for path in program.parameters)
    weights = "parameters.values()"
    if frozen:
        weights = "[each for each in parameters.values() if each.requires_grad]"
    return scripts.Loop(
        takes="parameters",
        makes="init()",
        setup=[
            *["buffers = fresh_buffers()"] * bool(program.buffers),
            f"optimizer = {optimization.by_torch(graph.training, weights)}",
        ],
        step=[f"loss = forward({given})", *STEP],
        evaluate=["with torch.no_grad():", f"    loss = forward({given}{away})"],
    )


STEP = ("optimizer.zero_grad()", "loss.backward()", "optimizer.step()")
"""What training does with a loss, whoever computed it."""
