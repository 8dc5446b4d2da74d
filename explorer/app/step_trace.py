"""Where the stepper stands, as the canvas shows it."""

from explorer.app.canvas.overlay import StepOverlay
from explorer.app.messages import StepperMoved
from explorer.graph import Graph
from explorer.program import Program
from explorer.program.program import Phase


def trace(graph: Graph, program: Program, moved: StepperMoved) -> StepOverlay:
    """What is done, what runs, and which wires carry values or gradients."""
    current = moved.call
    forward = _nodes(program, moved.position, "forward")
    backward = _nodes(program, moved.position, "backward")
    gradients = {
        wire.target
        for wire in graph.wires.values()
        if wire.target_node in backward and wire.source in program.gradients
    }
    live: set[str] = set()
    if current is not None and not current.is_addition:
        live = {wire.target for wire in graph.wires_into(current.node)}
        if current.phase == "backward":
            live &= gradients
    elif current is not None:
        live = {wire.target for wire in graph.wires_out_of(current.node)} & gradients
    return StepOverlay(
        current=current.node if current else None,
        phase=current.phase if current else "forward",
        done_forward=forward,
        done_backward=backward,
        live_wires=frozenset(live),
        gradient_wires=frozenset(gradients),
        left_out=frozenset(program.left_out),
    )


def _nodes(program: Program, position: int, phase: Phase) -> frozenset[str]:
    calls = program.calls[:position]
    return frozenset(c.node for c in calls if c.phase == phase and not c.is_addition)
