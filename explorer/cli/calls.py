"""Which call of a program a person means by a node's name."""

from explorer.graph import GraphError, Problem
from explorer.graph.names import unknown
from explorer.program import Call, Program


def of_node(program: Program, node: str) -> list[Call]:
    """All calls of a node; GraphError, with what may have been meant, where there is none."""
    found = [call for call in program.calls if call.node == node]
    if not found:
        known = dict.fromkeys(call.node for call in program.calls)
        raise GraphError(unknown("node", node, known))
    return found


def until(program: Program, place: str, backward: bool) -> Call:
    """The call to stop behind: "fc1.backward", or of "fc1" alone the last of those that run."""
    node, dot, phase = place.strip().partition(".")
    own = [call for call in of_node(program, node) if not call.is_addition]
    if dot and phase not in ("forward", "backward"):
        hint = f"write {node}, {node}.forward or {node}.backward"
        raise GraphError(Problem.error(f"{place} is no place to stop at", hint, node))
    wanted = [phase] if dot else ["forward", "backward"] if backward else ["forward"]
    found = [call for call in own if call.phase in wanted]
    if not found:
        has = f"it only has {' and '.join(call.phase for call in own)}"
        raise GraphError(Problem.error(f"{node} has no {phase} call", has, node))
    return found[-1]
