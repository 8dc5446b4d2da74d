"""Where the stepper stands, as the canvas shows it."""

from collections.abc import Iterable

from explorer.app.canvas.overlay import StepOverlay
from explorer.app.messages import StepperMoved
from explorer.graph import Graph, Wire
from explorer.graph.muting import way
from explorer.program import Program
from explorer.program.program import Call, Phase


def trace(graph: Graph, program: Program, moved: StepperMoved) -> StepOverlay:
    """What is done, what runs, and which wires carry values or gradients.

    What passes a muted node by runs along the wires before and behind it.
    """
    current = moved.call
    forward = _nodes(program, moved.position, "forward")
    backward = _nodes(program, moved.position, "backward")
    routes = [
        way(graph, wire)
        for wire in graph.wires.values()
        if not graph.nodes[wire.target_node].is_muted
    ]
    gradients = _targets(
        route
        for route in routes
        if route[0].target_node in backward and route[-1].source in program.gradients
    )
    live = _targets(route for route in routes if current and current.node == _met(route, current))
    if current is not None and current.phase == "update":
        live = frozenset()
    elif current is not None and (current.is_addition or current.phase == "backward"):
        live &= gradients
    return StepOverlay(
        current=current.node if current else None,
        phase=current.phase if current else "forward",
        done_forward=forward,
        done_backward=backward,
        live_wires=live,
        gradient_wires=gradients,
        left_out=frozenset(program.left_out),
    )


def _met(route: list[Wire], call: Call) -> str:
    """The node at the end of a route that a call is about: its reader, or where it begins."""
    return route[-1].source_node if call.is_addition else route[0].target_node


def _targets(routes: Iterable[list[Wire]]) -> frozenset[str]:
    return frozenset(wire.target for route in routes for wire in route)


def _nodes(program: Program, position: int, phase: Phase) -> frozenset[str]:
    calls = program.calls[:position]
    return frozenset(c.node for c in calls if c.phase == phase and not c.is_addition)
