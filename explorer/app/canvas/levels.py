"""What is told of nodes, said of the cards that stand for them at the level that is shown."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from explorer.app.canvas.overlay import StepOverlay
from explorer.app.canvas.scene import GraphScene
from explorer.program.flow import Gradient


def at_level(overlay: StepOverlay, scene: GraphScene) -> StepOverlay:
    """A step as the shown level has it: a group runs while a node in it does.

    Its picture, and its gradient, are there when all of it has run.
    """
    kept = overlay.done_forward | overlay.done_backward
    if overlay.current is not None:
        kept |= {overlay.current}
    return replace(
        overlay,
        current=next(iter(_cards([overlay.current] if overlay.current else [], scene)), None),
        done_forward=_cards(overlay.done_forward, scene),
        done_backward=_cards(overlay.done_backward, scene),
        live_wires=_wires(overlay.live_wires, scene),
        gradients=_gradients(overlay.gradients, scene),
        left_out=_cards(overlay.left_out, scene) - _cards(kept, scene),
        waiting=_cards(overlay.waiting, scene),
        without_gradient=_cards(overlay.without_gradient, scene),
    )


def _cards(nodes: Iterable[str], scene: GraphScene) -> frozenset[str]:
    known = (id for id in nodes if id in scene.graph.nodes)
    return frozenset(card for id in known if (card := scene.shown_as(id)) is not None)


def _wires(targets: Iterable[str], scene: GraphScene) -> frozenset[str]:
    return frozenset(scene.fed_with(target)[0] for target in targets)


def _gradients(
    gradients: Mapping[str, tuple[Gradient, ...]], scene: GraphScene
) -> dict[str, tuple[Gradient, ...]]:
    found: dict[str, tuple[Gradient, ...]] = {}
    for target, each in gradients.items():
        shown = scene.fed_with(target)[0]
        found[shown] = (*found.get(shown, ()), *each)
    return found
